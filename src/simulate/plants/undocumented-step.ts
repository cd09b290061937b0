import { type Plant, leakOf, pct } from "./plant.ts";
import { insertWork } from "./hooks.ts";

/** A step is done that no description has. */
export const undocumentedStep: Plant = {
  detector: "undocumented-step",
  plant(world) {
    const share = 0.1 + 0.5 * world.strength;
    const name = world.plan.words.undescribed;
    const leak = leakOf(world, [name], `"${name}" is done in ${pct(share)} of cases and described nowhere`);
    return { leak, hooks: insertWork(world, leak, name, share, 12) };
  },
};
