import { timeRange } from "../eventlog/event-log.ts";
import type { Command } from "./command.ts";
import { accountOf } from "../formats/account.ts";
import { logSummary, type LogSummary } from "../formats/log-summary.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, formatTime, table } from "./terminal.ts";
import { onTerminal } from "./wording.ts";

/** `plumbline show LOG`: what is in a log, and what is not. */
export const show: Command = {
  name: "show",
  usage: "show LOG [--json] [reading options]",
  summary: "Columns, counts, time range and what is missing in a log.",
  options: { json: { help: "one JSON document on standard output" }, ...readingOptions },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const { log, report, records } = await readLogOf(path, options);
    const summary = logSummary(log, report);
    const seconds = (performance.now() - began) / 1000;
    if (options["json"]) {
      const { recognised, notes } = report;
      const tables = records.map(({ name, columns, rows }) => ({ name, columns, rows: rows.length }));
      process.stdout.write(
        JSON.stringify({ log: summary, recognised, records: tables, notes, seconds }) + "\n",
      );
      return 0;
    }
    const range = timeRange(log);
    const lines = [
      `${path}: ${formatCount(log.eventCount)} events of ${formatCount(log.caseCount)} cases, ${formatCount(log.activities.length)} activities`,
      range ? `from ${formatTime(range.from)} to ${formatTime(range.to)} UTC` : "",
      "",
      onTerminal(accountOf(report)),
      "",
      table(
        ["column", "kind", "values", "missing", "taken as"],
        summary.columns.map((c) => [
          c.name,
          c.kind,
          c.distinct === undefined ? "" : formatCount(c.distinct),
          c.missing === 0 ? "none" : `${formatCount(c.missing)} (${formatPercent(c.missing / c.of)})`,
          (c.role ?? "").replaceAll("-", " "),
        ]),
      ),
      ...records.map(
        ({ name, rows, columns }) =>
          `records ${name}: ${formatCount(rows.length)} rows (${columns.slice(0, 8).join(", ")})`,
      ),
      ...notVisible(summary),
      ...report.notes,
      `Read in ${seconds.toFixed(1)} s.`,
    ];
    process.stdout.write(lines.filter((line, i) => line !== "" || i < 6).join("\n") + "\n");
    return 0;
  },
};

function notVisible(summary: LogSummary): string[] {
  const roles = new Set(summary.columns.map((c) => c.role));
  const lines: string[] = [];
  if (!roles.has("person")) lines.push("Not visible here: who did it. Name the column with --person.");
  if (!roles.has("role")) lines.push("Not visible here: roles or groups. Name the column with --role.");
  if (!roles.has("start") && !summary.hasStart)
    lines.push(
      "Not visible here: when work began, so handling times are estimates. Name the column with --start.",
    );
  return lines;
}
