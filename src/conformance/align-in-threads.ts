import type { EventLog } from "../eventlog/event-log.ts";
import type { ProcessModel } from "../model/model.ts";
import { askThread } from "../threads/ask-thread.ts";
import type { Alignment, Move } from "./align.ts";
import {
  alignLog,
  spaceOf,
  summarise,
  tracesOf,
  type AlignOptions,
  type LogAlignment,
  type Traces,
} from "./align-log.ts";

/** Steps of different traces from which on a second thread is worth its start. */
const WORTH_A_THREAD = 400_000;

const ALIGNER = new URL("./align-worker.ts", import.meta.url);

/** What a thread gets to do. */
export interface AlignTask {
  model: ProcessModel;
  traces: Traces;
  maxStates: number | undefined;
}

/**
 * What it answers: for each trace its cost and bound, and its moves as numbers: 0 in both, 1 in the log only,
 * 2 + label in the model only.
 */
export interface AlignAnswer {
  cost: Float64Array;
  lowerBound: Float64Array;
  optimal: Uint8Array;
  moves: Int32Array[];
}

/**
 * As `alignLog`, on several threads when there is enough to do: variants are dealt out, longest first, and
 * each thread keeps a state space of its own. The result is the same for any number of threads, unless a
 * limit of states is met.
 */
export async function alignLogInThreads(
  log: EventLog,
  model: ProcessModel,
  {
    threads,
    worthAThread = WORTH_A_THREAD,
    ...options
  }: AlignOptions & { threads: number; worthAThread?: number },
): Promise<LogAlignment> {
  const space = spaceOf(model);
  const { traces, variants } = tracesOf(log, space.labels);
  const steps = traces.labels.reduce((sum, { length }) => sum + length, 0);
  const hands = Math.min(threads, Math.floor(steps / worthAThread) + 1, traces.labels.length);
  if (hands <= 1) return alignLog(log, space, options);

  const order = traces.labels
    .map((_, v) => v)
    .sort((v, w) => traces.labels[w].length - traces.labels[v].length);
  const dealt = Array.from({ length: hands }, (_, hand) => order.filter((_, i) => i % hands === hand));
  const alignments = new Array<Alignment>(order.length);
  let done = 0;
  await Promise.all(
    dealt.map(async (own) => {
      const task: AlignTask = {
        model,
        traces: { labels: own.map((v) => traces.labels[v]), names: own.map((v) => traces.names[v]) },
        maxStates: options.maxStates,
      };
      const answer = await askThread<AlignTask, AlignAnswer>(ALIGNER, task);
      own.forEach((v, i) => (alignments[v] = decode(answer, i, traces.names[v], space.labels)));
      options.onProgress?.(++done / hands);
    }),
  );
  return summarise(space, variants, traces, alignments);
}

function decode(
  { cost, lowerBound, optimal, moves }: AlignAnswer,
  i: number,
  names: readonly string[],
  labels: readonly string[],
): Alignment {
  let at = 0;
  const decoded = Array.from(moves[i], (code): Move => {
    if (code >= 2) return { log: null, model: labels[code - 2] };
    const name = names[at++];
    return { log: name, model: code === 0 ? name : null };
  });
  return { cost: cost[i], lowerBound: lowerBound[i], optimal: optimal[i] === 1, moves: decoded };
}
