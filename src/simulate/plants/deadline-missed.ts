import type { Random } from "../../statistics/random.ts";
import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep } from "./steps.ts";
import { DAY } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** A step is done after the deadline that a rule sets. */
export const deadlineMissed: Plant = {
  detector: "deadline-missed",
  plant(world) {
    const steps = stepsOf(world.plan.flow);
    const plain = (s: string | undefined) => s !== undefined && (world.plan.flow as unknown[]).includes(s);
    const step = takeStep(
      world,
      ["work", "check", "enter"],
      (s) => steps.indexOf(s) > 1 && plain(s) && plain(steps[steps.indexOf(s) - 1]),
    );
    if (!step) return undefined;
    const after = steps[steps.indexOf(step) - 1];
    const share = 0.06 + 0.15 * world.strength;
    const leak = leakOf(
      world,
      [step],
      `"${step}" is due 20 days after "${after}" and late in ${pct(share)} of cases`,
    );
    leak.describe = ({ rules }) => void rules.push({ deadline: step, within: "20d", after });
    leak.also = [
      { detector: "handoff-wait", subjects: [step] },
      { detector: "slow-close", subjects: ["*"] },
      { detector: "late-billing", subjects: ["*"] },
    ];
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || ready > world.to - 45 * DAY || !world.random.chance(share))
            return undefined;
          leak.cases.add(c.id);
          return { notBefore: ready + (21 + 15 * world.random.next()) * DAY };
        },
      },
    };
  },
};

/** In record tables: invoices are paid weeks after their due date. */
export const latePayments = {
  detector: "deadline-missed",
  /** The share of the invoices that are paid late. */
  share: (random: Random) => 0.03 + 0.08 * random.next(),
  /** When an invoice of this date is paid late; it was due after 30 days. */
  paidAt: (random: Random, date: number) => date + (35 + random.below(30)) * DAY,
};
