import { z } from "zod";
import type { Column, EventLog } from "../eventlog/event-log.ts";
import { casesWhere, type CaseSelection } from "../eventlog/select-cases.ts";
import { allNames, nameAt, type Strings } from "../eventlog/strings.ts";
import { variantIds } from "./variant-id.ts";

const name = z.string().max(1000);
const names = z.array(name).max(1000);
const instant = z.iso.datetime({ offset: true }).or(z.iso.date());

/** Which cases are looked at. Every part narrows; one that is left out narrows nothing. */
export const filterSchema = z.strictObject({
  from: instant.optional().describe("cases that began at or after this instant"),
  to: instant.optional().describe("cases that began before this instant"),
  with: names.optional().describe("cases that have each of these activities"),
  without: names.optional().describe("cases that have none of these activities"),
  follows: z
    .tuple([name.nullable(), name.nullable()])
    .optional()
    .describe("cases in which the second activity comes directly after the first; null is the begin or end"),
  variant: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional()
    .describe("cases of this variant"),
  values: z
    .record(z.string().max(200), names)
    .optional()
    .describe("cases that have one of these values in the column"),
  roles: names.optional().describe("cases in which one of these roles did something"),
  people: z
    .array(z.int().positive())
    .max(1000)
    .optional()
    .describe("cases in which one of these people (by number) did something"),
  longerThanHours: z.number().nonnegative().optional(),
  shorterThanHours: z.number().nonnegative().optional(),
  id: z.string().max(200).optional().describe("cases whose id contains this"),
  finding: z
    .string()
    .regex(/^[0-9a-f]{10}$/)
    .optional()
    .describe("cases behind this finding"),
  claim: z
    .string()
    .regex(/^[0-9a-f]{10}$/)
    .optional()
    .describe("cases that speak against this claim"),
  readiness: z
    .string()
    .regex(/^[0-9a-f]{10}$/)
    .optional()
    .describe("cases that speak against this claim of a step's readiness"),
  question: z.int().min(1).max(30).optional().describe("cases that speak against what this question asks"),
});

export type Filter = z.infer<typeof filterSchema>;

/** The filter with the cases behind a finding or claim in place of its id. */
export type ResolvedFilter = Omit<Filter, "finding" | "claim" | "readiness" | "question"> & {
  cases?: readonly string[];
};

/**
 * Which cases does a filter keep? Undefined where it narrows nothing. A name that the log does not know
 * matches no case. One pass over what is left for each part, the cheapest parts first.
 */
export function selectCases(log: EventLog, filter: ResolvedFilter): CaseSelection | undefined {
  let kept: CaseSelection | undefined;
  const narrow = (keep: (c: number, from: number, to: number) => boolean) => {
    kept = casesWhere(log, keep, kept);
  };
  const begin = log.start ?? log.time;

  if (filter.cases) {
    const wanted = new Set(filter.cases);
    narrow((c) => wanted.has(nameAt(log.caseIds, c)));
  }
  if (filter.id !== undefined) {
    const part = filter.id.toLowerCase();
    narrow((c) => nameAt(log.caseIds, c).toLowerCase().includes(part));
  }
  if (filter.from !== undefined || filter.to !== undefined) {
    const from = filter.from === undefined ? -Infinity : Date.parse(filter.from);
    const to = filter.to === undefined ? Infinity : Date.parse(filter.to);
    narrow((_, first) => begin[first] >= from && begin[first] < to);
  }
  if (filter.longerThanHours !== undefined || filter.shorterThanHours !== undefined) {
    const least = (filter.longerThanHours ?? -Infinity) * 3_600_000;
    const most = (filter.shorterThanHours ?? Infinity) * 3_600_000;
    narrow((_, first, end) => {
      const length = log.time[end - 1] - begin[first];
      return length > least && length < most;
    });
  }
  for (const [column, values] of Object.entries(filter.values ?? {})) {
    const found = log.columns.find((one) => one.name === column);
    narrow(found ? hasValue(found, values) : () => false);
  }
  if (filter.roles) narrow(anyRow(log.role, log.roles.length, codesOf(log.roles, filter.roles)));
  if (filter.people) narrow(anyRow(log.person, log.people.length, filter.people));
  const activities = filter.with || filter.without || filter.follows ? allNames(log.activities) : [];
  for (const one of filter.with ?? [])
    narrow(anyRow(log.activity, activities.length, [activities.indexOf(one)]));
  if (filter.without) {
    const has = anyRow(log.activity, activities.length, codesOf(log.activities, filter.without));
    narrow((c, from, to) => !has(c, from, to));
  }
  if (filter.follows) {
    const [first, second] = filter.follows;
    const a = first === null ? null : activities.indexOf(first);
    const b = second === null ? null : activities.indexOf(second);
    const { activity } = log;
    narrow((_, from, to) => {
      if (a === null) return b === null || activity[from] === b;
      if (b === null) return activity[to - 1] === a;
      for (let e = from + 1; e < to; e++) if (activity[e - 1] === a && activity[e] === b) return true;
      return false;
    });
  }
  if (filter.variant !== undefined) {
    const idOf = variantIds(log);
    narrow((c) => idOf(c) === filter.variant);
  }
  return kept;
}

const codesOf = (strings: Strings, wanted: readonly string[]): Set<number> => {
  const all = allNames(strings);
  return new Set(wanted.map((one) => all.indexOf(one)).filter((code) => code >= 0));
};

/**
 * True for cases in which one of the codes below `size` occurs. A mark for each code: a look into a set for
 * each event would be ten times as slow.
 */
function anyRow(codes: ArrayLike<number> | undefined, size: number, wanted: Iterable<number>) {
  const marks = new Uint8Array(size);
  for (const code of wanted) if (code >= 0 && code < size) marks[code] = 1;
  return (_: number, from: number, to: number) => {
    if (codes) for (let e = from; e < to; e++) if (marks[codes[e]] === 1) return true;
    return false;
  };
}

function hasValue(column: Column, values: readonly string[]) {
  if (column.kind === "number" || column.kind === "time") {
    const rows = column.kind === "number" ? column.numbers : column.times;
    const wanted = new Set(
      values.map((text) => (column.kind === "number" ? Number(text) : Date.parse(text))),
    );
    return (c: number, from: number, to: number) => {
      if (column.scope === "case") return wanted.has(rows[c]);
      for (let e = from; e < to; e++) if (wanted.has(rows[e])) return true;
      return false;
    };
  }
  const codes = codesOf(column.values, values);
  if (values.includes("")) codes.add(0);
  const inRows = anyRow(column.codes, column.values.length, codes);
  return (c: number, from: number, to: number) =>
    column.scope === "case" ? codes.has(column.codes[c]) : inRows(c, from, to);
}
