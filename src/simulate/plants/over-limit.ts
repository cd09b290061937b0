import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";

/** One approver decides amounts above their limit. */
export const overLimit: Plant = {
  detector: "over-limit",
  plant(world) {
    const amount = world.plan.attributes.find(({ kind }) => kind === "amount");
    const step = amount && takeStep(world, ["approve"], (s) => staffOf(world, s).length >= 3);
    if (!step) return undefined;
    const [junior, senior] = world.random.shuffle([...staffOf(world, step)]);
    const upTo = 1000 + 250 * world.random.below(6);
    const share = 0.3 + 0.5 * world.strength;
    const leak = leakOf(
      world,
      [step],
      `one approver may decide up to ${upTo} and takes ${pct(share)} of the larger ones that come to them all the same`,
      [junior],
    );
    leak.describe = ({ rules }) => {
      rules.splice(0, rules.length, ...rules.filter((rule) => rule["limit"] !== step));
      rules.push({ limit: step, person: junior.name, amount: amount.name, upTo });
      rules.push({ limit: step, amount: amount.name, upTo: 1_000_000 });
    };
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== step || Number(c.values[amount.name]) <= upTo || c.requester === junior)
            return undefined;
          if (!world.random.chance(0.25 * share)) return { never: junior };
          leak.cases.add(c.id);
          return { only: c.requester === junior ? senior : junior };
        },
      },
    };
  },
};
