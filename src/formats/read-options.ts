import type { Lifecycle } from "../eventlog/build-event-log.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { choose, type Choice, InputError } from "../input-error.ts";
import { describeRejection, type ReadOptions, type ReadReport } from "./format.ts";

/**
 * The reading options as the readers take them. Throws InputError for values that are not among the choices.
 */
export function readOptionsOf(values: Readonly<Record<string, unknown>>): ReadOptions {
  const text = (name: string) => (typeof values[name] === "string" ? (values[name] as string) : undefined);
  const choice = <T extends string>(name: Choice, choices: readonly T[]): T | undefined => {
    const value = text(name);
    if (value === undefined || choices.includes(value as T)) return value as T | undefined;
    throw new InputError(
      "wrong-option",
      `--${name}`,
      `${choose(name)}: expected ${choices.join(" or ")}, got "${value}".`,
    );
  };
  const separator = text("separator")?.replace("\\t", "\t").replace(/^tab$/i, "\t");
  if (separator !== undefined && (separator.length !== 1 || separator.charCodeAt(0) > 126)) {
    throw new InputError(
      "wrong-option",
      "--separator",
      `${choose("separator")}: expected one ASCII character or "tab", got "${separator}".`,
    );
  }
  const timeZone = text("time-zone");
  return {
    case: text("case"),
    activity: text("activity"),
    time: text("time"),
    start: text("start"),
    timeOfDay: text("time-of-day"),
    startTimeOfDay: text("start-time-of-day"),
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

/** What `--strict` says to a log of which anything was not accepted. */
export function strictFailure(report: ReadReport): InputError {
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
