import { InputError } from "../input-error.ts";
import { alignLog, spaceOf } from "../conformance/align-log.ts";
import { rootCauses } from "../discovery/root-causes.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { allNames } from "../eventlog/strings.ts";
import { formatDuration } from "../figures.ts";
import { quantile } from "../statistics/quantile.ts";
import { besideModel } from "./beside-model.ts";
import type { Command, OptionValues } from "./command.ts";
import { numberOption } from "./number-option.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, table } from "./terminal.ts";

/** `plumbline causes LOG`: what goes with long, deviating or marked cases. */
export const causes: Command = {
  name: "causes",
  usage: "causes LOG [--longer-than DAYS | --deviating MODEL | --with ACTIVITY] [--json] [reading options]",
  summary:
    "What is associated with long cases, with cases that deviate from a model, or with cases that contain an activity.",
  options: {
    json: { help: "one JSON document on standard output" },
    "longer-than": { value: "DAYS", help: "cases that take longer than this (default: the longest quarter)" },
    deviating: { value: "MODEL", help: "cases that do not follow this description or model" },
    with: { value: "ACTIVITY", help: "cases in which this activity happens" },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const { log } = await readLogOf(path, options);
    const { isAffected, what } = affectedCases(log, options);
    const found = rootCauses(log, isAffected);
    const affected = isAffected.reduce((sum, is) => sum + is, 0);
    const seconds = Math.round(performance.now() - began) / 1000;
    if (options["json"]) {
      process.stdout.write(
        JSON.stringify({
          what,
          cases: log.caseCount,
          affected,
          causes: found.map((cause) => ({ ...cause, ratio: cause.ratio ?? null })),
          seconds,
        }) + "\n",
      );
      return 0;
    }
    const rows = found
      .slice(0, 25)
      .map(
        ({
          statement,
          attribute,
          cases,
          affected: hit,
          otherCases,
          otherAffected,
          difference,
          interval,
          excess,
        }) => [
          attribute === "first person" ? "one person begins them (named in --json)" : statement,
          `${formatCount(hit)} of ${formatCount(cases)} (${formatPercent(hit / cases)})`,
          `${formatCount(otherAffected)} of ${formatCount(otherCases)} (${formatPercent(otherAffected / otherCases)})`,
          `+${(difference * 100).toFixed(0)} (${(interval[0] * 100).toFixed(0)} to ${(interval[1] * 100).toFixed(0)}) points`,
          formatCount(excess),
        ],
      );
    process.stdout.write(
      [
        `${formatCount(affected)} of ${formatCount(log.caseCount)} ${what}.`,
        "",
        found.length === 0
          ? "Nothing that the log records goes with them more often than chance would have it (false-discovery rate 5 %)."
          : table(["where", "affected", "elsewhere", "difference", "cases too many"], rows),
        ...(found.length > 25 ? [`… and ${found.length - 25} more (--json lists all)`] : []),
        "",
        "This shows what goes together, not what causes what.",
        `Done in ${seconds} s.`,
        "",
      ].join("\n"),
    );
    return 0;
  },
};

function affectedCases(log: EventLog, options: OptionValues): { isAffected: Uint8Array; what: string } {
  const chosen = ["longer-than", "deviating", "with"].filter((name) => options[name] !== undefined);
  if (chosen.length > 1)
    throw new InputError(
      "wrong-option",
      `--${chosen[1]}`,
      `Expected one of --longer-than, --deviating and --with, got --${chosen.join(" and --")}.`,
    );
  const names = allNames(log.activities);
  if (typeof options["deviating"] === "string") {
    const beside = besideModel(log, options["deviating"]);
    const isAffected = new Uint8Array(log.caseCount);
    for (const { cost, caseNumbers } of alignLog(beside.log, spaceOf(beside.model)).variants) {
      if (cost > 0) for (const c of caseNumbers) isAffected[c] = 1;
    }
    return { isAffected, what: "cases do not follow the model" };
  }
  if (typeof options["with"] === "string") {
    const activity = names.indexOf(options["with"]);
    if (activity < 0)
      throw new InputError(
        "unknown-activity",
        "--with",
        `--with: the log has no activity "${options["with"]}". plumbline map LOG lists them.`,
      );
    const isAffected = Uint8Array.from({ length: log.caseCount }, (_, c) =>
      log.activity.subarray(log.caseStart[c], log.caseStart[c + 1]).includes(activity as never) ? 1 : 0,
    );
    return { isAffected, what: `cases have "${options["with"]}"` };
  }
  const begin = log.start ?? log.time;
  const durations = Float64Array.from(
    { length: log.caseCount },
    (_, c) => log.time[log.caseStart[c + 1] - 1] - begin[log.caseStart[c]],
  );
  const days = numberOption(options, "longer-than", 0, 1e6);
  const limit = days === undefined ? (quantile(durations, 0.75) ?? 0) : days * 86_400_000;
  return {
    isAffected: Uint8Array.from(durations, (ms) => (ms > limit ? 1 : 0)),
    what: `cases take longer than ${formatDuration(limit)}`,
  };
}
