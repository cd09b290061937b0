import { type Plant, leakOf } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { DAY, HOUR, weekday } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A step is gathered and run once a week, or every second week. */
export const batching: Plant = {
  detector: "batching",
  plant(world) {
    const step = takeStep(
      world,
      ["work", "check", "approve", "enter"],
      (s) => stepsOf(world.plan.flow).indexOf(s) > 0,
    );
    if (!step) return undefined;
    const share = 0.88 + 0.12 * world.strength;
    const closing = world.plan.monthEnd ? [{ detector: "slow-close", subjects: ["*"] }] : [];
    const day = world.random.below(5);
    const weeks = world.random.chance(0.3) && !world.plan.monthEnd ? 2 : 1;
    const leak = leakOf(
      world,
      [step],
      `"${step}" is gathered and run every ${weeks === 1 ? "" : "second "}week`,
    );
    leak.also = closing;
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          const isRunDay = (d: number) => weekday(d) === day && (weeks === 1 || Math.floor(d / 7) % 2 === 0);
          let run = Math.floor(ready / DAY);
          while (!isRunDay(run) || run * DAY + 13 * HOUR < ready) run++;
          leak.cases.add(c.id);
          return { notBefore: run * DAY + 13 * HOUR };
        },
        minutes: (_, task) => (task.step === step ? 1 + world.random.next() * 2 : undefined),
      },
    };
  },
};
