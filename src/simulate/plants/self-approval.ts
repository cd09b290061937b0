import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import type { SimCase } from "../engine.ts";
import type { Person } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A few approvers raise cases and approve them themselves. */
export const selfApproval: Plant = {
  detector: "self-approval",
  plant(world) {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    const entry = stepsOf(world.plan.flow)[0];
    const approvers = staffOf(world, step);
    const doers = world.random.shuffle([...approvers]).slice(0, 1 + world.random.below(2));
    const share = 0.05 + 0.08 * world.strength;
    const leak = leakOf(
      world,
      [step],
      `${doers.length} approvers raise ${pct(share)} of the cases and approve them themselves`,
      doers,
    );
    const own = new Map<SimCase, Person>();
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step === entry && !own.has(c) && world.random.chance(share)) {
            const person = world.random.pick(doers);
            c.requester = person;
            own.set(c, person);
            return { only: person };
          }
          const person = own.get(c);
          if (task.step !== step || !person || !world.random.chance(0.85)) return undefined;
          leak.cases.add(c.id);
          return { only: person };
        },
      },
    };
  },
};
