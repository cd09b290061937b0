import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import { DAY, MINUTE, nextAtWork } from "../people.ts";

/** One approver waves cases through in seconds, all at once or as they come. */
export const rubberStamp: Plant = {
  detector: "rubber-stamp",
  plant(world) {
    const step = takeStep(world, ["approve"], (s) => staffOf(world, s).length >= 2);
    if (!step) return undefined;
    const stamper = world.random.pick(staffOf(world, step));
    const share = 0.6 + 0.35 * world.strength;
    const inBursts = world.random.chance(0.5);
    const leak = leakOf(
      world,
      [step],
      `one approver waves ${pct(share)} of their cases of "${step}" through in seconds${inBursts ? ", all at once in the afternoon" : ""}`,
      [stamper],
    );
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          // The usual mix of approvers, but this one's pile waits until the end of the day.
          if (task.step !== step || !inBursts || c.requester === stamper || !world.random.chance(0.45))
            return undefined;
          const at = nextAtWork(stamper, ready);
          const clearing = Math.floor(at / DAY) * DAY + stamper.to * MINUTE - 20 * MINUTE;
          return { only: stamper, notBefore: Math.max(at, clearing) };
        },
        minutes(c, task, person) {
          if (task.step !== step || person !== stamper || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return 0.08 + 0.12 * world.random.next();
        },
      },
    };
  },
};
