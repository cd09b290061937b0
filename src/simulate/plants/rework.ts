import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, taskOf } from "./steps.ts";
import type { SimCase } from "../engine.ts";
import { stepsOf } from "../processes.ts";

/** After a check, a share of the cases goes back a step or two, once. */
export const rework: Plant = {
  detector: "rework",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    const check = takeStep(world, ["check", "work", "approve"], (s) => steps.indexOf(s) >= 2);
    if (!check) return undefined;
    const back = steps.slice(Math.max(1, steps.indexOf(check) - 2), steps.indexOf(check) + 1);
    const share = 0.13 + 0.2 * world.strength;
    const leak = leakOf(world, back, `after "${check}" ${pct(share)} of cases go back to "${back[0]}"`);
    const sent = new Set<SimCase>();
    return {
      leak,
      hooks: {
        after(c, task) {
          if (task.step !== check || sent.has(c) || !world.random.chance(share)) return undefined;
          sent.add(c);
          leak.cases.add(c.id);
          return back.map((step) => taskOf(world.plan, step));
        },
      },
    };
  },
};
