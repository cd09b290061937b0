import type { World } from "./plant.ts";
import type { Node, Task } from "../engine.ts";
import type { Person } from "../people.ts";
import { stepsOf, type ProcessPlan } from "../processes.ts";

/**
 * A random step of one of these kinds that no other plant bends and that fits; it is taken from then on.
 * Undefined where none is free.
 */
export function takeStep(
  { plan, random, usedSteps }: World,
  kinds: string[],
  fits: (step: string) => boolean = () => true,
): string | undefined {
  const free = stepsOf(plan.flow).filter(
    (step) => kinds.includes(plan.steps[step].kind) && !usedSteps.has(step) && fits(step),
  );
  if (free.length === 0) return undefined;
  const step = random.pick(free);
  usedSteps.add(step);
  return step;
}

/**
 * A random field of choices that no other plant bends; it is taken from then on. Undefined where none is
 * free.
 */
export function choiceAttribute({ plan, random, usedSteps }: World) {
  const free = plan.attributes.filter(({ name, kind }) => kind === "choice" && !usedSteps.has(name));
  if (free.length === 0) return undefined;
  const attribute = random.pick(free);
  usedSteps.add(attribute.name);
  return attribute;
}

/** The people who hold the role of a step. */
export function staffOf({ plan, people }: World, step: string): Person[] {
  return people.filter(({ role }) => role === plan.steps[step].role);
}

/** Whether anybody may hold this role: that of the first step. */
export function isRequesterRole(plan: ProcessPlan, role: string): boolean {
  return plan.steps[stepsOf(plan.flow)[0]].role === role;
}

/** Whether a step is handed over by another role of the house, so that a wait before it is nobody's plan. */
export function canWaitAtHandover(plan: ProcessPlan, step: string): boolean {
  const steps = stepsOf(plan.flow);
  const i = steps.indexOf(step);
  if (/pay|transfer|bezahl|quotation/i.test(step)) return false; // waits for a due date or a supplier, as it should
  return (
    i > 1 &&
    plan.steps[steps[i - 1]].role !== plan.steps[step].role &&
    plan.steps[steps[i - 1]].kind !== "external"
  );
}

/** A step once more, for cases that come back to it. */
export function taskOf(plan: ProcessPlan, step: string): Task {
  return {
    step,
    plan: {
      ...plan.steps[step],
      kind: plan.steps[step].kind === "external" ? "work" : plan.steps[step].kind,
    },
  };
}

/**
 * Puts a task before a step, in whichever branch that stands. False where the case does not have the step.
 */
export function insertBefore(nodes: Node[], step: string, task: Task): boolean {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (
      "step" in node ? node.step === step : node.parallel.some((branch) => insertBefore(branch, step, task))
    ) {
      if ("step" in node) nodes.splice(i, 0, task);
      return true;
    }
  }
  return false;
}

/** A step that is not anybody's, and another role to do it. Undefined where none is free. */
export function stepAndOtherRole(world: World): { step: string; other: string } | undefined {
  const step = takeStep(
    world,
    ["work", "check", "enter"],
    // a role that is anybody's keeps nobody out
    (s) => stepsOf(world.plan.flow).indexOf(s) > 0 && !isRequesterRole(world.plan, world.plan.steps[s].role),
  );
  if (!step) return undefined;
  const others = Object.keys(world.plan.staff).filter(
    (role) => role !== world.plan.steps[step].role && !isRequesterRole(world.plan, role),
  );
  return others.length === 0 ? undefined : { step, other: world.random.pick(others) };
}
