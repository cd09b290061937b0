import { eachText } from "../input-error.ts";
import { readLog } from "../formats/index.ts";
import { readOptionsOf, strictFailure } from "../formats/read-options.ts";
import type { ReadResult } from "../formats/format.ts";
import type { OptionSpec, OptionValues } from "./command.ts";
import { startProgress } from "./progress.ts";
import { onTerminal } from "./wording.ts";

/** The reading options that every command with a LOG takes (DESIGN, "reading options everywhere"). */
export const readingOptions: Record<string, OptionSpec> = {
  case: { value: "COLUMN", help: "column with the case id" },
  activity: { value: "COLUMN", help: "column with the activity" },
  time: { value: "COLUMN", help: "column with the completion time" },
  start: { value: "COLUMN", help: "column with the start time" },
  "time-of-day": {
    value: "COLUMN|none",
    help: "column with the time of day for the dates in --time; none ignores it",
  },
  "start-time-of-day": {
    value: "COLUMN|none",
    help: "the same for the start: added to the dates in --start, or in --time without it",
  },
  person: { value: "COLUMN", help: "column with the person who did the work" },
  role: { value: "COLUMN", help: "column with the role or group" },
  sheet: { value: "S", help: "sheet of an XLSX file, by name or number from 1" },
  "object-type": { value: "T", help: "object type whose objects are the cases (OCEL)" },
  lifecycle: {
    value: "pairs|events|complete",
    help: "start/complete pairs as one event (default), each row, or completions only",
  },
  classifier: { value: "K,K", help: "columns whose combined values name the activity" },
  "date-order": { value: "dmy|mdy", help: "order of day and month in dates like 03/04/2025" },
  decimal: { value: ".|,", help: "decimal character of numbers like 1,234" },
  "time-zone": {
    value: "Z",
    help: "IANA zone for times without one, and for the working calendar (default UTC)",
  },
  encoding: { value: "E", help: "encoding of a text file, if not recognised" },
  separator: { value: "C", help: "separator of a delimited file, if not recognised" },
  strict: { help: "exit with code 2 if any row or value is rejected" },
};

/**
 * Reads the log of a command, with progress on a terminal; `--strict` turns any rejection into an InputError.
 */
export async function readLogOf(path: string, values: OptionValues): Promise<ReadResult> {
  const progress = startProgress(`Reading ${path}`);
  try {
    const result = await readLog(path, {
      ...readOptionsOf(values),
      onProgress: (share) => progress.update(share),
    });
    if (values["strict"] && result.report.rejected + result.report.emptied > 0)
      throw strictFailure(result.report);
    // on one's own machine the file is one's own: nothing of it is kept back
    return { ...result, report: eachText(result.report, onTerminal) };
  } finally {
    progress.stop();
  }
}
