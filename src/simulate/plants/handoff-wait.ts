import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, canWaitAtHandover } from "./steps.ts";
import { DAY } from "../people.ts";

/** Nobody notices for days that a step handed over by another role is due. */
export const handoffWait: Plant = {
  detector: "handoff-wait",
  plant(world) {
    const step = takeStep(world, ["work", "check", "enter", "approve"], (s) =>
      canWaitAtHandover(world.plan, s),
    );
    if (!step) return undefined;
    const [share, days] = [0.55 + 0.4 * world.strength, 4 + 5 * world.strength];
    const leak = leakOf(
      world,
      [step],
      `in ${pct(share)} of cases nobody notices for about ${days.toFixed(0)} days that "${step}" is due`,
    );
    leak.also = [{ detector: "slow-close", subjects: ["*"] }];
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { notBefore: ready + world.random.logNormal(days * 1.4 * DAY, 0.35) };
        },
      },
    };
  },
};
