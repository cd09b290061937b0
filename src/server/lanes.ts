import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Child, ChildEnded, type Ending } from "../threads/child.ts";
import type { ExplorerTask, Place } from "./explorer-child.ts";
import { Problem } from "./problem.ts";

/** What a kind of question may take, and how it is called when it takes more. */
export interface LaneLimits {
  /** processes at most; each answers one question at a time */
  lanes: number;
  seconds: number;
  memoryMb: number;
  /** the refusal of a question whose process did not come to the end */
  refusal(why: Ending, limits: LaneLimits): Error;
}

/** Logs are kept in memory so long after the last question about one of them. */
const IDLE_MS = 10 * 60_000;
/** Questions of one organisation that may wait. */
const MOST_WAITING = 200;
/** Questions of one page come within so long. */
const GRACE_MS = 4;

type Answerer = Child<ExplorerTask & Place, string>;

interface Waiting {
  organisationId: string;
  task: ExplorerTask;
  done(answer: string): void;
  failed(error: Error): void;
  signal: AbortSignal;
  urgent: boolean;
}

interface Lane {
  child: Answerer | undefined;
  /** whose question it answers, or answered last */
  organisationId: string;
  current: Waiting | undefined;
  idle: NodeJS.Timeout | undefined;
  /** of its last answer */
  at: number;
}

/**
 * Processes that answer questions, an organisation's one after the other and in the same process while others
 * do not need it: so that its logs stay loaded there, and that what one asks never holds another up. A
 * question whose asker has gone is not begun.
 */
export class Lanes {
  readonly #place: Omit<Place, "temporary">;
  readonly #limits: LaneLimits;
  readonly #lanes: Lane[] = [];
  readonly #waiting: Waiting[] = [];
  #ended = false;

  constructor(place: Omit<Place, "temporary">, limits: LaneLimits) {
    this.#place = place;
    this.#limits = limits;
  }

  ask(organisationId: string, task: ExplorerTask, signal: AbortSignal, urgent: boolean): Promise<string> {
    const own = this.#waiting.filter((one) => one.organisationId === organisationId);
    if (own.length >= MOST_WAITING)
      throw new Problem(503, "busy", "Too many questions are waiting. Ask again in a moment.", {
        headers: { "retry-after": "2" },
      });
    return new Promise((done, failed) => {
      this.#waiting.push({ organisationId, task, done, failed, signal, urgent });
      // a page asks several questions at once: what people wait for is answered before what stands beside it
      if (urgent || this.#worksFor(organisationId)) this.#next();
      else setTimeout(() => this.#next(), GRACE_MS);
    });
  }

  async end(): Promise<void> {
    this.#ended = true;
    const stopping = new Problem(503, "stopping", "The server is stopping. Ask again in a moment.");
    for (const one of this.#waiting.splice(0)) one.failed(stopping);
    const lanes = this.#lanes.splice(0);
    for (const { current, idle } of lanes) {
      clearTimeout(idle);
      current?.failed(stopping);
    }
    await Promise.all(lanes.map(({ child }) => child?.end()));
  }

  #worksFor(organisationId: string): boolean {
    return this.#lanes.some((lane) => lane.current?.organisationId === organisationId);
  }

  /** Begins whatever can be begun: urgent questions first, then in the order of asking. */
  #next(): void {
    if (this.#ended) return;
    const inTurn = [
      ...this.#waiting.filter(({ urgent }) => urgent),
      ...this.#waiting.filter(({ urgent }) => !urgent),
    ];
    for (const one of inTurn) {
      if (one.signal.aborted) {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        one.failed(new Problem(503, "gone", "Nobody waits for this answer any more."));
        continue;
      }
      if (this.#worksFor(one.organisationId)) continue;
      const lane = this.#laneFor(one.organisationId);
      if (!lane) continue;
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      void this.#answer(lane, one);
    }
  }

  /**
   * The organisation's own lane where it is free; else an unused one, else the one that was used least
   * recently.
   */
  #laneFor(organisationId: string): Lane | undefined {
    const free = this.#lanes.filter(({ current }) => !current);
    const own = free.find((lane) => lane.organisationId === organisationId);
    if (own) return own;
    if (this.#lanes.length < this.#limits.lanes) {
      const lane = { child: undefined, organisationId, current: undefined, idle: undefined, at: 0 };
      this.#lanes.push(lane);
      return lane;
    }
    return free.sort((a, b) => a.at - b.at)[0];
  }

  async #answer(lane: Lane, one: Waiting): Promise<void> {
    clearTimeout(lane.idle);
    lane.current = one;
    lane.organisationId = one.organisationId;
    const { seconds, memoryMb, refusal } = this.#limits;
    if (!lane.child?.lives) lane.child = new Child(new URL("./explorer-child.ts", import.meta.url), memoryMb);
    try {
      const temporary = join(this.#place.directory, "tmp", randomUUID());
      one.done(await lane.child.ask({ ...one.task, ...this.#place, temporary }, { limitMs: seconds * 1000 }));
    } catch (error) {
      one.failed(
        error instanceof ChildEnded
          ? Object.assign(refusal(error.why, this.#limits), { cause: error })
          : (error as Error),
      );
    }
    lane.current = undefined;
    lane.at = performance.now();
    if (this.#ended) return;
    lane.idle = setTimeout(() => {
      this.#lanes.splice(this.#lanes.indexOf(lane), 1);
      void lane.child?.end();
    }, IDLE_MS);
    lane.idle.unref();
    this.#next();
  }
}
