import type { Column, EventLog } from "../src/eventlog/event-log.ts";
import { tableToLog } from "../src/formats/table.ts";
import { Rejections } from "../src/formats/format.ts";
import { TableBuilder, asNames } from "../src/formats/table-builder.ts";

const HOUR = 3_600_000;
/** Monday 6 January 2025, 09:00 UTC */
export const MONDAY = Date.UTC(2025, 0, 6, 9);

/** A log drawn in a test: one string a case, activities one hour apart; "A/ana" is A done by ana. */
export function logOf(...cases: string[]): EventLog {
  return logOfRows(
    cases.flatMap((text, c) =>
      text
        .split(" ")
        .filter((word) => word !== "")
        .map((word, i) => {
          const [activity, person] = word.split("/");
          return { case: `c${c + 1}`, activity, time: MONDAY + (c * 24 + i) * HOUR, person };
        }),
    ),
  );
}

export interface TestRow {
  case: string;
  activity: string;
  time: number;
  start?: number;
  person?: string;
  role?: string;
  [attribute: string]: string | number | undefined;
}

/** A log from rows; times in ms since epoch, further keys are attributes. */
export function logOfRows(rows: TestRow[]): EventLog {
  const builder = new TableBuilder();
  rows.forEach((row, i) => {
    for (const [name, value] of Object.entries(row)) {
      if (name === "time" || name === "start") builder.column(name).setTime(i, value as number);
      else if (value !== undefined) builder.set(i, name, value);
    }
  });
  const table = builder.finish(rows.length);
  const has = (name: string) => table.columns.some((column) => column.name === name);
  const names = ["case", "activity", "time", "start", "person", "role"] as const;
  const recognised = names.filter(has).map((role) => ({ role, column: role, how: "given" as const }));
  table.columns = table.columns.map((column) =>
    ["case", "activity", "person", "role"].includes(column.name) ? asNames(column) : column,
  );
  return tableToLog(
    table,
    recognised,
    {},
    {
      file: "test",
      format: "test",
      read: rows.length,
      rejections: new Rejections(),
      emptied: new Rejections(),
      notes: [],
    },
  ).log;
}

/** The column with this name. */
export function columnOf(log: EventLog, name: string): Column {
  const column = log.columns.find((c) => c.name === name);
  if (!column)
    throw new Error(`the log has no column "${name}": ${log.columns.map((c) => c.name).join(", ")}`);
  return column;
}
