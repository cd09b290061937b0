import { InputError } from "../input-error.ts";
import type { Lifecycle } from "../eventlog/build-event-log.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { readLog } from "../sources/index.ts";
import { describeRejection, type ReadOptions, type ReadReport, type ReadResult } from "../sources/source.ts";
import type { OptionSpec, OptionValues } from "./command.ts";
import { startProgress } from "./progress.ts";

/** The reading options that every command with a LOG takes (DESIGN, "reading options everywhere"). */
export const readingOptions: Record<string, OptionSpec> = {
  case: { value: "COLUMN", help: "column that names the case" },
  activity: { value: "COLUMN", help: "column that names the activity" },
  time: { value: "COLUMN", help: "column with the time of completion" },
  start: { value: "COLUMN", help: "column with the time of the begin" },
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

/** The reading options as the readers take them. Throws InputError for values that are not among the choices. */
export function readOptionsOf(values: OptionValues): ReadOptions {
  const text = (name: string) => (typeof values[name] === "string" ? (values[name] as string) : undefined);
  const choice = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = text(name);
    if (value === undefined || choices.includes(value as T)) return value as T | undefined;
    throw new InputError(
      "wrong-option",
      `--${name}`,
      `--${name}: expected ${choices.join(" or ")}, got "${value}".`,
    );
  };
  const separator = text("separator")?.replace("\\t", "\t").replace(/^tab$/i, "\t");
  if (separator !== undefined && (separator.length !== 1 || separator.charCodeAt(0) > 126)) {
    throw new InputError(
      "wrong-option",
      "--separator",
      `--separator: expected one ASCII character or "tab", got "${separator}".`,
    );
  }
  const timeZone = text("time-zone");
  return {
    case: text("case"),
    activity: text("activity"),
    time: text("time"),
    start: text("start"),
    person: text("person"),
    role: text("role"),
    sheet: text("sheet"),
    objectType: text("object-type"),
    lifecycle: choice<Lifecycle>("lifecycle", ["pairs", "events", "complete"]),
    classifier: text("classifier")
      ?.split(",")
      .map((key) => key.trim())
      .filter((key) => key !== ""),
    dateOrder: choice("date-order", ["dmy", "mdy"]),
    decimal: choice("decimal", [".", ","]),
    // made once here, so that an unknown name is refused before a long reading
    timeZone: timeZone === undefined ? undefined : new TimeZone(timeZone).name,
    encoding: text("encoding"),
    separator,
  };
}

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
    return result;
  } finally {
    progress.stop();
  }
}

function strictFailure(report: ReadReport): InputError {
  const problems = [...report.rejections, ...report.emptiedValues]
    .slice(0, 20)
    .map((r) => describeRejection(report.file, r));
  const total = report.rejected + report.emptied;
  const more = total > problems.length ? `\n… and ${total - problems.length} more` : "";
  return new InputError(
    "strict",
    report.file,
    `${problems.join("\n")}${more}\n${report.rejected} rows and ${report.emptied} values were not accepted, and --strict asks for none. Correct them, or read without --strict.`,
  );
}
