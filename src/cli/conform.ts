import { availableParallelism } from "node:os";
import { alignLogInThreads } from "../conformance/align-in-threads.ts";
import { conformanceOf, type Conformance } from "../conformance/check-conformance.ts";
import { DEFAULT_STATES } from "../conformance/align.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { besideModel } from "./beside-model.ts";
import type { Command } from "./command.ts";
import { logSummary } from "../formats/log-summary.ts";
import { numberOption } from "./number-option.ts";
import { startProgress } from "./progress.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { accountOf } from "../formats/account.ts";
import { countOf, formatCount, formatPercent, printable, someNames, table } from "./terminal.ts";
import { onTerminal } from "./wording.ts";

/** `plumbline conform LOG MODEL`: how far what happens is from a model, in both directions. */
export const conform: Command = {
  name: "conform",
  usage: "conform LOG DESCRIPTION|MODEL.bpmn|MODEL.pnml|MODEL.ptml [--json] [reading options]",
  summary:
    "Compares the log with a description or model: what is done but not described, and what is described but not done.",
  options: {
    json: { help: "one JSON document on standard output, with the alignment of every variant" },
    pool: { value: "NAME", help: "pool of a BPMN file, if several contain steps" },
    states: {
      value: "N",
      help: `maximum number of states to search per alignment before reporting a lower bound (default ${formatCount(DEFAULT_STATES)})`,
    },
    ...readingOptions,
  },
  minArgs: 2,
  maxArgs: 2,
  async run([path, modelPath], options) {
    const began = performance.now();
    const maxStates = numberOption(options, "states", 1, 100_000_000);
    const pool = typeof options["pool"] === "string" ? options["pool"] : undefined;
    const read = await readLogOf(path, options);
    const { log, model, notes } = besideModel(read.log, modelPath, pool);
    const progress = startProgress("Aligning");
    const alignment = await alignLogInThreads(log, model, {
      threads: availableParallelism(),
      maxStates,
      onProgress: (share) => progress.update(share),
    });
    const result = conformanceOf(log, model, alignment);
    if (!result.explored)
      notes.push(
        "The model has more than 50,000 states and is not made of nested blocks: precision and footprints are not computed, and searches may stop at a lower bound.",
      );
    progress.stop();
    const seconds = Math.round(performance.now() - began) / 1000;
    if (options["json"])
      process.stdout.write(
        JSON.stringify({ ...documentOf(log, result), log: logSummary(log, read.report), notes, seconds }) +
          "\n",
      );
    else {
      const account = [onTerminal(accountOf(read.report)), ...read.report.notes].join("\n");
      process.stdout.write(printable(`${account}\n\n${textOf(log, result, notes)}\nDone in ${seconds} s.\n`));
    }
    return 0;
  },
};

function documentOf(log: EventLog, result: Conformance) {
  const { alignment, replay, footprints } = result;
  const caseIds = (numbers: Uint32Array) => Array.from(numbers, (c) => nameAt(log.caseIds, c));
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    fitness: alignment.fitness ?? null,
    averageFitness: alignment.averageFitness ?? null,
    fittingCases: alignment.fittingCases,
    cases: alignment.cases,
    precision: result.precision ?? null,
    precisionMethod: "align-ETC, one optimal alignment a variant, ties by model order",
    generalisation: result.generalisation ?? null,
    simplicity: result.simplicity ?? null,
    optimal: alignment.optimal,
    tokenReplay: {
      fitness: replay.fitness ?? null,
      averageFitness: replay.averageFitness ?? null,
      fittingCases: replay.fittingCases,
    },
    footprints: footprints ? { ...footprints, agreement: footprints.agreement ?? null } : null,
    onlyInLog: result.onlyInLog,
    onlyInModel: result.onlyInModel,
    activities: result.byActivity,
    deviations: result.deviations.map(({ caseNumbers, ...deviation }) => ({
      ...deviation,
      caseIds: caseIds(caseNumbers),
    })),
    variants: alignment.variants.map(({ activities, cases, cost, lowerBound, optimal, fitness, moves }) => ({
      activities,
      cases,
      cost: finite(cost),
      lowerBound: finite(lowerBound),
      optimal,
      fitness,
      moves,
    })),
  };
}

function textOf(log: EventLog, result: Conformance, notes: string[]): string {
  const { alignment, deviations } = result;
  if (alignment.cases === 0) return "No cases to compare.";
  if (alignment.variants.every(({ cost, optimal }) => optimal && !Number.isFinite(cost)))
    return "The model has no way from its begin to its end, so no case can follow it. Mend the model.";
  const number = (value: number | undefined) => (value === undefined ? "none" : value.toFixed(3));
  const share = (cases: number) =>
    `${formatCount(cases)} of ${formatCount(alignment.cases)} cases (${formatPercent(cases / alignment.cases)})`;
  const place = (after: string | null) => after ?? "(begin)";
  const rows = deviations
    .slice(0, 20)
    .map(({ kind, activity, after, cases, stopped, caseNumbers }) => [
      kind === "not in the model" ? "done, not described" : "described, not done",
      activity,
      place(after),
      formatCount(cases),
      formatPercent(cases / alignment.cases),
      stopped > 0 ? formatCount(stopped) : "",
      Array.from(caseNumbers.subarray(0, 3), (c) => nameAt(log.caseIds, c)).join(", "),
    ]);
  const worst = alignment.variants
    .filter(({ cost }) => cost > 0)
    .slice(0, 5)
    .map(({ cases, moves }) => {
      const steps = moves.map(({ log: seen, model }) =>
        seen === model
          ? seen
          : model === null
            ? `[${seen}: done, not described]`
            : `(${model}: described, not done)`,
      );
      return `  ${countOf(cases, "case")}: ${steps.length > 14 ? `${steps.slice(0, 14).join(" → ")} … (${steps.length} steps)` : steps.join(" → ")}`;
    });
  const open = alignment.variants.filter(({ optimal }) => !optimal).length;
  const unknown = alignment.variants.filter(({ optimal, cost }) => !optimal && !Number.isFinite(cost)).length;
  return [
    `${share(alignment.fittingCases)} follow the model exactly${unknown > 0 ? ", as far as could be found out" : ""}.`,
    ...(result.onlyInLog.length > 0
      ? [`Done and nowhere in the model: ${someNames(result.onlyInLog)}.`]
      : []),
    ...(result.onlyInModel.length > 0
      ? [`In the model and never done: ${someNames(result.onlyInModel)}.`]
      : []),
    ...notes,
    "",
    deviations.length === 0
      ? unknown > 0
        ? "No deviations in the cases that could be aligned."
        : "No deviations."
      : `${table(["what", "step", "after the last agreed step", "cases", "share", "stop there", "for example"], rows)}${deviations.length > 20 ? `\n… and ${formatCount(deviations.length - 20)} more places (--json lists all, with their cases)` : ""}`,
    ...(worst.length > 0 ? ["", "The most frequent cases that leave it:", ...worst] : []),
    "",
    "Fitness: 1 when every case follows the model. Precision: 1 when the model allows nothing that is not done; a model that allows anything fits everything and is worth nothing.",
    `Fitness ${number(alignment.fitness)} (mean of the cases ${number(alignment.averageFitness)}), precision ${number(result.precision)} (align-ETC, ties by model order), generalisation ${number(result.generalisation)}, simplicity ${number(result.simplicity)}.`,
    `Token replay: fitness ${number(result.replay.fitness)}, ${share(result.replay.fittingCases)} without missing or remaining tokens. Footprints agree on ${result.footprints?.agreement === undefined ? "nothing that could be compared" : formatPercent(result.footprints.agreement)}.`,
    ...(open > 0
      ? [
          `${countOf(open, "variant")} met the limit of states: what is said of them is an upper bound of the cost${unknown > 0 ? `, or for ${formatCount(unknown)} nothing` : ""}; --json has a proved lower bound. Raise --states.`,
        ]
      : []),
    "",
  ].join("\n");
}
