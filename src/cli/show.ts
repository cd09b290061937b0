import { timeRange } from "../eventlog/event-log.ts";
import type { Command } from "./command.ts";
import { logSummary, type LogSummary } from "./log-summary.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, formatTime, table } from "./terminal.ts";
import { describeRejection, type ReadReport } from "../sources/source.ts";

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
      accountOf(report),
      "",
      table(
        ["column", "kind", "values", "missing", "taken as"],
        summary.columns.map((c) => [
          c.name,
          c.kind,
          c.distinct === undefined ? "" : formatCount(c.distinct),
          c.missing === 0 ? "none" : `${formatCount(c.missing)} (${formatPercent(c.missing / c.of)})`,
          c.role ?? "",
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

/** Which column was taken as what, and where that does not follow from its name, why. */
export function takenAs({ recognised }: ReadReport): string {
  const why = { given: " (given)", content: " (by its content)", name: "", standard: "" };
  return `Taken as: ${recognised.map(({ role, column, how }) => `${role} = ${column}${why[how]}`).join(", ")}.`;
}

/** Where every row of the file went, with the first problems. */
export function accountOf(report: ReadReport): string {
  const { read, kept, rejected, emptied, counts, file } = report;
  const lines = [
    `Read ${formatCount(read)} rows of ${report.format} = ${formatCount(kept)} kept + ${formatCount(rejected)} rejected.`,
  ];
  if (counts.mergedStarts + counts.unpairedStarts + counts.unpairedCompletions > 0) {
    lines.push(
      `Life cycle: ${formatCount(counts.mergedStarts)} starts joined with their completion; ${formatCount(counts.unpairedStarts)} starts without completion and ${formatCount(counts.unpairedCompletions)} completions without start kept.`,
    );
  }
  if (counts.leftOut > 0)
    lines.push(`--lifecycle complete left out ${formatCount(counts.leftOut)} rows that are not completions.`);
  for (const rejection of report.rejections.slice(0, 5))
    lines.push(`  rejected: ${describeRejection(file, rejection)}`);
  if (rejected > 5) lines.push(`  … and ${formatCount(rejected - 5)} more rejected rows`);
  if (emptied > 0) {
    lines.push(
      `${formatCount(emptied)} values did not fit their column and were left empty; their rows were kept.`,
    );
    for (const value of report.emptiedValues.slice(0, 3))
      lines.push(`  left empty: ${describeRejection(file, value)}`);
  }
  return lines.join("\n");
}

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
