import { type Plant, leakOf, pct } from "./plant.ts";
import type { SimCase } from "../engine.ts";
import { stepsOf } from "../processes.ts";

/** The amount changes after the last approval, with an event of its own or silently. */
export const lateCorrection: Plant = {
  detector: "late-correction",
  plant(world) {
    const approve = stepsOf(world.plan.flow).findLast((s) => world.plan.steps[s].kind === "approve");
    const amount = world.plan.attributes.find(({ kind }) => kind === "amount");
    if (!approve || !amount || world.usedSteps.has(`after ${approve}`)) return undefined;
    world.usedSteps.add(`after ${approve}`);
    const share = 0.05 + 0.08 * world.strength;
    const silent = world.random.chance(0.35);
    const change = world.plan.words.change;
    const leak = leakOf(
      world,
      [change, amount.name],
      `in ${pct(share)} of cases the amount is changed after "${approve}"${silent ? ", without an event of its own" : ""}`,
    );
    const { role } = world.plan.steps[stepsOf(world.plan.flow)[1]];
    const raise = (c: SimCase) => {
      c.values[amount.name] = cents(Number(c.values[amount.name]) * (1.05 + 0.3 * world.random.next()));
      leak.cases.add(c.id);
    };
    const changed = new Set<SimCase>();
    return {
      leak,
      hooks: {
        after(c, task) {
          if (task.step !== approve || changed.has(c) || !world.random.chance(share)) return undefined;
          changed.add(c);
          raise(c);
          return silent ? undefined : [{ step: change, plan: { role, minutes: 8, kind: "work" } }];
        },
      },
    };
  },
};

const cents = (amount: number) => Math.round(amount * 100) / 100;
