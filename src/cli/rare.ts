import { rareBehaviour } from "../discovery/rare-behaviour.ts";
import { temporalOutliers, temporalProfile } from "../discovery/temporal-profile.ts";
import { nameAt } from "../eventlog/strings.ts";
import { formatDuration } from "../figures.ts";
import type { Command } from "./command.ts";
import { numberOption, shareOption } from "./number-option.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, table } from "./terminal.ts";

/** `plumbline rare LOG`: what few cases do, and steps that come at unusual times. */
export const rare: Command = {
  name: "rare",
  usage: "rare LOG [--share S] [--deviations N] [--json] [reading options]",
  summary:
    "Rare behaviour: what few cases do, and steps that come unusually early or late after another step.",
  options: {
    share: { value: "0..1", help: "largest share of cases that counts as rare (default 0.01)" },
    deviations: { value: "N", help: "standard deviations beyond which a time is unusual (default 4)" },
    json: { help: "one JSON document on standard output, with all cases and the usual times" },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const share = shareOption(options, "share") ?? 0.01;
    const limit = numberOption(options, "deviations", 0, 1000) ?? 4;
    const { log } = await readLogOf(path, options);
    const found = rareBehaviour(log, share);
    const profile = temporalProfile(log);
    const outliers = temporalOutliers(log, profile, limit);
    const activity = (a: number) => nameAt(log.activities, a);
    const caseId = (c: number) => nameAt(log.caseIds, c);
    const seconds = Math.round(performance.now() - began) / 1000;
    if (options["json"]) {
      const document = {
        rare: found.map(({ activity: a, after, cases, caseNumbers }) => ({
          activity: activity(a),
          after: after === undefined ? null : activity(after),
          cases,
          caseIds: Array.from(caseNumbers, caseId),
        })),
        usualTimes: profile.map(({ from, to, ...rest }) => ({
          from: activity(from),
          to: activity(to),
          ...rest,
        })),
        unusualTimes: outliers.map(({ relation, case: c, ms, z }) => ({
          from: activity(relation.from),
          to: activity(relation.to),
          case: caseId(c),
          ms,
          usualMs: relation.meanMs,
          z,
        })),
        seconds,
      };
      process.stdout.write(JSON.stringify(document) + "\n");
      return 0;
    }
    const rows = found
      .slice(0, 25)
      .map(({ activity: a, after, cases, caseNumbers }) => [
        after === undefined ? activity(a) : `${activity(after)} → ${activity(a)}`,
        formatCount(cases),
        formatPercent(cases / log.caseCount),
        Array.from(caseNumbers.subarray(0, 3), caseId).join(", "),
      ]);
    const late = outliers
      .slice(0, 15)
      .map(({ relation, case: c, ms, z }) => [
        `${activity(relation.from)} … ${activity(relation.to)}`,
        formatDuration(ms),
        formatDuration(relation.meanMs),
        `${z > 0 ? "+" : "−"}${Math.abs(z).toFixed(0)}`,
        caseId(c),
      ]);
    const more = (all: number, shown: number) =>
      all > shown ? `\n… and ${formatCount(all - shown)} more (--json lists all)` : "";
    process.stdout.write(
      [
        found.length === 0
          ? `Nothing is done by only ${formatPercent(share)} of the cases or fewer.`
          : `Done by at most ${formatPercent(share)} of the cases:\n${table(["what", "cases", "share", "for example"], rows)}${more(found.length, 25)}`,
        outliers.length === 0
          ? "No step comes at an unusual time."
          : `At unusual times (${formatCount(outliers.length)} steps):\n${table(["from … to", "took", "usually", "standard deviations", "case"], late)}${more(outliers.length, 15)}`,
        `Done in ${seconds} s.\n`,
      ].join("\n\n"),
    );
    return 0;
  },
};
