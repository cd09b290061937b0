import { nobodyOf, type Node, type SimCase } from "./engine.ts";
import {
  insertBefore,
  isRequesterRole,
  leakOf,
  pct,
  staffOf,
  takeStep,
  type PlantedLeak,
  type Plant,
  type World,
} from "./leaks.ts";
import { DAY, HOUR, type Person } from "./people.ts";
import { stepsOf } from "./processes.ts";

/** The ways in which work differs from its description, by what they are called afterwards. */
export const descriptionPlants: Record<string, Plant> = {
  "undocumented-step": (world) => {
    const share = 0.1 + 0.5 * world.strength;
    const name = world.plan.words.undescribed;
    const leak = leakOf(
      world,
      "undocumented-step",
      [name],
      `"${name}" is done in ${pct(share)} of cases and described nowhere`,
    );
    return { leak, hooks: insertWork(world, leak, name, share, 12) };
  },

  "undocumented-path": (world) => {
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
      "undocumented-path",
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

  "phantom-step": (world) => {
    const name = world.plan.words.phantom;
    const steps = stepsOf(world.plan.flow);
    const before = world.random.pick(steps.slice(1));
    const leak = leakOf(world, "phantom-step", [name], `"${name}" is described and never done`);
    leak.describe = (description) => {
      description.steps[name] = { role: world.plan.steps[before].role };
      const at = description.flow.findIndex((part) => JSON.stringify(part).includes(JSON.stringify(before)));
      description.flow.splice(Math.max(1, at), 0, name);
    };
    return { leak, hooks: { plan: (c) => void leak.cases.add(c.id) } };
  },

  "bypassed-step": (world) => {
    const steps = stepsOf(world.plan.flow);
    const plain = (s: string) => (world.plan.flow as unknown[]).includes(s);
    const step = takeStep(
      world,
      ["check", "work"],
      (s) => plain(s) && steps.indexOf(s) > 0 && steps.indexOf(s) < steps.length - 1,
    );
    if (!step) return undefined;
    const share = 0.05 + 0.15 * world.strength;
    const leak = leakOf(world, "bypassed-step", [step], `"${step}" is left out in ${pct(share)} of cases`);
    return { leak, hooks: skip(world, leak, step, share) };
  },

  "approval-bypassed": (world) => {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    const share = 0.03 + 0.1 * world.strength;
    const leak = leakOf(world, "approval-bypassed", [step], `${pct(share)} of cases go on without "${step}"`);
    return { leak, hooks: skip(world, leak, step, share) };
  },

  "approval-after-the-fact": (world) => {
    const steps = stepsOf(world.plan.flow);
    const step = takeStep(world, ["approve"], (s) => {
      const next = steps[steps.indexOf(s) + 1];
      return (
        next !== undefined &&
        (world.plan.flow as unknown[]).includes(s) &&
        (world.plan.flow as unknown[]).includes(next)
      );
    });
    if (!step) return undefined;
    const next = steps[steps.indexOf(step) + 1];
    const share = 0.04 + 0.12 * world.strength;
    const leak = leakOf(
      world,
      "approval-after-the-fact",
      [step],
      `in ${pct(share)} of cases "${step}" is given only after "${next}"`,
    );
    leak.describe = ({ rules }) => void rules.push({ before: next, must: step });
    return {
      leak,
      hooks: {
        plan(c, nodes) {
          if (!world.random.chance(share)) return;
          const at = nodes.findIndex((node) => "step" in node && node.step === step);
          if (at < 0 || at + 1 >= nodes.length) return;
          [nodes[at], nodes[at + 1]] = [nodes[at + 1], nodes[at]];
          leak.cases.add(c.id);
        },
      },
    };
  },

  "over-limit": (world) => {
    const amount = world.plan.attributes.find(({ kind }) => kind === "amount");
    const step = amount && takeStep(world, ["approve"], (s) => staffOf(world, s).length >= 3);
    if (!step) return undefined;
    const [junior, senior] = world.random.shuffle([...staffOf(world, step)]);
    const upTo = 1000 + 250 * world.random.below(6);
    const share = 0.3 + 0.5 * world.strength;
    const leak = leakOf(
      world,
      "over-limit",
      [step],
      `one approver may decide up to ${upTo} and takes ${pct(share)} of the larger ones that come to them all the same`,
      [junior],
    );
    leak.describe = ({ rules }) => {
      rules.splice(0, rules.length, ...rules.filter((rule) => rule["limit"] !== step));
      rules.push({ limit: step, person: junior.name, amount: amount.name, upTo });
      rules.push({ limit: step, amount: amount.name, upTo: 1_000_000 });
    };
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== step || Number(c.values[amount.name]) <= upTo || c.requester === junior)
            return undefined;
          if (!world.random.chance(0.25 * share)) return { never: junior };
          leak.cases.add(c.id);
          return { only: c.requester === junior ? senior : junior };
        },
      },
    };
  },

  "split-below-limit": (world) => {
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
    const leak = leakOf(
      world,
      "split-below-limit",
      [first],
      `some amounts above ${limit} come as two or three parts on one day`,
    );
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

  "unmapped-approval-chain": (world) => {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    if (world.random.chance(0.5)) {
      const name = world.plan.words.approval;
      const share = 0.06 + 0.25 * world.strength;
      const leak = leakOf(
        world,
        "unmapped-approval-chain",
        [name],
        `"${name}" is given in ${pct(share)} of cases and is in no chain`,
      );
      const { role } = world.plan.steps[step];
      return { leak, hooks: insertWork(world, leak, name, share, 6, { before: step, role }) };
    }
    const [model] = staffOf(world, step);
    const outsider: Person = { ...model, name: `${model.name}2`, away: new Set() };
    world.people.push(outsider);
    const share = 0.05 + 0.15 * world.strength;
    const leak = leakOf(
      world,
      "unmapped-approval-chain",
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

  "segregation-of-duties": (world) => {
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
      "segregation-of-duties",
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

  "role-mismatch": (world) => {
    const found = stepAndOtherRole(world);
    if (!found) return undefined;
    const { step, other } = found;
    const share = 0.04 + 0.15 * world.strength;
    const leak = leakOf(world, "role-mismatch", [step], `${pct(share)} of "${step}" are done by ${other}`);
    return { leak, hooks: byOtherRole(world, leak, step, other, share) };
  },

  "ownership-by-habit": (world) => {
    const found = stepAndOtherRole(world);
    if (!found) return undefined;
    const { step, other } = found;
    const share = 0.75 + 0.2 * world.strength;
    const leak = leakOf(
      world,
      "ownership-by-habit",
      [step],
      `${pct(share)} of "${step}" are done by ${other}, who do not own it`,
    );
    return { leak, hooks: byOtherRole(world, leak, step, other, share) };
  },

  "unowned-step": (world) => {
    const step = takeStep(world, ["work", "check", "enter"]);
    if (!step) return undefined;
    const ghost = world.random.chance(0.5);
    const leak = leakOf(
      world,
      "unowned-step",
      [step],
      ghost ? `"${step}" belongs to a role that nobody holds` : `"${step}" belongs to no role`,
    );
    leak.describe = ({ steps }) => {
      if (ghost) steps[step].role = "Process office";
      else delete steps[step].role;
    };
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step === step) leak.cases.add(row.case.id);
        },
      },
    };
  },

  "unowned-wait": (world) => {
    if (!world.plan.headings.role) return undefined;
    const step = takeStep(world, ["work", "check", "enter"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const name = world.plan.words.routing;
    const share = 0.15 + 0.5 * world.strength;
    const days = 1 + 3 * world.strength;
    const leak = leakOf(
      world,
      "unowned-wait",
      [name, step],
      `in ${pct(share)} of cases "${step}" lies with its team and nobody for about ${days.toFixed(1)} days`,
    );
    leak.also = [
      { detector: "handoff-wait", subjects: [step] },
      { detector: "undocumented-step", subjects: [name] },
      ...(world.plan.monthEnd ? [{ detector: "slow-close", subjects: ["*"] }] : []),
    ];
    const seen = new Set<SimCase>();
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || seen.has(c) || !world.random.chance(share)) return undefined;
          seen.add(c);
          leak.cases.add(c.id);
          const at = Math.round(ready / 1000) * 1000;
          const row = {
            case: c,
            activity: name,
            start: at,
            end: at,
            person: nobodyOf(world.plan.steps[step].role),
            recorded: at,
            values: {},
          };
          world.simulation().rows.push(row);
          c.rows.push(row);
          return { notBefore: ready + world.random.logNormal(days * 1.4 * DAY, 0.4) };
        },
      },
    };
  },

  "deadline-missed": (world) => {
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
      "deadline-missed",
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

  "side-channel": (world) => {
    const name = world.plan.words.sideChannel;
    const share = 0.08 + 0.35 * world.strength;
    const leak = leakOf(world, "side-channel", [name], `"${name}" in ${pct(share)} of cases`);
    return { leak, hooks: insertWork(world, leak, name, share, 15) };
  },

  "double-entry": (world) => {
    const name = world.plan.words.doubleEntry;
    const share = 0.15 + 0.5 * world.strength;
    const leak = leakOf(world, "double-entry", [name], `"${name}" in ${pct(share)} of cases`);
    return { leak, hooks: insertWork(world, leak, name, share, 8) };
  },

  "slow-close": (world) => {
    if (!world.plan.monthEnd) return undefined;
    const step = takeStep(
      world,
      ["check", "work", "approve"],
      (s) => stepsOf(world.plan.flow).indexOf(s) > 1,
    );
    if (!step) return undefined;
    const share = 0.3 + 0.5 * world.strength;
    const leak = leakOf(
      world,
      "slow-close",
      [step, "whole process"],
      `"${step}" waits two weeks in ${pct(share)} of the closing tasks`,
    );
    leak.also = [{ detector: "handoff-wait", subjects: [step] }];
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { notBefore: ready + (11 + 6 * world.random.next()) * DAY };
        },
      },
    };
  },

  "unbilled-work": (world) => {
    if (world.plan.id !== "order-to-cash" || world.usedSteps.has("Send invoice")) return undefined;
    world.usedSteps.add("Send invoice");
    const share = 0.02 + 0.07 * world.strength;
    const leak = leakOf(
      world,
      "unbilled-work",
      ["Ship goods"],
      `${pct(share)} of what is shipped is never billed`,
    );
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

  "late-billing": (world) => {
    if (world.plan.id !== "order-to-cash" || world.usedSteps.has("Send invoice")) return undefined;
    world.usedSteps.add("Send invoice");
    const share = 0.12 + 0.6 * world.strength;
    const leak = leakOf(
      world,
      "late-billing",
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

/** A step in the main sequence, behind the given one, that can change places with it without touching an approval. */
function laterPlain({ plan, usedSteps }: World, step: string): string | undefined {
  const flow = plan.flow as unknown[];
  const at = flow.indexOf(step);
  const [next] = flow.slice(at + 1) as (string | object)[];
  if (typeof next !== "string" || usedSteps.has(next) || plan.steps[next].kind === "approve")
    return undefined;
  return plan.steps[next].kind === "external" ? undefined : next;
}

function insertWork(
  world: World,
  leak: PlantedLeak,
  name: string,
  share: number,
  minutes: number,
  place?: { before: string; role: string },
) {
  const steps = stepsOf(world.plan.flow).filter((s) => world.plan.steps[s].kind !== "request");
  const before = place?.before ?? world.random.pick(steps);
  const role = place?.role ?? world.plan.steps[before].role;
  return {
    plan(c: SimCase, nodes: Node[]) {
      if (!world.random.chance(share)) return;
      if (insertBefore(nodes, before, { step: name, plan: { role, minutes, kind: "work" } }))
        leak.cases.add(c.id);
    },
  };
}

function skip(world: World, leak: PlantedLeak, step: string, share: number) {
  return {
    before(c: SimCase, task: { step: string }) {
      if (task.step !== step || !world.random.chance(share)) return undefined;
      leak.cases.add(c.id);
      return { skip: true };
    },
  };
}

function stepAndOtherRole(world: World): { step: string; other: string } | undefined {
  const step = takeStep(
    world,
    ["work", "check", "enter"],
    // a role that is anybody's keeps nobody out
    (s) => stepsOf(world.plan.flow).indexOf(s) > 0 && !isRequesterRole(world.plan, world.plan.steps[s].role),
  );
  if (!step) return undefined;
  const others = Object.keys(world.plan.staff).filter(
    (role) => role !== world.plan.steps[step].role && !isRequesterRole(world.plan, role),
  );
  return others.length === 0 ? undefined : { step, other: world.random.pick(others) };
}

function byOtherRole(world: World, leak: PlantedLeak, step: string, other: string, share: number) {
  return {
    before(c: SimCase, task: { step: string }) {
      if (task.step !== step || !world.random.chance(share)) return undefined;
      leak.cases.add(c.id);
      return { roles: [other] };
    },
  };
}
