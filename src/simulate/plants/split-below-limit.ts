import { type Plant, leakOf } from "./plant.ts";
import type { SimCase } from "../engine.ts";
import { DAY, HOUR, type Person } from "../people.ts";
import { stepsOf } from "../processes.ts";

/** One amount above the limit comes as two or three parts on one day. */
export const splitBelowLimit: Plant = {
  detector: "split-below-limit",
  plant(world) {
    const amount = world.plan.attributes.find(({ kind }) => kind === "amount");
    const choice = world.plan.attributes.find(
      ({ name, kind, enteredAt }) =>
        kind === "choice" && enteredAt === stepsOf(world.plan.flow)[0] && !world.usedSteps.has(name),
    );
    if (!amount || !choice || amount.enteredAt !== choice.enteredAt) return undefined;
    world.usedSteps.add(choice.name).add(amount.name);
    const limit = 25_000;
    const share = 0.012 + 0.02 * world.strength;
    const first = stepsOf(world.plan.flow)[0];
    const leak = leakOf(world, [first], `some amounts above ${limit} come as two or three parts on one day`);
    leak.describe = ({ rules }) =>
      void rules.push({
        splitLimit: limit,
        amount: amount.name,
        by: ["person", choice.name],
        within: "1d",
        step: first,
      });
    let open:
      | { requester: Person; value: string | number; until: number; left: number; parts: SimCase[] }
      | undefined;
    return {
      leak,
      hooks: {
        plan(c) {
          const part = () => Math.round(limit * (0.55 + 0.4 * world.random.next()) * 100) / 100;
          if (open && open.left > 0 && c.arrived < open.until) {
            c.requester = open.requester;
            c.values[choice.name] = open.value;
            c.values[amount.name] = part();
            open.left--;
            open.parts.push(c);
            return;
          }
          open = undefined;
          const hour = (c.arrived % DAY) / HOUR;
          if (hour > 13 || !world.random.chance(share * 4)) return;
          c.values[amount.name] = part();
          open = {
            requester: c.requester,
            value: c.values[choice.name],
            until: c.arrived + 4 * HOUR,
            left: 1 + world.random.below(2),
            parts: [c],
          };
        },
        after(c, task, row) {
          if (task.step !== first) return undefined;
          // both parts must really have come from one person within a day
          const group = open?.parts ?? [];
          for (const other of group) {
            const own = other.rows.find((r) => r.activity === first);
            if (other !== c && own && own.person === row.person && Math.abs(own.end - row.end) < DAY) {
              leak.cases.add(c.id).add(other.id);
            }
          }
          return undefined;
        },
      },
    };
  },
};
