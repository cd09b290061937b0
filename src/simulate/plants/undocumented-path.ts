import { type Plant, type World, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { stepsOf } from "../processes.ts";

/** A step changes place with the one behind it. */
export const undocumentedPath: Plant = {
  detector: "undocumented-path",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    const plain = (s: string) => (world.plan.flow as unknown[]).includes(s);
    const step = takeStep(
      world,
      ["work", "check", "enter"],
      (s) => plain(s) && steps.indexOf(s) > 0 && laterPlain(world, s) !== undefined,
    );
    if (!step) return undefined;
    const behind = laterPlain(world, step)!;
    world.usedSteps.add(behind);
    const share = 0.06 + 0.2 * world.strength;
    const leak = leakOf(
      world,
      [step, behind],
      `in ${pct(share)} of cases "${step}" is done only after "${behind}"`,
    );
    leak.also = [
      { detector: "approval-after-the-fact", subjects: ["*"] },
      { detector: "late-correction", subjects: ["*"] },
    ];
    return {
      leak,
      hooks: {
        plan(c, nodes) {
          if (!world.random.chance(share)) return;
          const from = nodes.findIndex((node) => "step" in node && node.step === step);
          const to = nodes.findIndex((node) => "step" in node && node.step === behind);
          if (from < 0 || to <= from) return;
          const [moved] = nodes.splice(from, 1);
          nodes.splice(to, 0, moved);
          leak.cases.add(c.id);
        },
      },
    };
  },
};

/**
 * A step in the main sequence, behind the given one, that can change places with it without touching an
 * approval.
 */
function laterPlain({ plan, usedSteps }: World, step: string): string | undefined {
  const flow = plan.flow as unknown[];
  const at = flow.indexOf(step);
  const [next] = flow.slice(at + 1) as (string | object)[];
  if (typeof next !== "string" || usedSteps.has(next) || plan.steps[next].kind === "approve")
    return undefined;
  return plan.steps[next].kind === "external" ? undefined : next;
}
