import { type Plant, leakOf, pct } from "./plant.ts";
import { stepAndOtherRole } from "./steps.ts";
import { byOtherRole } from "./hooks.ts";

/** A few executions of a step are done by another role. */
export const roleMismatch: Plant = {
  detector: "role-mismatch",
  plant(world) {
    const found = stepAndOtherRole(world);
    if (!found) return undefined;
    const { step, other } = found;
    const share = 0.04 + 0.15 * world.strength;
    const leak = leakOf(world, [step], `${pct(share)} of "${step}" are done by ${other}`);
    return { leak, hooks: byOtherRole(world, leak, step, other, share) };
  },
};
