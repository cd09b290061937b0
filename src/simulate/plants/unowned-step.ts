import { type Plant, leakOf } from "./plant.ts";
import { takeStep } from "./steps.ts";

/** A step belongs to no role, or to one that nobody holds. */
export const unownedStep: Plant = {
  detector: "unowned-step",
  plant(world) {
    const step = takeStep(world, ["work", "check", "enter"]);
    if (!step) return undefined;
    const ghost = world.random.chance(0.5);
    const leak = leakOf(
      world,
      [step],
      ghost ? `"${step}" belongs to a role that nobody holds` : `"${step}" belongs to no role`,
    );
    leak.describe = ({ steps }) => {
      if (ghost) steps[step].role = "Process office";
      else delete steps[step].role;
    };
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step === step) leak.cases.add(row.case.id);
        },
      },
    };
  },
};
