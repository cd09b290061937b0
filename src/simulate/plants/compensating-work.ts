import { type Plant, leakOf, pct } from "./plant.ts";
import { insertBefore } from "./steps.ts";
import { stepsOf } from "../processes.ts";

/** Clarifying and chasing that no description has comes before ordinary steps. */
export const compensatingWork: Plant = {
  detector: "compensating-work",
  plant(world) {
    const names = world.random
      .shuffle([...world.plan.words.compensating])
      .slice(0, 1 + world.random.below(2));
    const steps = stepsOf(world.plan.flow).filter((s) => world.plan.steps[s].kind !== "request");
    const before = names.map(() => world.random.pick(steps));
    const share = 0.12 + 0.25 * world.strength;
    const leak = leakOf(world, names, `${names.join(", ")} in ${pct(share)} of cases each`);
    return {
      leak,
      hooks: {
        plan(c, nodes) {
          names.forEach((name, i) => {
            if (!world.random.chance(share)) return;
            leak.cases.add(c.id);
            const { role } = world.plan.steps[before[i]];
            insertBefore(nodes, before[i], {
              step: name,
              plan: { role, minutes: 18 + 10 * i, kind: "work" },
            });
          });
        },
      },
    };
  },
};
