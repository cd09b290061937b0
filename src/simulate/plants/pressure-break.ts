import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { DAY } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A check is skipped in weeks that bring three times the usual arrivals. */
export const pressureBreak: Plant = {
  detector: "pressure-break",
  fits: ({ monthEnd }) => !monthEnd,
  plant(world) {
    const step = takeStep(world, ["check", "approve"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const share = 0.45 + 0.4 * world.strength;
    const leak = leakOf(
      world,
      [step],
      `"${step}" is skipped in ${pct(share)} of cases while campaigns bring three times the usual arrivals`,
    );
    return {
      leak,
      hooks: {
        before(c, task) {
          if (
            task.step !== step ||
            !isCampaign(world, Math.floor(c.arrived / DAY)) ||
            !world.random.chance(share)
          )
            return undefined;
          leak.cases.add(c.id);
          return { skip: true };
        },
      },
    };
  },
};

/**
 * Days on which three times the usual number of cases arrives, where pressure was planted: every eighth week.
 */
export function isCampaign({ from }: { from: number }, dayNumber: number): boolean {
  const week = Math.floor((dayNumber - Math.floor(from / DAY)) / 7);
  return week % 8 === 5;
}
