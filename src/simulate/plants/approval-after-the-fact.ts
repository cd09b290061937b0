import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { stepsOf } from "../processes.ts";

/** An approval is given only after the step that it should allow. */
export const approvalAfterTheFact: Plant = {
  detector: "approval-after-the-fact",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    const step = takeStep(world, ["approve"], (s) => {
      const next = steps[steps.indexOf(s) + 1];
      return (
        next !== undefined &&
        (world.plan.flow as unknown[]).includes(s) &&
        (world.plan.flow as unknown[]).includes(next)
      );
    });
    if (!step) return undefined;
    const next = steps[steps.indexOf(step) + 1];
    const share = 0.04 + 0.12 * world.strength;
    const leak = leakOf(world, [step], `in ${pct(share)} of cases "${step}" is given only after "${next}"`);
    leak.describe = ({ rules }) => void rules.push({ before: next, must: step });
    return {
      leak,
      hooks: {
        plan(c, nodes) {
          if (!world.random.chance(share)) return;
          const at = nodes.findIndex((node) => "step" in node && node.step === step);
          if (at < 0 || at + 1 >= nodes.length) return;
          [nodes[at], nodes[at + 1]] = [nodes[at + 1], nodes[at]];
          leak.cases.add(c.id);
        },
      },
    };
  },
};
