import { type Plant, leakOf, pct } from "./plant.ts";
import { insertWork } from "./hooks.ts";

/** A step is done by mail, phone or sheet, beside the systems. */
export const sideChannel: Plant = {
  detector: "side-channel",
  plant(world) {
    const name = world.plan.words.sideChannel;
    const share = 0.08 + 0.35 * world.strength;
    const leak = leakOf(world, [name], `"${name}" in ${pct(share)} of cases`);
    return { leak, hooks: insertWork(world, leak, name, share, 15) };
  },
};
