import { recordColumn, textOf, type RecordTable } from "../eventlog/record-table.ts";
import { withFirst } from "../matching/first-of-group.ts";
import { pairsToCompare, type MatchField } from "../matching/link-records.ts";
import { jaroWinkler, normalise, normaliseCode, normaliseCompany } from "../matching/similarity.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsTable } from "../evidence/needs.ts";
import { VENDORS } from "../evidence/table-names.ts";

/**
 * Finds vendors kept twice: the same tax number or bank account under names that are alike; names that are
 * the same but for legal form, case and punctuation, with nothing that speaks against it; nearly the same
 * name with the same address, telephone or mail. Another tax number and another account speak against it.
 *
 * One finding per table; `records` are pairs of ids, each further one with the first. It has no price of its
 * own: what it costs shows in `duplicate-payment`. Compares those that share a rare word, number or address,
 * not all with all.
 */
export const duplicateVendor = defineDetector({
  id: "duplicate-vendor",
  category: "data and reporting",
  title: "Vendors kept twice",
  question: "Which vendors are kept more than once?",
  remedy: {
    text: "Merge the records; check tax number and account when a vendor is created.",
    effort: "weeks",
    decides: "data owner",
  },
  options: { minPairs: 1 },

  missing: (evidence) => {
    const needs = needsTable(evidence, VENDORS, "vendors");
    if (needs.length > 0) return needs;
    return evidence
      .tables(VENDORS)
      .some(({ roles }) => roles.has("name") || roles.has("tax_id") || roles.has("bank_account"))
      ? []
      : [{ kind: "table columns", table: "vendors", columns: ["name", "tax_id", "bank_account"], any: true }];
  },

  detect: (evidence, { minPairs }) =>
    evidence.distinctTables(VENDORS).flatMap((table): Observation[] => {
      const pairs = sameVendors(table);
      if (pairs.length < minPairs) return [];
      const key = table.columns.find(({ name }) => name === table.key);
      const id = (r: number) => textOf(key, r) || String(r + 1);
      const reasons = new Map<string, number>();
      for (const { because } of pairs) reasons.set(because, (reasons.get(because) ?? 0) + 1);
      return [
        {
          subject: table.name,
          statement: `${pairs.length} of ${table.rowCount} ${table.name}${table.tag ? ` (${table.tag})` : ""} are kept under another number already.`,
          cases: caseSet([]),
          outOf: evidence.log.caseCount,
          counted: { unit: table.name, count: pairs.length, outOf: table.rowCount },
          records: pairs.map(({ a, b }): [string, string] => [id(a), id(b)]),
          people: [],
          facts: [...reasons].map(([because, n]): [string, string] => [because, String(n)]),
        },
      ];
    }),
});

interface SameVendor {
  a: number;
  b: number;
  because: string;
}

/** Pairs of rows that are one vendor, each further one with the first. */
function sameVendors(table: RecordTable): SameVendor[] {
  const text = (role: Parameters<typeof recordColumn>[1]) => {
    const column = recordColumn(table, role);
    return Array.from({ length: table.rowCount }, (_, r) => textOf(column, r));
  };
  const [names, taxes, banks, addresses, cities, postCodes, phones, emails] = (
    ["name", "tax_id", "bank_account", "address", "city", "post_code", "phone", "email"] as const
  ).map(text);
  const name = names.map(normaliseCompany);
  const code = (list: string[]) => list.map(normaliseCode);
  const [tax, bank, phone, email] = [
    code(taxes),
    code(banks),
    code(phones),
    emails.map((e) => e.trim().toLowerCase()),
  ];
  const place = addresses.map((address, r) => normalise(`${address} ${postCodes[r]} ${cities[r]}`));
  const fields: MatchField[] = [
    { name: "name", kind: "company", values: names },
    { name: "tax", kind: "code", values: taxes },
    { name: "bank", kind: "code", values: banks },
    { name: "address", kind: "text", values: addresses },
    { name: "phone", kind: "code", values: phones },
    { name: "email", kind: "code", values: emails },
  ];
  const compare = (list: string[], a: number, b: number): "same" | "other" | "unknown" =>
    list[a] === "" || list[b] === "" ? "unknown" : list[a] === list[b] ? "same" : "other";

  const found: SameVendor[] = [];
  for (const [a, b] of pairsToCompare(fields)) {
    const [sameTax, sameBank] = [compare(tax, a, b), compare(bank, a, b)];
    const alike = nameLikeness(name[a], name[b]);
    const contact =
      compare(place, a, b) === "same" || compare(phone, a, b) === "same" || compare(email, a, b) === "same";
    const against = (sameTax === "other" ? 1 : 0) + (sameBank === "other" ? 1 : 0);
    const because =
      sameTax === "same" && (alike >= 0.6 || sameBank === "same" || contact)
        ? sameBank === "same"
          ? "the same tax number and bank account"
          : "the same tax number"
        : sameBank === "same" && (alike >= 0.9 || (alike >= 0.6 && sameTax !== "other"))
          ? "the same bank account and a similar name"
          : alike === 1 && name[a] !== "" && (against === 0 || (against === 1 && contact))
            ? "the same name"
            : alike >= 0.92 && contact && against < 2 && sameTax !== "other"
              ? "a similar name and the same address, telephone or mail"
              : undefined;
    if (because) found.push({ a, b, because });
  }
  return withFirst(found, (a, b) => a < b).map(({ first, other, because }) => ({
    a: first,
    b: other,
    because,
  }));
}

/** How alike two names of companies are, 0 to 1: by letters, or one being the other with more words. */
function nameLikeness(a: string, b: string): number {
  if (a === "" || b === "") return 0;
  if (a === b) return 1;
  const letters = jaroWinkler(a.replaceAll(" ", ""), b.replaceAll(" ", ""));
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const words = new Set(long.split(" "));
  const within = short.includes(" ") && short.split(" ").every((word) => words.has(word));
  // jaro-winkler of unrelated names is about a half
  return Math.max(within ? 0.85 : 0, (letters - 0.5) * 2);
}
