import { formatCount } from "../format.ts";
import { describeRejection, type ReadReport } from "./source.ts";

/** Which column was taken as what, and where that does not follow from its name, why. */
export function takenAs({ recognised }: ReadReport): string {
  const why = { given: " (given)", content: " (by its content)", name: "", standard: "" };
  return `Taken as: ${recognised.map(({ role, column, how }) => `${role} = ${column}${why[how]}`).join(", ")}.`;
}

/** How many rows were read, of a log or of a table of records, by its summary: what can be said of a file without a word of it. */
export function countsInWords(summary: object): string {
  const { read, kept, rejected, rows } = summary as Record<string, number | undefined>;
  return read === undefined || kept === undefined || rejected === undefined
    ? `Read ${formatCount(rows ?? 0)} rows.`
    : `Read ${formatCount(read)} rows = ${formatCount(kept)} kept + ${formatCount(rejected)} rejected.`;
}

/** Where every row of the file went, with the first problems. What did not fit is given as `quoted`. */
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
