import { type Plant, leakOf } from "./plant.ts";
import { stepsOf } from "../processes.ts";

/** A step is described and never done. */
export const phantomStep: Plant = {
  detector: "phantom-step",
  plant(world) {
    const name = world.plan.words.phantom;
    const steps = stepsOf(world.plan.flow);
    const before = world.random.pick(steps.slice(1));
    const leak = leakOf(world, [name], `"${name}" is described and never done`);
    leak.describe = (description) => {
      description.steps[name] = { role: world.plan.steps[before].role };
      const at = description.flow.findIndex((part) => JSON.stringify(part).includes(JSON.stringify(before)));
      description.flow.splice(Math.max(1, at), 0, name);
    };
    return { leak, hooks: { plan: (c) => void leak.cases.add(c.id) } };
  },
};
