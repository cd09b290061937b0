import { isMissing, type Column } from "../eventlog/event-log.ts";
import type { RecordTable } from "../eventlog/record-table.ts";
import { allNames, type Strings } from "../eventlog/strings.ts";
import type { Evidence } from "./evidence.ts";

/** Columns of records that say who somebody is or how to reach them, by their names. */
const SAYS_WHO =
  /contact|person|employee|requester|requestor|responsible|handler|buyer|signatory|clerk|user|mail|phone|bearbeiter|ansprech|mitarbeiter/i;

/** A column of names or codes. */
export type NameColumn = Extract<Column, { kind: "dictionary" | "text" }>;

/**
 * Columns that hold names or codes, also where the codes are whole numbers: at most 60 different ones that
 * are not an amount, a quantity or a counter by name.
 */
export function nameColumns(evidence: Evidence): NameColumn[] {
  return evidence.log.columns.flatMap((column): NameColumn[] => {
    if (column.kind === "dictionary" || column.kind === "text") return [column];
    return column.kind === "number" ? numberCodes(column) : [];
  });
}

/** Columns of names that tell kinds of cases apart: few values, each used often, one value a case. */
export function caseKinds(evidence: Evidence): NameColumn[] {
  const names = new Set(evidence.log.people.length <= 100_000 ? allNames(evidence.log.people) : []);
  return evidence.nameColumns.filter(({ kind, values, missing, codes }) => {
    if (kind !== "dictionary" || values.length <= 2 || values.length > 61 || missing === codes.length)
      return false;
    return !holdsNamesOf(values, names);
  });
}

/** The value of a column of names for each case: the first one recorded in it. */
export function valuesOfCases(evidence: Evidence, column: NameColumn): Uint32Array {
  const { caseCount, caseStart } = evidence.log;
  if (column.scope === "case") return Uint32Array.from(column.codes);
  const values = new Uint32Array(caseCount);
  for (let c = 0; c < caseCount; c++) {
    for (let e = caseStart[c]; e < caseStart[c + 1] && values[c] === 0; e++) values[c] = column.codes[e];
  }
  return values;
}

/** For a column of events: the share of its cases in which a value stands first at each activity. */
export function entryShares(evidence: Evidence, column: Column): Float64Array {
  const { caseCount, caseStart, activity } = evidence.log;
  const first = new Float64Array(evidence.activityNames.length);
  let cases = 0;
  for (let c = 0; c < caseCount; c++) {
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      if (isMissing(column, column.scope === "case" ? c : e)) continue;
      first[activity[e]]++;
      cases++;
      break;
    }
  }
  return first.map((n) => n / (cases || 1));
}

/** Whether a column of names holds people ("responsible"): it says who, not what kind of case. */
export function holdsPeople(evidence: Evidence, { values }: Pick<NameColumn, "values">): boolean {
  return (
    values.length <= 100_000 &&
    evidence.log.people.length <= 100_000 &&
    holdsNamesOf(values, new Set(allNames(evidence.log.people)))
  );
}

/**
 * Whether a column of a record table says who somebody is or how to reach them: no statement and no page
 * quotes it.
 */
export function namesSomebody(
  evidence: Evidence,
  table: RecordTable,
  column: RecordTable["columns"][number],
): boolean {
  const naming = (["approver", "owner", "email", "phone"] as const).some(
    (role) => table.roles.get(role) === column.name,
  );
  return (
    naming || SAYS_WHO.test(column.name) || (column.kind === "dictionary" && holdsPeople(evidence, column))
  );
}

function holdsNamesOf(values: Strings, people: Set<string>): boolean {
  const known = allNames(values).filter((name) => name !== "" && people.has(name)).length;
  return known > 0 && known >= (values.length - 1) * 0.5;
}

/** The column of cases that says when a case ended, where the source keeps one. */
export function caseEndColumn(evidence: Evidence): Extract<Column, { kind: "time" }> | undefined {
  return evidence.log.columns.find(
    (column): column is Extract<Column, { kind: "time" }> =>
      column.kind === "time" && column.scope === "case" && isEndColumn(column.name),
  );
}

function numberCodes(column: Extract<Column, { kind: "number" }>): NameColumn[] {
  const { name, scope, missing, numbers } = column;
  if (
    /amount|value|price|total|quantity|qty|count|hours|days|duration|percent|rate\b|betrag|preis|menge|anzahl|stunden|index|order$/i.test(
      name,
    )
  )
    return [];
  const known = new Map<number, number>();
  const codes = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i];
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return [];
    let code = known.get(value);
    if (code === undefined) {
      if (known.size === 60) return [];
      known.set(value, (code = known.size + 1));
    }
    codes[i] = code;
  }
  return [
    { name, scope, missing, kind: "dictionary", codes, values: ["", ...Array.from(known.keys(), String)] },
  ];
}

/** Whether a column names the time at which a case ended, not the one by which it should. */
export function isEndColumn(name: string): boolean {
  return (
    /(end|close|closed|closing|complet|finish|resol)\w*[\s_-]*(date|time|at|on)?$|abgeschlossen|beendet|^ende$/i.test(
      name,
    ) && !/plan|due|target|expected|deadline|sla|soll/i.test(name)
  );
}
