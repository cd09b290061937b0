import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import { assignTo } from "./hooks.ts";

/** One person does nearly all of a step that others could do. */
export const keyPerson: Plant = {
  detector: "key-person",
  plant(world) {
    const step = takeStep(world, ["work", "check"], (s) => staffOf(world, s).length >= 3);
    if (!step) return undefined;
    const holder = world.random.pick(staffOf(world, step));
    const share = 0.9 + 0.1 * world.strength;
    const leak = leakOf(
      world,
      [step],
      `${pct(share)} of "${step}" goes to one person, though others hold the role`,
      [holder],
    );
    return { leak, hooks: assignTo(world, leak, step, holder, share) };
  },
};
