import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, canWaitAtHandover, taskOf } from "./steps.ts";
import type { SimCase } from "../engine.ts";
import type { Person } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** Two people send a case back and forth between two steps. */
export const pingPong: Plant = {
  detector: "ping-pong",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    const second = takeStep(world, ["check", "work", "approve"], (s) => canWaitAtHandover(world.plan, s));
    if (!second) return undefined;
    const first = steps[steps.indexOf(second) - 1];
    const share = 0.08 + 0.12 * world.strength;
    const leak = leakOf(
      world,
      [first, second],
      `"${second}" sends back to "${first}" again and again, between the same two, in ${pct(share)} of cases`,
    );
    const bouncing = new Map<SimCase, { left: number; one?: Person; other?: Person }>();
    return {
      leak,
      hooks: {
        before(c, task) {
          const state = bouncing.get(c);
          if (!state) return undefined;
          if (task.step === first && state.one) return { only: state.one };
          return task.step === second && state.other ? { only: state.other } : undefined;
        },
        after(c, task, row) {
          if (task.step === first && !bouncing.has(c)) {
            bouncing.set(c, {
              left: world.random.chance(share) ? 2 + world.random.below(2) : 0,
              one: row.person,
            });
            return undefined;
          }
          const state = bouncing.get(c);
          if (task.step !== second || !state || state.left === 0 || state.one === row.person)
            return undefined;
          state.other = row.person;
          state.left--;
          leak.cases.add(c.id);
          return [taskOf(world.plan, first), taskOf(world.plan, second)];
        },
      },
    };
  },
};
