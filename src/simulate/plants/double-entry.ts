import { type Plant, leakOf, pct } from "./plant.ts";
import { insertWork } from "./hooks.ts";

/** The same data is typed in a second time. */
export const doubleEntry: Plant = {
  detector: "double-entry",
  plant(world) {
    const name = world.plan.words.doubleEntry;
    const share = 0.15 + 0.5 * world.strength;
    const leak = leakOf(world, [name], `"${name}" in ${pct(share)} of cases`);
    return { leak, hooks: insertWork(world, leak, name, share, 8) };
  },
};
