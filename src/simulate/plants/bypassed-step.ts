import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { skip } from "./hooks.ts";
import { stepsOf } from "../processes.ts";

/** A step in the main sequence is left out of some cases. */
export const bypassedStep: Plant = {
  detector: "bypassed-step",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    const plain = (s: string) => (world.plan.flow as unknown[]).includes(s);
    const step = takeStep(
      world,
      ["check", "work"],
      (s) => plain(s) && steps.indexOf(s) > 0 && steps.indexOf(s) < steps.length - 1,
    );
    if (!step) return undefined;
    const share = 0.05 + 0.15 * world.strength;
    const leak = leakOf(world, [step], `"${step}" is left out in ${pct(share)} of cases`);
    return { leak, hooks: skip(world, leak, step, share) };
  },
};
