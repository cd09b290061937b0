import { withChoices, type Choice } from "../input-error.ts";

/** The fields of pages on which something is chosen. */
export const FIELDS: Record<Choice, string> = {
  case: "Case",
  activity: "Activity",
  time: "Time",
  start: "Begin",
  "time-of-day": "Time of day",
  "start-time-of-day": "Time of day of the begin",
  person: "Person",
  role: "Role",
  sheet: "Sheet",
  "object-type": "A case is an object of type",
  lifecycle: "Begins and ends",
  classifier: "An activity is told by",
  "date-order": "Dates",
  decimal: "Decimals",
  "time-zone": "Times without a zone are of",
  encoding: "Encoding",
  separator: "Separator",
  pool: "Pool",
  sign: "Sign off",
  approvals: "Steps that are approvals",
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
  events: "each row an event",
};

/** A message of a reader or a note as pages and reports say it: fields of pages in place of options. */
export const onPages = (message: string): string =>
  withChoices(message, (choice, value) => {
    const chosen = Object.hasOwn(VALUES, value) ? VALUES[value] : value;
    return `“${FIELDS[choice]}”${chosen === "" ? "" : ` (${chosen})`}`;
  });
