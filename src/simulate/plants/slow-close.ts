import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { DAY } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A closing task waits two weeks. */
export const slowClose: Plant = {
  detector: "slow-close",
  onlyIn: "month-end-close",
  plant(world) {
    const step = takeStep(
      world,
      ["check", "work", "approve"],
      (s) => stepsOf(world.plan.flow).indexOf(s) > 1,
    );
    if (!step) return undefined;
    const share = 0.3 + 0.5 * world.strength;
    const leak = leakOf(
      world,
      [step, "whole process"],
      `"${step}" waits two weeks in ${pct(share)} of the closing tasks`,
    );
    leak.also = [{ detector: "handoff-wait", subjects: [step] }];
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { notBefore: ready + (11 + 6 * world.random.next()) * DAY };
        },
      },
    };
  },
};
