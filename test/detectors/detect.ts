import { basename } from "node:path";
import { afterAll, expect } from "vitest";
import { descriptionSchema, type Description } from "../../src/description/description.ts";
import { detectors } from "../../src/detectors/index.ts";
import type { Detector, Observation } from "../../src/detectors/detector.ts";
import { WorkCalendar } from "../../src/eventlog/calendar.ts";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { UTC } from "../../src/eventlog/time-zone.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { textOf, type RecordTable } from "../../src/eventlog/record-table.ts";
import { Evidence, type EvidenceOptions } from "../../src/evidence/evidence.ts";
import { readRecords } from "../../src/formats/records.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";
import { logOf, logOfRows, type TestRow } from "../log-of.ts";

/** Monday to Friday, 09:00 to 17:00: eight hours a day, so that waits can be counted by hand. */
export const OFFICE = new WorkCalendar(
  Array.from({ length: 7 }, (_, day) => (day < 5 ? [540, 1020] : undefined)),
  UTC,
  "given",
  { from: Date.UTC(2024, 11, 1), to: Date.UTC(2027, 0, 1) },
);

/** What a detector saw, as a test reads it: names instead of numbers. */
export interface Seen extends Omit<Observation, "cases" | "people" | "cost"> {
  cases: string[];
  people: string[];
  /** "case activity" for rows of the log, ids for rows of a table, with their quantities */
  cost?: { kind: string; currency?: string; rows: Record<string, number> };
}

const found = new Set<string>();

// In the file named as a detector that detector must find something once, or all its tests would pass with
// `return []`. Not asked where only some tests of a file are run.
// oxlint-disable-next-line no-empty-pattern -- vitest wants the first argument destructured
afterAll(({}, suite) => {
  const id = basename(expect.getState().testPath ?? "", ".test.ts");
  if (suite.tasks.every(({ mode }) => mode === "run") && detectors.some((detector) => detector.id === id))
    expect([...found], "detectors that found something in their own file").toContain(id);
});

type Log = readonly TestRow[] | EventLog;

const isRows = (log: Log): log is readonly TestRow[] => Array.isArray(log);

/** Evidence from rows or a log. */
export function evidenceOf(log: Log, options: EvidenceOptions = {}): Evidence {
  return new Evidence(isRows(log) ? logOfRows([...log]) : log, options);
}

/** What a detector sees in a log; it must lack nothing. `changed` are thresholds other than its own. */
export function observe<O extends object>(
  detector: Detector<O>,
  log: Log,
  given: EvidenceOptions = {},
  changed: Partial<O> = {},
): Seen[] {
  const evidence = evidenceOf(log, given);
  expect(detector.missing(evidence)).toEqual([]);
  const seen = detector.detect(evidence, { ...detector.options, ...changed });
  if (seen.length > 0) found.add(detector.id);
  return seen.map((observation) => inNames(observation, evidence));
}

function inNames({ cases, people, cost, ...rest }: Observation, { log, caseOf }: Evidence): Seen {
  const caseName = (c: number) => nameAt(log.caseIds, c);
  const rowName = (row: number) =>
    cost?.table
      ? textOf(
          cost.table.columns.find(({ name }) => name === cost.table!.key),
          row,
        )
      : `${caseName(caseOf[row])} ${nameAt(log.activities, log.activity[row])}`;
  return {
    ...rest,
    cases: Array.from(cases, caseName),
    people: people.map((p) => nameAt(log.people, p)),
    ...(cost
      ? {
          cost: {
            kind: cost.kind,
            ...(cost.currency === undefined ? {} : { currency: cost.currency }),
            rows: Object.fromEntries(
              Array.from(cost.rows, (row, i) => [rowName(row), Math.round(cost.quantity[i] * 1e6) / 1e6]),
            ),
          },
        }
      : {}),
  };
}

/** A description from what a file would say. */
export const descriptionOf = (said: object): Description => descriptionSchema.parse(said);

const { file } = temporaryFiles();
let count = 0;

/** A table of records from CSV text. */
export const table = async (name: string, csv: string, tag?: string): Promise<RecordTable> =>
  (await readRecords(file(csv, `${name}-${count++}.csv`), name, tag)).table;

/** A log that says nothing, for what shows in records alone; cases c1 to c40. */
export const quietLog = logOf(...Array.from({ length: 40 }, () => "A B"));

/** What a detector sees in record tables beside a log that says nothing. */
export function observeRecords<O extends object>(
  detector: Detector<O>,
  records: RecordTable[],
  rules: object[] = [],
  changed: Partial<O> = {},
): Seen[] {
  const description = descriptionOf({ process: "p", flow: ["A", "B"], rules });
  return observe(detector, quietLog, { records, description }, changed);
}
