import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { skip } from "./hooks.ts";

/** Some cases go on without their approval. */
export const approvalBypassed: Plant = {
  detector: "approval-bypassed",
  plant(world) {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    const share = 0.03 + 0.1 * world.strength;
    const leak = leakOf(world, [step], `${pct(share)} of cases go on without "${step}"`);
    return { leak, hooks: skip(world, leak, step, share) };
  },
};
