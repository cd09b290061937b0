import { eachText } from "../input-error.ts";
import { readLog } from "../formats/index.ts";
import { readOptionsOf, strictFailure } from "../formats/read-options.ts";
import type { ReadResult } from "../formats/format.ts";
import type { OptionSpec, OptionValues } from "./command.ts";
import { startProgress } from "./progress.ts";
import { onTerminal } from "./wording.ts";

/** The reading options that every command with a LOG takes (DESIGN, "reading options everywhere"). */
export const readingOptions: Record<string, OptionSpec> = {
  case: { value: "COLUMN", help: "column that names the case" },
  activity: { value: "COLUMN", help: "column that names the activity" },
  time: { value: "COLUMN", help: "column with the time of completion" },
  start: { value: "COLUMN", help: "column with the time of the begin" },
  "time-of-day": {
    value: "COLUMN|none",
    help: "column with the times of day of the dates in --time; none leaves them aside",
  },
  "start-time-of-day": {
    value: "COLUMN|none",
    help: "the same of the begin, on the dates in --start, else in --time",
  },
  person: { value: "COLUMN", help: "column with the person who did it" },
  role: { value: "COLUMN", help: "column with the role or group" },
  sheet: { value: "S", help: "sheet of an XLSX file, by name or number from 1" },
  "object-type": { value: "T", help: "object type whose objects are the cases (OCEL)" },
  lifecycle: {
    value: "pairs|events|complete",
    help: "start/complete pairs become one event (default); each row; completions only",
  },
  classifier: { value: "K,K", help: "columns whose values together name the activity" },
  "date-order": { value: "dmy|mdy", help: "how dates like 03/04/2025 are to be read" },
  decimal: { value: ".|,", help: "decimal character of numbers like 1,234" },
  "time-zone": {
    value: "Z",
    help: "IANA zone of times that carry none, and of the working calendar (default UTC)",
  },
  encoding: { value: "E", help: "encoding of a text file, when it is not recognised" },
  separator: { value: "C", help: "separator of a delimited file, when it is not recognised" },
  strict: { help: "any rejected row or value ends with exit code 2" },
};

/** Reads the log of a command, with progress on a terminal; `--strict` turns any rejection into an InputError. */
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
