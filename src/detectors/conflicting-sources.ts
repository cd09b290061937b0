import { cited } from "../input-error.ts";
import type { AuthoritativeRule } from "../description/description.ts";
import { textOf, timeOf, numberOf, tableLabel, type RecordTable } from "../eventlog/record-table.ts";
import type { AttributeRows } from "../eventlog/build-event-log.ts";
import { linkRecords, type MatchField } from "../matching/link-records.ts";
import { normalise, normaliseCode, normaliseCompany } from "../matching/similarity.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { plain } from "../evidence/rules/values.ts";
import { defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";

/**
 * Finds facts that two systems tell differently: tables given under one name with different tags
 * (`vendors@erp`, `vendors@crm`) are linked by their id, else by tax number or by all that they have in
 * common, and compared column by column. Spelling is no conflict: texts are compared without case and
 * punctuation, companies without their legal form, numbers within half a per cent, times by day.
 *
 * One finding per column, from `minCount` records and more than `minShare` of those that both sides fill on,
 * by the 95 % interval; columns that nearly always differ mean different things. `records` repeat the id (or
 * name both where they differ). An `authoritative` rule says which side is right.
 */
export const conflictingSources = defineDetector({
  id: "conflicting-sources",
  category: "data and reporting",
  title: "Two systems tell it differently",
  question: "Which facts differ from system to system?",
  remedy: {
    text: "Say which system is right for each field, and correct the other.",
    effort: "weeks",
    decides: "data owner",
  },
  options: { minCount: 2, minShare: 0.002, maxShare: 0.8 },

  missing: (evidence) => (versionsOf(evidence).length > 0 ? [] : [{ kind: "two versions of a table" }]),

  detect(evidence, { minCount, minShare, maxShare }) {
    const found: Observation[] = [];
    for (const [a, b] of versionsOf(evidence)) {
      const links = linked(a, b);
      if (links.length < 3) continue;
      for (const [x, y] of sharedColumns(a, b)) {
        if (x.name === a.key) continue;
        let compared = 0;
        const differing: [number, number][] = [];
        for (const [r, s] of links) {
          const same = sameValue(a, x, r, y, s);
          if (same === undefined) continue;
          compared++;
          if (!same) differing.push([r, s]);
        }
        if (differing.length < minCount || differing.length > compared * maxShare) continue;
        if (wilsonLow(differing.length, compared) < minShare) continue;
        const [keyA, keyB] = [keyOf(a), keyOf(b)];
        const rule = authoritative(evidence, a.name, x.name);
        const [r, s] = differing[0];
        found.push({
          subject: x.name,
          statement: `"${x.name}" of ${differing.length} of ${compared} ${a.name} differs between ${a.tag ?? "one table"} and ${b.tag ?? "the other"}${rule ? `; ${rule.source} is right by the description` : "; no source is named as authoritative"}.`,
          cases: evidence.casesOfRecords(
            a,
            differing.map(([row]) => row),
          ),
          outOf: evidence.log.caseCount,
          counted: { unit: a.name, count: differing.length, outOf: compared },
          records: differing.map(([p, q]): [string, string] => [
            textOf(keyA, p) || String(p + 1),
            textOf(keyB, q) || String(q + 1),
          ]),
          people: [],
          facts: [
            ["compared", `${tableLabel(a)} and ${tableLabel(b)}`],
            ...(evidence.namesSomebody(a, x) || evidence.namesSomebody(b, y)
              ? []
              : ([["for example", `"${cited(textOf(x, r))}" and "${cited(textOf(y, s))}"`]] as [
                  string,
                  string,
                ][])),
            ["authoritative", rule ? `${rule.source}, by the description` : "not said"],
          ],
        });
      }
    }
    return found.sort((f, g) => g.counted!.count - f.counted!.count);
  },
});

/** Pairs of tables that are versions of one truth. */
function versionsOf({ records }: Evidence): [RecordTable, RecordTable][] {
  return records.flatMap((a, i) =>
    records
      .slice(i + 1)
      .flatMap((b): [RecordTable, RecordTable][] => (a.name === b.name && a.tag !== b.tag ? [[a, b]] : [])),
  );
}

const keyOf = (table: RecordTable) => table.columns.find(({ name }) => name === table.key);

/** Rows of both tables that are the same object. */
function linked(a: RecordTable, b: RecordTable): [number, number][] {
  const by = (column: (t: RecordTable) => AttributeRows | undefined) => {
    const [x, y] = [column(a), column(b)];
    if (!x || !y) return [];
    const rows = new Map<string, number>();
    for (let r = 0; r < a.rowCount; r++) {
      const id = normaliseCode(textOf(x, r));
      if (id !== "") rows.set(id, r);
    }
    const pairs: [number, number][] = [];
    for (let s = 0; s < b.rowCount; s++) {
      const r = rows.get(normaliseCode(textOf(y, s)));
      if (r !== undefined) pairs.push([r, s]);
    }
    return pairs;
  };
  const enough = (pairs: unknown[]) => pairs.length >= Math.min(a.rowCount, b.rowCount) * 0.3;
  const ids = by(keyOf);
  if (enough(ids)) return ids;
  const named = (role: "tax_id") => (t: RecordTable) =>
    t.columns.find(({ name }) => name === t.roles.get(role));
  const taxes = by(named("tax_id"));
  if (enough(taxes)) return taxes;
  const shared = sharedColumns(a, b).filter(([x]) => x.kind === "dictionary");
  if (shared.length === 0) return [];
  const fields = shared.map(([x, y]): MatchField => ({
    name: x.name,
    kind: /name/i.test(x.name) ? "company" : /\d/.test(textOf(x, 0)) ? "code" : "text",
    values: [
      ...Array.from({ length: a.rowCount }, (_, r) => textOf(x, r)),
      ...Array.from({ length: b.rowCount }, (_, r) => textOf(y, r)),
    ],
  }));
  return linkRecords(fields, { split: a.rowCount }).map((pair) => [pair.a, pair.b - a.rowCount]);
}

/** Columns that both tables have, by role or by name. */
function sharedColumns(a: RecordTable, b: RecordTable): [AttributeRows, AttributeRows][] {
  return a.columns.flatMap((x) => {
    const role = [...a.roles].find(([, name]) => name === x.name)?.[0];
    const other = role && b.roles.get(role);
    const y =
      b.columns.find(({ name }) => name === other) ??
      b.columns.find(({ name }) => plain(name) === plain(x.name));
    return y ? [[x, y] as [AttributeRows, AttributeRows]] : [];
  });
}

/** Whether two cells say the same; undefined where one says nothing. */
function sameValue(
  a: RecordTable,
  x: AttributeRows,
  r: number,
  y: AttributeRows,
  s: number,
): boolean | undefined {
  const [p, q] = [textOf(x, r).trim(), textOf(y, s).trim()];
  if (p === "" || q === "") return undefined;
  if (x.kind === "time" && y.kind === "time")
    return Math.floor(timeOf(x, r) / 86_400_000) === Math.floor(timeOf(y, s) / 86_400_000);
  if (x.kind === "number" && y.kind === "number") {
    const [m, n] = [numberOf(x, r), numberOf(y, s)];
    return Math.abs(m - n) <= 0.005 * Math.max(Math.abs(m), Math.abs(n));
  }
  if (x.name === a.roles.get("name") || x.name === a.roles.get("vendor_name"))
    return normaliseCompany(p) === normaliseCompany(q);
  return (
    normalise(p).replaceAll(" ", "") === normalise(q).replaceAll(" ", "") ||
    normaliseCode(p) === normaliseCode(q)
  );
}

function authoritative(
  { described }: Evidence,
  table: string,
  column: string,
): AuthoritativeRule | undefined {
  return (described?.description.rules ?? []).find(
    (rule): rule is AuthoritativeRule =>
      "authoritative" in rule &&
      plain(rule.of) === plain(table) &&
      plain(rule.authoritative) === plain(column),
  );
}
