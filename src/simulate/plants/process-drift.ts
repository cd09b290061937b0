import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, insertBefore } from "./steps.ts";
import { stepsOf } from "../processes.ts";

/** From one day on a step is added to most cases, or left out of them. */
export const processDrift: Plant = {
  detector: "process-drift",
  plant(world) {
    const date = world.from + (0.35 + 0.3 * world.random.next()) * (world.to - world.from);
    const share = 0.7 + 0.3 * world.strength;
    const steps = stepsOf(world.plan.flow);
    if (world.random.chance(0.5)) {
      const name = world.plan.words.addition;
      const before = steps[2 + world.random.below(steps.length - 2)];
      const leak = leakOf(world, [name], `from ${day(date)} on "${name}" is done in ${pct(share)} of cases`);
      return {
        leak,
        hooks: {
          plan(c, nodes) {
            if (c.arrived < date || !world.random.chance(share)) return;
            leak.cases.add(c.id);
            insertBefore(nodes, before, {
              step: name,
              plan: { role: world.plan.steps[before].role, minutes: 9, kind: "work" },
            });
          },
        },
      };
    }
    const step = takeStep(
      world,
      ["check", "work"],
      (s) => steps.indexOf(s) < steps.length - 1 && steps.indexOf(s) > 0,
    );
    if (!step) return undefined;
    const leak = leakOf(
      world,
      [step],
      `from ${day(date)} on "${step}" is left out in ${pct(share)} of cases`,
    );
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== step || c.arrived < date || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { skip: true };
        },
      },
    };
  },
};

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
