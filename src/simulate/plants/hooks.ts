import type { PlantedLeak, World } from "./plant.ts";
import { insertBefore } from "./steps.ts";
import type { Hooks, Node, SimCase } from "../engine.ts";
import type { Person } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A share of a step goes to one person. */
export function assignTo(
  world: World,
  leak: PlantedLeak,
  step: string,
  person: Person,
  share: number,
): Hooks {
  return {
    before(c, task) {
      if (task.step !== step || c.requester === person || !world.random.chance(share)) return undefined;
      leak.cases.add(c.id);
      return { only: person };
    },
  };
}

/** A share of the cases has additional work before a step: the given one, else a random one. */
export function insertWork(
  world: World,
  leak: PlantedLeak,
  name: string,
  share: number,
  minutes: number,
  place?: { before: string; role: string },
) {
  const steps = stepsOf(world.plan.flow).filter((s) => world.plan.steps[s].kind !== "request");
  const before = place?.before ?? world.random.pick(steps);
  const role = place?.role ?? world.plan.steps[before].role;
  return {
    plan(c: SimCase, nodes: Node[]) {
      if (!world.random.chance(share)) return;
      if (insertBefore(nodes, before, { step: name, plan: { role, minutes, kind: "work" } }))
        leak.cases.add(c.id);
    },
  };
}

/** A share of the cases leaves a step out. */
export function skip(world: World, leak: PlantedLeak, step: string, share: number) {
  return {
    before(c: SimCase, task: { step: string }) {
      if (task.step !== step || !world.random.chance(share)) return undefined;
      leak.cases.add(c.id);
      return { skip: true };
    },
  };
}

/** A share of a step is done by another role. */
export function byOtherRole(world: World, leak: PlantedLeak, step: string, other: string, share: number) {
  return {
    before(c: SimCase, task: { step: string }) {
      if (task.step !== step || !world.random.chance(share)) return undefined;
      leak.cases.add(c.id);
      return { roles: [other] };
    },
  };
}
