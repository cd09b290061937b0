import { InputError } from "../input-error.ts";
import type { Ending } from "../threads/child.ts";
import { defaultMemoryMb } from "../threads/memory.ts";
import type { ComputeSettings } from "../jobs/compute.ts";
import type { ExplorerAnswers, ExplorerTask } from "./explorer-child.ts";
import { Lanes, type LaneLimits } from "./lanes.ts";
import { Problem } from "./problem.ts";

/** What went beyond its limit, in words. */
const beyond = (why: Ending, { seconds, memoryMb }: LaneLimits) =>
  why === "time"
    ? `takes more than ${seconds} s`
    : why === "memory"
      ? `takes more than ${memoryMb} MiB of memory`
      : "took the process that worked on it down";
const CODES = { time: "too-long", memory: "too-much-memory", aborted: "broken-off" } as const;

/** Lanes by what is asked: what one kind takes long for holds no other up. */
const LANES: Record<"view" | "preview" | "drawing", (memoryMb: number) => LaneLimits> = {
  view: (memoryMb) => ({
    lanes: 4,
    seconds: 120,
    memoryMb,
    refusal: (why, limits) =>
      new Problem(
        503,
        CODES[why],
        `This question ${beyond(why, limits)}. Ask about fewer cases, or with less detail.`,
      ),
  }),
  preview: (memoryMb) => ({
    lanes: 3,
    seconds: 60,
    memoryMb: Math.min(memoryMb, 4096),
    refusal: (why, limits) =>
      new InputError(
        CODES[why],
        "file",
        `Looking into the file ${beyond(why, limits)}. ${why === "aborted" ? "Export it anew, or in another format." : "Import it without a look, or give less of it."}`,
      ),
  }),
  drawing: (memoryMb) => ({
    lanes: 2,
    seconds: 15,
    memoryMb: Math.min(memoryMb, 1024),
    refusal: (why, limits) =>
      new InputError(
        CODES[why],
        "description",
        `Reading and drawing the description ${beyond(why, limits)}. Describe parts of the work as processes of their own.`,
      ),
  }),
};

const laneOf = ({ kind }: ExplorerTask) =>
  kind === "preview"
    ? "preview"
    : kind === "read description" || kind === "check description"
      ? "drawing"
      : "view";

/**
 * Answers what needs a foreign file, a log or a drawing, in processes of their own: logs stay loaded there
 * between questions, so that a filter is answered in the time of a few passes, and whatever a file or a
 * description does to its process, the server and the other organisations go on. Processes end when nobody
 * has asked for ten minutes.
 */
export class Explorer {
  readonly #lanes: Record<keyof typeof LANES, Lanes>;

  constructor({ directory, blobs, memoryMb = defaultMemoryMb() }: ComputeSettings) {
    const lanes = (kind: keyof typeof LANES) => new Lanes({ directory, blobs }, LANES[kind](memoryMb));
    this.#lanes = { view: lanes("view"), preview: lanes("preview"), drawing: lanes("drawing") };
  }

  /**
   * The answer as JSON. Throws InputError where the input is at fault, Problem 503 where too much is asked at
   * once.
   */
  ask(organisationId: string, task: ExplorerTask, signal: AbortSignal, urgent = false): Promise<string> {
    return this.#lanes[laneOf(task)].ask(organisationId, task, signal, urgent);
  }

  /** The answer as what it is, by the kind of the question. Throws as `ask` does. */
  async read<K extends ExplorerTask["kind"]>(
    organisationId: string,
    task: ExplorerTask & { kind: K },
    signal: AbortSignal,
  ): Promise<ExplorerAnswers[K]> {
    return JSON.parse(await this.ask(organisationId, task, signal)) as ExplorerAnswers[K];
  }

  async end(): Promise<void> {
    await Promise.all(Object.values(this.#lanes).map((lanes) => lanes.end()));
  }
}
