import { answerTasks } from "../threads/answer-tasks.ts";
import type { AlignAnswer, AlignTask } from "./align-in-threads.ts";
import { alignTraces, spaceOf } from "./align-log.ts";

// Aligns some variants on a thread of its own and answers the moves as numbers.
answerTasks<AlignTask, AlignAnswer>(({ model, traces, maxStates }) => {
  const space = spaceOf(model);
  const alignments = alignTraces(space, traces, { maxStates });
  const number = new Map(space.labels.map((label, i) => [label, i]));
  return {
    result: {
      cost: Float64Array.from(alignments, ({ cost }) => cost),
      lowerBound: Float64Array.from(alignments, ({ lowerBound }) => lowerBound),
      optimal: Uint8Array.from(alignments, ({ optimal }) => (optimal ? 1 : 0)),
      moves: alignments.map(({ moves }) =>
        Int32Array.from(moves, (move) =>
          move.log === move.model ? 0 : move.model === null ? 1 : 2 + number.get(move.model)!,
        ),
      ),
    },
  };
});
