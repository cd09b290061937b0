import { type Plant, leakOf, pct } from "./plant.ts";
import { takeStep, staffOf } from "./steps.ts";
import { insertWork } from "./hooks.ts";
import type { Person } from "../people.ts";

/** An approval that is in no chain, or an approver whom no role names. */
export const unmappedApprovalChain: Plant = {
  detector: "unmapped-approval-chain",
  plant(world) {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    if (world.random.chance(0.5)) {
      const name = world.plan.words.approval;
      const share = 0.06 + 0.25 * world.strength;
      const leak = leakOf(world, [name], `"${name}" is given in ${pct(share)} of cases and is in no chain`);
      const { role } = world.plan.steps[step];
      return { leak, hooks: insertWork(world, leak, name, share, 6, { before: step, role }) };
    }
    const [model] = staffOf(world, step);
    const outsider: Person = { ...model, name: `${model.name}2`, away: new Set() };
    world.people.push(outsider);
    const share = 0.05 + 0.15 * world.strength;
    const leak = leakOf(
      world,
      [step],
      `${pct(share)} of "${step}" come from somebody whom the description does not name`,
      [outsider],
    );
    leak.describe = ({ roles }) => {
      for (const [role, people] of Object.entries(roles))
        roles[role] = people.filter((p) => p !== outsider.name);
    };
    return {
      leak,
      hooks: {
        before(_, task) {
          if (task.plan.role !== outsider.role) return undefined;
          return task.step === step && world.random.chance(share) ? { only: outsider } : { never: outsider };
        },
        row(row) {
          if (row.person === outsider && row.activity === step) leak.cases.add(row.case.id);
        },
      },
    };
  },
};
