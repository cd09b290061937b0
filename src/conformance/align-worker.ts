import { parentPort, workerData } from "node:worker_threads";
import type { AlignAnswer, AlignTask } from "./align-in-threads.ts";
import { alignTraces, spaceOf } from "./align-log.ts";

// Aligns some variants on a thread of its own and posts the moves as numbers.
const { model, traces, maxStates } = workerData as AlignTask;
const space = spaceOf(model);
const alignments = alignTraces(space, traces, { maxStates });
const number = new Map(space.labels.map((label, i) => [label, i]));
const answer: AlignAnswer = {
  cost: Float64Array.from(alignments, ({ cost }) => cost),
  lowerBound: Float64Array.from(alignments, ({ lowerBound }) => lowerBound),
  optimal: Uint8Array.from(alignments, ({ optimal }) => (optimal ? 1 : 0)),
  moves: alignments.map(({ moves }) =>
    Int32Array.from(moves, (move) =>
      move.log === move.model ? 0 : move.model === null ? 1 : 2 + number.get(move.model)!,
    ),
  ),
};
parentPort!.postMessage(answer);
