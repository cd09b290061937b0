import type { LifecycleRows } from "../eventlog/life-cycle.ts";
import { formatCount } from "../figures.ts";
import { choose, cited } from "../input-error.ts";
import { describeRejection, type ReadReport } from "./format.ts";

/** Which column was taken as what, and where that does not follow from its name, why. */
export function takenAs({ recognised }: ReadReport): string {
  const why = { given: " (given)", content: " (by its content)", name: "", standard: "" };
  return `Taken as: ${recognised.map(({ role, column, how }) => `${role.replaceAll("-", " ")} = ${column}${why[how]}`).join(", ")}.`;
}

/**
 * How many rows were read, of a log or of a table of records, by its summary: what can be said of a file
 * without a word of it.
 */
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
  if (counts.mergedStarts + counts.unpairedStarts + counts.unpairedCompletions + counts.beside > 0) {
    lines.push(
      `Life cycle: ${formatCount(counts.mergedStarts)} starts joined with their completion; ${formatCount(counts.unpairedStarts)} starts without completion${counts.unpairedStarts > 0 ? " (open work)" : ""} and ${formatCount(counts.unpairedCompletions)} completions without start kept.`,
    );
  }
  lines.push(...lifecycleLines(report));
  if (counts.openRows > 0)
    lines.push(
      `${formatCount(counts.openRows)} of them ${counts.openRows === 1 ? "has" : "have"} a begin and no end: open work, kept at its begin.`,
    );
  if (counts.leftOut > 0)
    lines.push(
      `${choose("lifecycle", "complete")} left out ${formatCount(counts.leftOut)} rows that are not completions.`,
    );
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

/** What rows became that are neither starts nor completions, a line a life-cycle word. */
function lifecycleLines({ counts }: ReadReport): string[] {
  const lines: string[] = [];
  const isPaired = counts.mergedStarts + counts.unpairedStarts + counts.beside > 0;
  const others = counts.lifecycleRows.filter(({ became }) =>
    Object.keys(became).some((what) => !["execution", "begin of an execution", "open work"].includes(what)),
  );
  // where no row has a transition of the standard, the words are states, and every row is an event as in any
  // table
  const states = others.filter(({ isStandard }) => !isStandard);
  const transitions = others.filter(({ isStandard }) => isStandard);
  for (const one of transitions) lines.push(`  ${formatCount(one.rows)} ${one.transition}: ${fates(one)}.`);
  if (states.length > 0 && (isPaired || states.some(({ transition }) => transition !== ""))) {
    const shown = states
      .slice(0, 15)
      .map(
        ({ transition, rows }) =>
          `${formatCount(rows)} ${transition === "" ? "without a word" : cited(transition)}`,
      )
      .join(", ");
    lines.push(
      `${isPaired ? "  " : "Life cycle: "}${shown}${states.length > 15 ? ` and ${states.length - 15} more words` : ""}: no transitions of the standard; each row is an event of its own.`,
    );
  }
  if (counts.casesWithoutEvents > 0 && counts.leftOut === 0) {
    const cases = counts.casesWithoutEvents;
    lines.push(
      `  ${cases === 1 ? "1 case has" : `${formatCount(cases)} cases have`} nothing that was done and ${cases === 1 ? "is" : "are"} not among the cases.`,
    );
  }
  return lines;
}

const FATES: [keyof LifecycleRows["became"], (n: string, one: boolean) => string][] = [
  ["execution", (n, one) => `${n} ${one ? "is an execution" : "are executions"}`],
  ["begin of an execution", (n, one) => `${n} ${one ? "begins an execution" : "begin executions"}`],
  ["open work", (n, one) => `${n} ${one ? "is" : "are"} open work`],
  [
    "waiting since",
    (n, one) => `${n} ${one ? "is" : "are"} the "waiting since" of the execution that followed`,
  ],
  [
    "of an execution",
    (n, one) => `${n} ${one ? "belongs" : "belong"} to an execution that waited already or was under way`,
  ],
  ["suspension", (n, one) => `${n} ${one ? "bounds" : "bound"} what an execution was "suspended for"`],
  ["waiting still", (n, one) => `${n} ${one ? "waits" : "wait"} still`],
  ["never done", (n, one) => `${n} ${one ? "says" : "say"} of work that it was never done`],
  ["of work never done", (n, one) => `${n} ${one ? "belongs" : "belong"} to work that was never done`],
  ["no execution", (n, one) => `${n} ${one ? "belongs" : "belong"} to no work that the log shows under way`],
  ["event", (n, one) => `${n} ${one ? "is an event" : "are events"}`],
];

function fates({ became }: LifecycleRows): string {
  return FATES.flatMap(([what, say]) => {
    const n = became[what] ?? 0;
    return n === 0 ? [] : [say(formatCount(n), n === 1)];
  }).join(", ");
}
