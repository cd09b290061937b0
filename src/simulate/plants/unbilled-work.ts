import { type Plant, leakOf, pct } from "./plant.ts";
import type { SimCase } from "../engine.ts";
import { DAY } from "../people.ts";

/** Some of what is shipped is never billed. */
export const unbilledWork: Plant = {
  detector: "unbilled-work",
  onlyIn: "order-to-cash",
  plant(world) {
    if (world.usedSteps.has("Send invoice")) return undefined;
    world.usedSteps.add("Send invoice");
    const share = 0.02 + 0.07 * world.strength;
    const leak = leakOf(world, ["Ship goods"], `${pct(share)} of what is shipped is never billed`);
    leak.also = ["bypassed-step", "undocumented-path"].map((detector) => ({ detector, subjects: ["*"] }));
    const forgotten = new Set<SimCase>();
    return {
      leak,
      hooks: {
        before(c, task) {
          if (
            task.step === "Send invoice" &&
            c.arrived < world.to - 100 * DAY &&
            world.random.chance(share)
          ) {
            forgotten.add(c);
            leak.cases.add(c.id);
          }
          return forgotten.has(c) && /Send invoice|Post customer payment/.test(task.step)
            ? { skip: true }
            : undefined;
        },
      },
    };
  },
};
