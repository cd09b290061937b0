import { InputError } from "../input-error.ts";
import { nameAt } from "../eventlog/strings.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { formatDuration } from "../figures.ts";
import { END_OF_CASE } from "../prediction/next-activity.ts";
import { predictCases, type Judgement, type Predictions } from "../prediction/predict-cases.ts";
import type { Command } from "./command.ts";
import { numberOption } from "./number-option.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, formatTime, table } from "./terminal.ts";

const DAY = 86_400_000;

/**
 * `plumbline predict LOG`: what will become of the running cases, and how often such forecasts were right.
 */
export const predict: Command = {
  name: "predict",
  usage: "predict LOG [--deadline DAYS] [--attributes A,B] [--json] [reading options]",
  summary:
    "Forecasts for running cases: time left, next step, risk of missing the deadline, and how accurate such forecasts have been.",
  options: {
    deadline: {
      value: "DAYS",
      help: "a case is late when it takes longer (default: the longest quarter of finished cases)",
    },
    attributes: {
      value: "A,B",
      help: "case attributes known when a case starts; no others are used",
    },
    json: { help: "one JSON document on standard output, with every running case" },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const deadline = numberOption(options, "deadline", 0, 1e6);
    const { log } = await readLogOf(path, options);
    const attributes =
      typeof options["attributes"] === "string"
        ? options["attributes"].split(",").map((name) => name.trim())
        : [];
    for (const name of attributes) {
      if (log.columns.some((column) => column.name === name)) continue;
      throw new InputError(
        "unknown-column",
        "--attributes",
        `--attributes: the log has no column "${name}". Columns: ${log.columns.map((c) => c.name).join(", ")}.`,
      );
    }
    const predictions = predictCases(log, {
      attributes,
      deadlineMs: deadline === undefined ? undefined : deadline * DAY,
    });
    if (!predictions) {
      throw new InputError(
        "too-few-cases",
        path,
        `${path}: expected at least 50 finished cases to learn from and 10 later ones to judge on, got fewer. Forecasts from so little would be guesses.`,
      );
    }
    const seconds = Math.round(performance.now() - began) / 1000;
    if (options["json"])
      process.stdout.write(JSON.stringify({ ...documentOf(log, predictions), seconds }) + "\n");
    else process.stdout.write(`${textOf(log, predictions)}\nDone in ${seconds} s.\n`);
    return 0;
  },
};

function nextName(log: EventLog, next: number): string {
  return next === END_OF_CASE ? "(end)" : nameAt(log.activities, next);
}

function documentOf(log: EventLog, { judgement, open }: Predictions) {
  return {
    judgement: {
      ...judgement,
      splitAt: new Date(judgement.splitAt).toISOString(),
      late: { ...judgement.late, auc: judgement.late.auc ?? null },
    },
    open: open.map(({ case: c, remainingMs, interval, next, late, isLate }) => ({
      case: nameAt(log.caseIds, c),
      remainingMs,
      interval: interval.map((ms) => (Number.isFinite(ms) ? ms : null)),
      next: next.map(({ next: n, share, interval: range }) => ({
        activity: nextName(log, n),
        share,
        interval: range,
      })),
      late: late ?? null,
      isLate,
    })),
  };
}

/** Forecasts are only as good as they were on later cases: said first, in plain words. */
function judged({
  trainingCases,
  testCases,
  testPrefixes,
  splitAt,
  remaining,
  next,
  late,
}: Judgement): string[] {
  const days = (value: number) => formatDuration(value * DAY);
  const lines = [
    `Judged on ${formatCount(testCases)} cases that began after ${formatTime(splitAt)} (${formatCount(testPrefixes)} forecasts), learned from ${formatCount(trainingCases)} that had ended before:`,
    `  remaining time: off by ${days(remaining.maeDays)} on average (always saying the usual time after the same step: ${days(remaining.baselineMaeDays)}); the interval held ${formatPercent(remaining.coverage)}, meant to hold 90 %`,
    `  next step: right in ${formatPercent(next.accuracy)} (from the last step alone: ${formatPercent(next.baselineAccuracy)})`,
    `  late (longer than ${formatDuration(late.deadlineMs)}): ${late.auc === undefined ? "cannot be judged, since none or all were late" : `a late case is ranked before one in time in ${formatPercent(late.auc)} of pairs; squared error ${late.brier.toFixed(3)} (always saying the usual share: ${late.baselineBrier.toFixed(3)})`}`,
  ];
  if (remaining.coverage < 0.8)
    lines.push(
      "  Do not rely on the intervals: later cases differ from earlier ones, as in a log cut by when cases ended, or a process that changed.",
    );
  if (remaining.maeDays >= remaining.baselineMaeDays)
    lines.push("  The remaining time is no better forecast than by the usual time after the same step.");
  return lines;
}

function textOf(log: EventLog, { judgement, open }: Predictions): string {
  const rows = [...open]
    .sort((a, b) => (b.late?.share ?? 0) - (a.late?.share ?? 0) || b.remainingMs - a.remainingMs)
    .slice(0, 25)
    .map(({ case: c, remainingMs, interval, next, late, isLate }) => [
      nameAt(log.caseIds, c),
      `${formatDuration(remainingMs)} (${formatDuration(interval[0])} to ${Number.isFinite(interval[1]) ? formatDuration(interval[1]) : "?"})`,
      next.length === 0 ? "" : `${nextName(log, next[0].next)} (${formatPercent(next[0].share)})`,
      isLate ? "late already" : late ? `${formatPercent(late.share)} of ${formatCount(late.of)} like it` : "",
    ]);
  return [
    ...judged(judgement),
    "",
    open.length === 0
      ? "No case is running: all look finished."
      : `${formatCount(open.length)} running cases${open.length > 25 ? ", those most likely late first" : ""}:\n${table(["case", "still takes (90 %)", "next", "will be late"], rows)}${open.length > 25 ? "\n… (--json lists all)" : ""}`,
    "",
  ].join("\n");
}
