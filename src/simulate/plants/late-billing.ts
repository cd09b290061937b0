import { type Plant, leakOf, pct } from "./plant.ts";
import { DAY } from "../people.ts";

/** Invoices go out weeks after the delivery. */
export const lateBilling: Plant = {
  detector: "late-billing",
  onlyIn: "order-to-cash",
  plant(world) {
    if (world.usedSteps.has("Send invoice")) return undefined;
    world.usedSteps.add("Send invoice");
    const share = 0.12 + 0.6 * world.strength;
    const leak = leakOf(
      world,
      ["Send invoice"],
      `${pct(share)} of the invoices go out two to five weeks after the delivery`,
    );
    leak.also = [{ detector: "handoff-wait", subjects: ["Send invoice"] }];
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== "Send invoice" || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { notBefore: ready + (14 + 21 * world.random.next()) * DAY };
        },
      },
    };
  },
};
