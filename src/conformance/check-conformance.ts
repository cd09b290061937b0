import { directlyFollows } from "../discovery/directly-follows.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { allNames } from "../eventlog/strings.ts";
import type { ProcessModel } from "../model/model.ts";
import { alignLog, spaceOf, type AlignOptions, type LogAlignment } from "./align-log.ts";
import { deviationsByActivity, deviationsOf, type ActivityDeviations, type Deviation } from "./deviations.ts";
import {
  compareFootprints,
  footprintOfLog,
  footprintOfSpace,
  footprintOfTree,
  type FootprintComparison,
} from "./footprints.ts";
import { alignEtcPrecision } from "./precision.ts";
import { generalisation, simplicity } from "./quality.ts";
import { TokenReplay } from "./token-replay.ts";

/** How a log and a model compare, from every side. */
export interface Conformance {
  alignment: LogAlignment;
  precision: number | undefined;
  generalisation: number | undefined;
  simplicity: number | undefined;
  /**
   * token-based replay: mean fitness of the cases, of the whole log, and cases without missing or remaining
   * tokens or steps unknown to the model
   */
  replay: { averageFitness: number | undefined; fitness: number | undefined; fittingCases: number };
  /** undefined for a model too large to be gone through */
  footprints: FootprintComparison | undefined;
  deviations: Deviation[];
  byActivity: ActivityDeviations[];
  /**
   * false for a net with too many markings to be gone through: then precision and footprints are undefined
   */
  explored: boolean;
  /** activities of the log that the model does not have, and the other way round */
  onlyInLog: string[];
  onlyInModel: string[];
}

/** Compares a log with a model: alignments first, the rest from them, token replay and footprints beside. */
export function checkConformance(
  log: EventLog,
  model: ProcessModel,
  options: AlignOptions = {},
): Conformance {
  return conformanceOf(log, model, alignLog(log, spaceOf(model), options));
}

/** As `checkConformance`, with the alignments made already. */
export function conformanceOf(log: EventLog, model: ProcessModel, alignment: LogAlignment): Conformance {
  const space = spaceOf(model);
  const names = allNames(log.activities);
  const counts = directlyFollows(log);
  const used = names.filter((_, a) => counts.activityCount[a] > 0);
  const ofModel = model.tree ? footprintOfTree(model.tree) : footprintOfSpace(space);
  return {
    alignment,
    explored: space.isExact,
    precision: alignEtcPrecision(space, alignment),
    generalisation: generalisation(space.labels, alignment),
    simplicity: simplicity(model.net),
    replay: replayLog(model, alignment),
    footprints: ofModel && compareFootprints(footprintOfLog(counts, names), ofModel),
    deviations: deviationsOf(alignment),
    byActivity: deviationsByActivity(alignment),
    onlyInLog: used.filter((name) => !space.labels.includes(name)),
    onlyInModel: space.labels.filter((label) => !used.includes(label)),
  };
}

function replayLog({ net }: ProcessModel, { variants }: LogAlignment): Conformance["replay"] {
  const replay = new TokenReplay(net);
  let [cases, sum, fitting, missing, remaining, consumed, produced] = [0, 0, 0, 0, 0, 0, 0];
  for (const variant of variants) {
    const result = replay.replay(variant.activities, variant.cost === 0);
    cases += variant.cases;
    sum += variant.cases * result.fitness;
    missing += variant.cases * result.missing;
    remaining += variant.cases * result.remaining;
    consumed += variant.cases * result.consumed;
    produced += variant.cases * result.produced;
    if (result.missing + result.remaining + result.foreign === 0) fitting += variant.cases;
  }
  return {
    averageFitness: cases === 0 ? undefined : sum / cases,
    fitness:
      consumed === 0 || produced === 0
        ? undefined
        : (1 - missing / consumed) / 2 + (1 - remaining / produced) / 2,
    fittingCases: fitting,
  };
}
