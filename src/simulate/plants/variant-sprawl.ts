import { type Plant, type World, leakOf, pct } from "./plant.ts";
import type { Node, Task } from "../engine.ts";

/** Most cases run as each clerk sees fit: steps swapped, left out, put in. */
export const variantSprawl: Plant = {
  detector: "variant-sprawl",
  plant(world) {
    const share = 0.55 + 0.3 * world.strength;
    const leak = leakOf(world, ["*"], `${pct(share)} of cases run as each clerk sees fit`);
    leak.also = [
      "undocumented-step",
      "undocumented-path",
      "bypassed-step",
      "approval-after-the-fact",
      "side-channel",
    ].map((detector) => ({ detector, subjects: ["*"] }));
    return {
      leak,
      hooks: {
        plan(c, nodes) {
          if (!world.random.chance(share)) return;
          leak.cases.add(c.id);
          for (let k = 1 + world.random.below(3); k > 0; k--) improvise(world, nodes);
        },
      },
    };
  },
};

function improvise({ random, plan }: World, nodes: Node[]): void {
  const at = 1 + random.below(Math.max(1, nodes.length - 1));
  const draw = random.next();
  const isPlain = (node: Node | undefined): node is Task => node !== undefined && "step" in node;
  if (draw < 0.4 && isPlain(nodes[at]) && isPlain(nodes[at - 1]) && at > 1)
    [nodes[at - 1], nodes[at]] = [nodes[at], nodes[at - 1]];
  else if (draw < 0.6 && isPlain(nodes[at]) && nodes[at].plan.kind === "work" && at < nodes.length - 1)
    nodes.splice(at, 1);
  else {
    const near = nodes.find(isPlain)!;
    const role = isPlain(nodes[at]) ? nodes[at].plan.role : near.plan.role;
    nodes.splice(at, 0, { step: random.pick(plan.words.noise), plan: { role, minutes: 4, kind: "work" } });
  }
}
