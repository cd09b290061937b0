import { isMissing } from "../../eventlog/event-log.ts";
import type { Summary } from "./summary.ts";

/**
 * Of one column: how many rows it has (events, or cases, by its scope), and how many of them without a value.
 */
export interface MissingValues {
  name: string;
  scope: "event" | "case";
  rows: number;
  missing: number;
}

/**
 * In how many rows does each column have no value? A column that a part does not have has no rows there.
 * Columns are the same where name and scope are: a log whose cases each hold one value keeps it by case,
 * another by event, and then they are two.
 */
export const missingValues: Summary<MissingValues[]> = {
  id: "missing-values",
  of(log, cases) {
    const total = cases?.length ?? log.caseCount;
    return log.columns.map((column): MissingValues => {
      const { name, scope } = column;
      if (!cases)
        return {
          name,
          scope,
          rows: scope === "case" ? log.caseCount : log.eventCount,
          missing: column.missing,
        };
      let [rows, missing] = [0, 0];
      for (let i = 0; i < total; i++) {
        const [from, to] =
          scope === "case"
            ? [cases[i], cases[i] + 1]
            : [log.caseStart[cases[i]], log.caseStart[cases[i] + 1]];
        rows += to - from;
        for (let row = from; row < to; row++) if (isMissing(column, row)) missing++;
      }
      return { name, scope, rows, missing };
    });
  },
  merge(a, b) {
    const merged = a.map((one) => ({ ...one }));
    for (const other of b) {
      const known = merged.find(({ name, scope }) => name === other.name && scope === other.scope);
      if (known) {
        known.rows += other.rows;
        known.missing += other.missing;
      } else merged.push({ ...other });
    }
    return merged;
  },
  empty: [],
};
