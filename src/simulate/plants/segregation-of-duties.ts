import { type Plant, leakOf, pct } from "./plant.ts";
import { staffOf } from "./steps.ts";
import { stepsOf } from "../processes.ts";

/** One person does two steps that a rule keeps apart. */
export const segregationOfDuties: Plant = {
  detector: "segregation-of-duties",
  plant(world) {
    const steps = stepsOf(world.plan.flow).filter((s) =>
      ["work", "check", "enter"].includes(world.plan.steps[s].kind),
    );
    const pair = steps.flatMap((a, i) =>
      steps
        .slice(i + 1)
        .flatMap((b) =>
          world.plan.steps[a].role === world.plan.steps[b].role &&
          staffOf(world, a).length >= 3 &&
          !world.usedSteps.has(a) &&
          !world.usedSteps.has(b)
            ? [[a, b] as const]
            : [],
        ),
    )[0];
    if (!pair) return undefined;
    const [first, second] = pair;
    world.usedSteps.add(first).add(second);
    const share = 0.04 + 0.12 * world.strength;
    const leak = leakOf(
      world,
      [second, first],
      `in ${pct(share)} of cases one person does both "${first}" and "${second}"`,
    );
    leak.describe = ({ rules }) => void rules.push({ separate: [first, second] });
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== second) return undefined;
          const by = c.rows.findLast((row) => row.activity === first)?.person;
          if (!by) return undefined;
          if (!world.random.chance(share)) return { never: by };
          leak.cases.add(c.id);
          return { only: by };
        },
      },
    };
  },
};
