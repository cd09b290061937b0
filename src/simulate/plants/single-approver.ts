import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import { assignTo } from "./hooks.ts";

/** Nearly all of an approval goes to one person. */
export const singleApprover: Plant = {
  detector: "single-approver",
  plant(world) {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    const approver = world.random.pick(staffOf(world, step));
    const share = 0.95 + 0.05 * world.strength;
    const leak = leakOf(world, [step], `${pct(share)} of "${step}" goes to one person`, [approver]);
    return { leak, hooks: assignTo(world, leak, step, approver, share) };
  },
};
