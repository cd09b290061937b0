/** What a row is told whose time of day is none. */
export const EXPECTED_TIME_OF_DAY = "a time of day like 09:30";

/** What was met when dates and times of day were joined. */
export interface JoinCounts {
  /** dates without a time of day */
  empty: number;
  /** dates that had a time of their own, in whose place the time of day came */
  replaced: number;
}

/**
 * What a person should know about how the dates of one column and the times of day of another became
 * instants.
 */
export function joinNotes(date: string, clock: string, { empty, replaced }: JoinCounts): string[] {
  const rows = (n: number) => (n === 1 ? "1 row has" : `${n} rows have`);
  return [
    ...(empty > 0
      ? [
          `${rows(empty)} a date in "${date}" and no time of day in "${clock}"; ${empty === 1 ? "it stands" : "they stand"} at 00:00.`,
        ]
      : []),
    ...(replaced > 0
      ? [`${rows(replaced)} a time in "${date}" already; that of "${clock}" was taken instead.`]
      : []),
  ];
}
