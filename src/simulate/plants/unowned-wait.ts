import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { type SimCase, nobodyOf } from "../engine.ts";
import { DAY } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A step lies with its team, and with nobody in it, for days. */
export const unownedWait: Plant = {
  detector: "unowned-wait",
  fits: ({ headings }) => headings.role !== undefined,
  plant(world) {
    const step = takeStep(world, ["work", "check", "enter"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const name = world.plan.words.routing;
    const share = 0.15 + 0.5 * world.strength;
    const days = 1 + 3 * world.strength;
    const leak = leakOf(
      world,
      [name, step],
      `in ${pct(share)} of cases "${step}" lies with its team and nobody for about ${days.toFixed(1)} days`,
    );
    leak.also = [
      { detector: "handoff-wait", subjects: [step] },
      { detector: "undocumented-step", subjects: [name] },
      ...(world.plan.monthEnd ? [{ detector: "slow-close", subjects: ["*"] }] : []),
    ];
    const seen = new Set<SimCase>();
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || seen.has(c) || !world.random.chance(share)) return undefined;
          seen.add(c);
          leak.cases.add(c.id);
          const at = Math.round(ready / 1000) * 1000;
          const row = {
            case: c,
            activity: name,
            start: at,
            end: at,
            person: nobodyOf(world.plan.steps[step].role),
            recorded: at,
            values: {},
          };
          world.simulation().rows.push(row);
          c.rows.push(row);
          return { notBefore: ready + world.random.logNormal(days * 1.4 * DAY, 0.4) };
        },
      },
    };
  },
};
