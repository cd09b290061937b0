import { withChoices, type Choice } from "../input-error.ts";

/** The fields of pages on which something is chosen. */
export const FIELDS: Record<Choice, string> = {
  case: "Case",
  activity: "Activity",
  time: "Time",
  start: "Start",
  "time-of-day": "Time of day",
  "start-time-of-day": "Time of day of the start",
  person: "Person",
  role: "Role",
  sheet: "Worksheet",
  "object-type": "A case is an object of type",
  lifecycle: "Starts and ends",
  classifier: "Columns that name the activity",
  "date-order": "Dates",
  decimal: "Decimals",
  "time-zone": "Zone of times without one",
  encoding: "Encoding",
  separator: "Separator",
  pool: "Pool",
  sign: "Sign off",
  approvals: "Approval steps",
  rates: "Rates",
};

/** What can be chosen, as the fields of pages call it. */
const VALUES: Record<string, string> = {
  COLUMN: "",
  "KEY,KEY": "",
  none: "none",
  dmy: "day first",
  mdy: "month first",
  ".": "a point",
  ",": "a comma",
  complete: "completions only",
  events: "each row as its own event",
};

/** A message of a reader or a note as pages and reports say it: fields of pages in place of options. */
export const onPages = (message: string): string =>
  withChoices(message, (choice, value) => {
    const chosen = Object.hasOwn(VALUES, value) ? VALUES[value] : value;
    return `“${FIELDS[choice]}”${chosen === "" ? "" : ` (${chosen})`}`;
  });
