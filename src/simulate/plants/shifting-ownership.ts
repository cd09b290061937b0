import { type Plant, leakOf } from "./plant.ts";
import { takeStep, isRequesterRole } from "./steps.ts";
import { stepsOf } from "../processes.ts";

/** A step is done by whoever takes it, of three or four roles. */
export const shiftingOwnership: Plant = {
  detector: "shifting-ownership",
  plant(world) {
    const step = takeStep(world, ["work", "check"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const roles = world.random.shuffle(
      Object.keys(world.plan.staff).filter((role) => !isRequesterRole(world.plan, role)),
    );
    const chosen = [...new Set([world.plan.steps[step].role, ...roles])].slice(0, 3 + world.random.below(2));
    if (chosen.length < 3) return undefined;
    const leak = leakOf(world, [step], `"${step}" is done by whoever takes it, of ${chosen.length} roles`);
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== step) return undefined;
          leak.cases.add(c.id);
          return { roles: [world.random.pick(chosen)] };
        },
      },
    };
  },
};
