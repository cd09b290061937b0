import { type Plant, type World, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import { DAY, nextAtWork, weekday, type Person } from "../people.ts";

/** Part of a step belongs to one person and waits while that person is away. */
export const absenceStall: Plant = {
  detector: "absence-stall",
  plant(world) {
    const step = takeStep(world, ["work", "check", "enter"], (s) => staffOf(world, s).length >= 2);
    if (!step) return undefined;
    const holder = world.random.pick(staffOf(world, step));
    const share = 0.45 + 0.2 * world.strength;
    addAbsences(world, holder, 3 + world.random.below(2));
    const leak = leakOf(
      world,
      [step],
      `${pct(share)} of "${step}" belong to one person and wait while that person is away`,
      [holder],
    );
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          if (nextAtWork(holder, ready) - ready > 3 * DAY) leak.cases.add(c.id);
          return { only: holder };
        },
      },
    };
  },
};

function addAbsences({ random, from, to }: World, person: Person, count: number): void {
  for (let k = 0; k < count; k++) {
    const middle = from + ((k + 0.3 + 0.4 * random.next()) / count) * (to - from);
    const monday = Math.floor(middle / DAY) - weekday(Math.floor(middle / DAY));
    for (let d = monday; d < monday + (random.chance(0.5) ? 5 : 12); d++) person.away.add(d);
  }
}
