import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import { DAY, nextAtWork } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A step is recorded days after it was done, by one person or by everybody. */
export const lateLogging: Plant = {
  detector: "late-logging",
  plant(world) {
    const step = takeStep(world, ["work", "check", "enter"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const share = 0.35 + 0.5 * world.strength;
    const one = world.random.chance(0.5);
    const who = one ? [world.random.pick(staffOf(world, step))] : staffOf(world, step);
    const leak = leakOf(
      world,
      [step, ...(one ? [who[0].name] : [])],
      `"${step}" is recorded days later in ${pct(share)}${one ? " by one person" : ""}`,
      one ? who : [],
    );
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step !== step || !who.includes(row.person) || !world.random.chance(share)) return;
          row.recorded = nextAtWork(row.person, row.end + (2 + 5 * world.random.next()) * DAY);
          leak.cases.add(row.case.id);
        },
      },
    };
  },
};
