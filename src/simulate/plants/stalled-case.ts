import { type Plant, leakOf, pct } from "./plant.ts";
import { DAY } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** Some cases are forgotten after a step and never go on. */
export const stalledCase: Plant = {
  detector: "stalled-case",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    // A step beside others would leave the case with whatever came last of them.
    const single = (step: string) => (world.plan.flow as unknown[]).includes(step);
    const step = world.random.pick(steps.slice(0, -2).filter(single));
    const share = 0.04 + 0.06 * world.strength;
    const leak = leakOf(
      world,
      [step, "whole process"],
      `${pct(share)} of cases are forgotten after "${step}"`,
    );
    return {
      leak,
      hooks: {
        after(c, task) {
          if (task.step !== step || c.arrived > world.to - 90 * DAY || !world.random.chance(share))
            return undefined;
          leak.cases.add(c.id);
          return "stop";
        },
      },
    };
  },
};
