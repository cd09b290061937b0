/** One move from state to state: where it may begin, where it leads, and who makes it. */
export interface Move<S extends string> {
  from: readonly S[];
  to: S;
  /** states that it leaves as they are, without being refused */
  stays?: readonly S[];
  /** the right that a person needs, or what makes it of itself */
  who: Right | "audit" | "runner" | "server" | "clock";
  /** what has become of it then: "accepted" */
  done: string;
}

/** The rights of `server/rights.ts` that moves need; a route that makes one asks for it. */
type Right = "judge findings" | "decide gaps" | "add evidence";

/**
 * The states of one kind of thing, and every move between them: what is not listed is refused, by whoever
 * asks and by the database.
 */
export interface States<S extends string, M extends string> {
  /** what is in these states, for people */
  of: string;
  states: readonly S[];
  moves: Readonly<Record<M, Move<S>>>;
  /** how a state is left that a person cannot simply leave: what to do instead of a refused move */
  instead: Readonly<Partial<Record<S, string>>>;
}

const statesOf = <S extends string, M extends string>(
  of: string,
  states: readonly S[],
  moves: Record<M, Move<NoInfer<S>>>,
  instead: Partial<Record<NoInfer<S>, string>>,
): States<S, M> => ({ of, states, moves, instead });

/** What becomes of a finding. Fixed is what a new measurement says, not a person. */
export const findingStates = statesOf(
  "finding",
  ["open", "accepted", "fixed", "false alarm"],
  {
    accept: { from: ["open"], to: "accepted", stays: ["accepted"], who: "judge findings", done: "accepted" },
    reopen: { from: ["accepted"], to: "open", stays: ["open"], who: "judge findings", done: "opened again" },
    refute: {
      from: ["open", "accepted", "fixed"],
      to: "false alarm",
      stays: ["false alarm"],
      who: "judge findings",
      done: "called a false alarm",
    },
    confirm: {
      from: ["false alarm"],
      to: "open",
      stays: ["open", "accepted", "fixed"],
      who: "judge findings",
      done: "confirmed",
    },
    vanish: {
      from: ["open", "accepted"],
      to: "fixed",
      stays: ["fixed", "false alarm"],
      who: "audit",
      done: "fixed",
    },
    appear: {
      from: ["fixed"],
      to: "open",
      stays: ["open", "accepted", "false alarm"],
      who: "audit",
      done: "seen again",
    },
  },
  {
    fixed: "It opens again when an audit sees it.",
    "false alarm": "Confirm it first, if it was none.",
  },
);
/** A state of a finding. */
export type FindingState = (typeof findingStates.states)[number];

/** What becomes of a gap. Only evidence closes it; people live with it for a time. */
export const gapStates = statesOf(
  "gap",
  ["open", "accepted", "closed"],
  {
    // whoever accepts anew answers for it from then on
    accept: { from: ["open", "accepted"], to: "accepted", who: "decide gaps", done: "accepted" },
    reopen: { from: ["accepted"], to: "open", stays: ["open"], who: "decide gaps", done: "opened again" },
    lapse: { from: ["accepted"], to: "open", who: "clock", done: "open again, since its acceptance ended" },
    vanish: { from: ["open", "accepted"], to: "closed", stays: ["closed"], who: "audit", done: "closed" },
    appear: { from: ["closed"], to: "open", stays: ["open", "accepted"], who: "audit", done: "seen again" },
  },
  { closed: "Evidence has closed it; it opens again when an audit sees it." },
);
/** A state of a gap. */
export type GapState = (typeof gapStates.states)[number];

/** What becomes of background work. What has ended stays so. */
export const workStates = statesOf(
  "work",
  ["waiting", "running", "done", "failed", "cancelled", "set aside"],
  {
    // of running work a runner takes what another one, silent for long, has begun
    take: { from: ["waiting", "running"], to: "running", who: "runner", done: "begun" },
    "give back": { from: ["running"], to: "waiting", who: "runner", done: "given back" },
    // its runner is silent, or its place in the queue was lost
    revive: { from: ["waiting", "running"], to: "waiting", who: "server", done: "queued again" },
    finish: { from: ["running"], to: "done", who: "runner", done: "done" },
    fail: { from: ["running"], to: "failed", who: "runner", done: "failed" },
    stop: { from: ["running"], to: "cancelled", who: "runner", done: "cancelled" },
    "set aside": { from: ["running"], to: "set aside", who: "runner", done: "set aside" },
    // what runs is asked to stop, and stops by itself
    cancel: {
      from: ["waiting"],
      to: "cancelled",
      stays: ["running"],
      who: "add evidence",
      done: "cancelled",
    },
  },
  {
    done: "Ask for it anew.",
    failed: "Ask for it anew.",
    cancelled: "Ask for it anew.",
    "set aside": "Ask for it anew.",
  },
);
/** A state of background work. */
export type WorkState = (typeof workStates.states)[number];

/** The states in which nothing more comes of work: no move leads out of them. */
export const WORK_ENDS = ["done", "failed", "cancelled", "set aside"] as const satisfies readonly WorkState[];
/** A state in which work has ended. */
export type WorkEnd = (typeof WORK_ENDS)[number];

/** Where a move leads from a state; undefined where it is not allowed there. */
export function moved<S extends string, M extends string>(
  { moves }: States<S, M>,
  move: M,
  from: S,
): S | undefined {
  const { from: begins, to, stays = [] } = moves[move];
  return begins.includes(from) ? to : stays.includes(from) ? from : undefined;
}

/**
 * Why a move is refused from a state, and what to do instead; `subject` is what is in that state: "This
 * finding".
 */
export function refusalOf<S extends string, M extends string>(
  { moves, instead }: States<S, M>,
  move: M,
  from: S,
  subject: string,
): string {
  const { from: begins, done } = moves[move];
  return `${subject} is ${from}, and can be ${done} only while it is ${begins.join(" or ")}. ${instead[from] ?? ""}`.trim();
}

/** Every pair of two states between which some move leads. */
export const pairsOf = <S extends string, M extends string>({ moves }: States<S, M>): [from: S, to: S][] =>
  Object.values<Move<S>>(moves).flatMap(({ from, to }) =>
    from.filter((one) => one !== to).map((one): [S, S] => [one, to]),
  );
