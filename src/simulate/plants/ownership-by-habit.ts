import { type Plant, leakOf, pct } from "./plant.ts";
import { stepAndOtherRole } from "./steps.ts";
import { byOtherRole } from "./hooks.ts";

/** Most of a step is done by a role that does not own it. */
export const ownershipByHabit: Plant = {
  detector: "ownership-by-habit",
  plant(world) {
    const found = stepAndOtherRole(world);
    if (!found) return undefined;
    const { step, other } = found;
    const share = 0.75 + 0.2 * world.strength;
    const leak = leakOf(world, [step], `${pct(share)} of "${step}" are done by ${other}, who do not own it`);
    return { leak, hooks: byOtherRole(world, leak, step, other, share) };
  },
};
