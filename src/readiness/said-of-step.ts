import type { DescribedStep, Description } from "../description/description.ts";
import type { TaskKind } from "../evidence/task-kinds.ts";

/** What people can say a step is. "do" is none: it only means that a name tells nothing. */
export type SaidTask = NonNullable<DescribedStep["task"]>;

/** What one source says of a step. */
export interface StepStatement {
  /** the activities that it was said of; where they are not those of the step, nothing was said of it */
  activities?: readonly string[];
  task?: SaidTask | null;
  /** "yes", "no", or "until" a step or a length of time */
  undo?: string | null;
}

/** "approvals": whoever named the approvals of the process */
export type SaidBy = "description" | "confirmation" | "approvals";

/** What people say of a step, from everybody who said something. */
export interface SaidOfStep {
  /** null where nobody has said it, or what was said differs */
  kind: SaidTask | null;
  kindSaidBy: SaidBy | null;
  undo: string | null;
  undoSaidBy: SaidBy | null;
  /** of what the description and a confirmation say different things that cannot both be kept to */
  differs: ("kind" | "undo")[];
}

/**
 * What people have said of a step, when the description and a confirmation on its page are put together.
 * Where they differ the stricter counts: one that says that it decides, or cannot be undone, is enough;
 * anything else that differs counts as not said.
 */
export function saidOfStep(
  described: StepStatement | undefined,
  confirmed: StepStatement | undefined,
): SaidOfStep {
  const [kind, kindSaidBy, kindDiffers] = put(described?.task, confirmed?.task, "decide");
  const [undo, undoSaidBy, undoDiffers] = put(described?.undo, confirmed?.undo, "no");
  return {
    kind,
    kindSaidBy,
    undo,
    undoSaidBy,
    differs: [...(kindDiffers ? (["kind"] as const) : []), ...(undoDiffers ? (["undo"] as const) : [])],
  };
}

function put<T extends string>(
  described: T | null | undefined,
  confirmed: T | null | undefined,
  strictest: NoInfer<T>,
): [T | null, SaidBy | null, boolean] {
  if (described === strictest) return [described, "description", false];
  if (confirmed === strictest) return [confirmed, "confirmation", false];
  if (described && confirmed && described !== confirmed) return [null, null, true];
  return described
    ? [described, "description", false]
    : confirmed
      ? [confirmed, "confirmation", false]
      : [null, null, false];
}

/** What the description says of a step; a step that approves another one decides. */
export const describedStatement = (step: DescribedStep | undefined): StepStatement | undefined =>
  step && { task: step.approves === undefined ? step.task : "decide", undo: step.undo };

/** What was confirmed of steps, by step. */
export const statementsOf = (
  rows: readonly { step: string; activities: string[]; task: string | null; undo: string | null }[],
): Record<string, StepStatement> =>
  Object.fromEntries(
    rows.map(({ step, activities, task, undo }) => [
      step,
      { activities, task: task as SaidTask | null, undo },
    ]),
  );

/**
 * What was confirmed of a step; undefined where nothing was, or of other activities: a mapping that changes
 * changes what a step is.
 */
export function confirmedOf(
  confirmed: Readonly<Record<string, StepStatement>>,
  step: string,
  activities: readonly string[],
): StepStatement | undefined {
  if (!Object.hasOwn(confirmed, step)) return undefined;
  const said = confirmed[step];
  const own = new Set(activities);
  const isSame =
    said.activities === undefined ||
    (said.activities.length === own.size && said.activities.every((one) => own.has(one)));
  return isSame ? said : undefined;
}

/**
 * A description that no person answers for: of what a program says of its steps only what is stricter counts.
 */
export function withoutProgramsWord<D extends Pick<Description, "steps">>(description: D): D {
  const steps = Object.entries(description.steps ?? {}).map(([name, { task, undo, ...step }]) => [
    name,
    { ...step, ...(task === "decide" && { task }), ...(undo === "no" && { undo }) },
  ]);
  return description.steps ? { ...description, steps: Object.fromEntries(steps) as D["steps"] } : description;
}

/** What the name of a step suggests, to be confirmed or not; null where it suggests nothing. */
export interface Guess {
  kind: TaskKind | null;
  undo: "no" | null;
}

/** Words for a kind of task, after "it is there to". */
export const TASK_WORDS: Record<TaskKind, string> = {
  sort: "sort",
  check: "check",
  copy: "copy",
  track: "track",
  chase: "chase",
  fix: "put right",
  extract: "extract",
  decide: "decide",
  do: "do other work",
};
