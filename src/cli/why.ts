import { shownSubject } from "../audit/finding.ts";
import { moneyText } from "../reports/money-text.ts";
import { countText } from "../reports/report.ts";
import { questionOf } from "../audit/audit-document.ts";
import { didYouMean, InputError } from "../input-error.ts";
import type { Command } from "./command.ts";
import { keptAudit } from "./kept-audit.ts";
import { formatPercent, formatTime, table, wrap } from "./terminal.ts";

/** `plumbline why FINDING`: the cases behind a finding of the latest audit. */
export const why: Command = {
  name: "why",
  usage: "why FINDING [--from audit.json] [--json]",
  summary: "Opens a finding: its figures, its cases, and the timelines of the first few.",
  options: {
    from: { value: "F", help: "audit to read (default: the latest)" },
    json: { help: "the finding as one JSON document" },
  },
  minArgs: 1,
  maxArgs: 1,
  async run([wanted], options) {
    const audit = keptAudit(options["from"] as string | undefined);
    const { findings } = audit;
    const matches = findings.filter(({ id, detector }) => id.startsWith(wanted) || detector === wanted);
    const kept = audit.absorbed?.find(({ id }) => id.startsWith(wanted));
    if (matches.length === 0 && kept) {
      const by = findings.find(({ id }) => id === kept.into);
      process.stdout.write(
        `${kept.detector} saw "${kept.subject}" as well; it is the same cause as ${by?.detector ?? ""} ${kept.into}, which keeps it. Open that one: plumbline why ${kept.into}\n`,
      );
      return 0;
    }
    if (matches.length === 0) {
      const near = didYouMean(
        wanted,
        findings.flatMap(({ id, detector }) => [id, detector]),
      );
      const known = findings
        .slice(0, 12)
        .map((finding) => `${finding.id} (${finding.detector}: ${shownSubject(finding)})`)
        .join(", ");
      throw new InputError(
        "unknown-finding",
        wanted,
        `No finding "${wanted}" in the audit of ${audit.source}.${near ? ` Did you mean "${near}"?` : ""} Known: ${known || "none"}.`,
      );
    }
    if (options["json"]) {
      process.stdout.write(JSON.stringify(matches.length === 1 ? matches[0] : matches) + "\n");
      return 0;
    }
    const width = Math.min(110, process.stdout.columns ?? 100);
    for (const finding of matches) {
      const { interval, records } = finding;
      const lines = [
        `${finding.title}: ${shownSubject(finding)}   (${finding.detector}, ${finding.id})`,
        wrap(questionOf(finding.detector), width),
        wrap(finding.statement, width),
        `${countText(finding)}${interval ? `, 95 % interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}` : ""}`,
        wrap(moneyText(finding), width),
        ...finding.facts.map(([label, value]) => `  ${label}: ${value}`),
        records.length > 0
          ? wrap(
              `Records: ${records
                .slice(0, 40)
                .map(([a, b]) => (a === b ? a : `${a} and ${b}`))
                .join(
                  ", ",
                )}${records.length > 40 ? ` … and ${records.length - 40} more (--json lists all)` : ""}`,
              width,
            )
          : "",
        finding.people.length > 0 ? `People involved: ${finding.people.length} (named in the JSON only)` : "",
        "",
      ];
      for (const id of finding.caseIds.slice(0, 3)) {
        const story = audit.stories?.[id];
        if (!story) continue;
        lines.push(`Case ${id}`);
        lines.push(
          table(
            ["when (UTC)", "what", "who", "working h before"],
            story.map((e) => [
              e.time === "" ? "" : formatTime(Date.parse(e.time)),
              e.activity,
              e.who,
              e.waitHours === null ? "" : e.waitHours.toFixed(1),
            ]),
          ),
        );
        lines.push("");
      }
      const listed = finding.caseIds.slice(0, 100).join(", ");
      lines.push(
        wrap(
          `Cases: ${listed}${finding.caseIds.length > 100 ? ` … and ${finding.caseIds.length - 100} more (--json lists all)` : ""}`,
          width,
        ),
      );
      process.stdout.write(lines.filter((line, i) => line !== "" || lines[i - 1] !== "").join("\n") + "\n");
    }
    return 0;
  },
};
