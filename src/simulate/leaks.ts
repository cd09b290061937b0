import type { Random } from "../statistics/random.ts";
import type { Hooks, Node, SimCase, Simulation, Task } from "./engine.ts";
import { DAY, HOUR, MINUTE, nextAtWork, weekday, type Person } from "./people.ts";
import { stepsOf, type ProcessPlan } from "./processes.ts";

/** What was planted, and where it shows: the ground truth that stands beside a log. */
export interface PlantedLeak {
  detector: string;
  /** every name under which a finding about it would be right */
  subjects: string[];
  people: Set<string>;
  cases: Set<string>;
  /** how strong it was planted, 0 to 1 */
  strength: number;
  note: string;
  /** what the description says about it: a rule that is broken, a step that it lacks or that nobody does */
  describe?: (description: WrittenDescription) => void;
  /** what is true as well because of it: to find that is no false alarm */
  also?: { detector: string; subjects: string[] }[];
}

/** A description as it will be written. */
export interface WrittenDescription {
  roles: Record<string, string[]>;
  steps: Record<string, { role?: string; approves?: string; needs?: string[]; [key: string]: unknown }>;
  flow: unknown[];
  rules: Record<string, unknown>[];
}

/** What a way of leaking has to work with. */
export interface World {
  plan: ProcessPlan;
  people: Person[];
  random: Random;
  strength: number;
  from: number;
  to: number;
  /** steps that another leak of this process already bends */
  usedSteps: Set<string>;
  simulation: () => Simulation;
}

export type Plant = (world: World) => { leak: PlantedLeak; hooks: Hooks } | undefined;

/** The ways in which people leak that a log alone shows, by what they are called afterwards. */
export const logPlants: Record<string, Plant> = {
  "key-person": (world) => {
    const step = takeStep(world, ["work", "check"], (s) => staffOf(world, s).length >= 3);
    if (!step) return undefined;
    const holder = world.random.pick(staffOf(world, step));
    const share = 0.9 + 0.1 * world.strength;
    const leak = leakOf(
      world,
      "key-person",
      [step],
      `${pct(share)} of "${step}" goes to one person, though others hold the role`,
      [holder],
    );
    return { leak, hooks: assignTo(world, leak, step, holder, share) };
  },

  "single-approver": (world) => {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    const approver = world.random.pick(staffOf(world, step));
    const share = 0.95 + 0.05 * world.strength;
    const leak = leakOf(world, "single-approver", [step], `${pct(share)} of "${step}" goes to one person`, [
      approver,
    ]);
    return { leak, hooks: assignTo(world, leak, step, approver, share) };
  },

  "absence-stall": (world) => {
    const step = takeStep(world, ["work", "check", "enter"], (s) => staffOf(world, s).length >= 2);
    if (!step) return undefined;
    const holder = world.random.pick(staffOf(world, step));
    const share = 0.45 + 0.2 * world.strength;
    addAbsences(world, holder, 3 + world.random.below(2));
    const leak = leakOf(
      world,
      "absence-stall",
      [step],
      `${pct(share)} of "${step}" belong to one person and wait while that person is away`,
      [holder],
    );
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          if (nextAtWork(holder, ready) - ready > 3 * DAY) leak.cases.add(c.id);
          return { only: holder };
        },
      },
    };
  },

  "handoff-wait": (world) => {
    const step = takeStep(world, ["work", "check", "enter", "approve"], (s) =>
      canWaitAtHandover(world.plan, s),
    );
    if (!step) return undefined;
    const [share, days] = [0.55 + 0.4 * world.strength, 4 + 5 * world.strength];
    const leak = leakOf(
      world,
      "handoff-wait",
      [step],
      `in ${pct(share)} of cases nobody notices for about ${days.toFixed(0)} days that "${step}" is due`,
    );
    leak.also = [{ detector: "slow-close", subjects: ["*"] }];
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { notBefore: ready + world.random.logNormal(days * 1.4 * DAY, 0.35) };
        },
      },
    };
  },

  batching: (world) => {
    const step = takeStep(
      world,
      ["work", "check", "approve", "enter"],
      (s) => stepsOf(world.plan.flow).indexOf(s) > 0,
    );
    if (!step) return undefined;
    const share = 0.88 + 0.12 * world.strength;
    const closing = world.plan.monthEnd ? [{ detector: "slow-close", subjects: ["*"] }] : [];
    const day = world.random.below(5);
    const weeks = world.random.chance(0.3) && !world.plan.monthEnd ? 2 : 1;
    const leak = leakOf(
      world,
      "batching",
      [step],
      `"${step}" is gathered and run every ${weeks === 1 ? "" : "second "}week`,
    );
    leak.also = closing;
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          if (task.step !== step || !world.random.chance(share)) return undefined;
          const isRunDay = (d: number) => weekday(d) === day && (weeks === 1 || Math.floor(d / 7) % 2 === 0);
          let run = Math.floor(ready / DAY);
          while (!isRunDay(run) || run * DAY + 13 * HOUR < ready) run++;
          leak.cases.add(c.id);
          return { notBefore: run * DAY + 13 * HOUR };
        },
        minutes: (_, task) => (task.step === step ? 1 + world.random.next() * 2 : undefined),
      },
    };
  },

  "ping-pong": (world) => {
    const steps = stepsOf(world.plan.flow);
    const second = takeStep(world, ["check", "work", "approve"], (s) => canWaitAtHandover(world.plan, s));
    if (!second) return undefined;
    const first = steps[steps.indexOf(second) - 1];
    const share = 0.08 + 0.12 * world.strength;
    const leak = leakOf(
      world,
      "ping-pong",
      [first, second],
      `"${second}" sends back to "${first}" again and again, between the same two, in ${pct(share)} of cases`,
    );
    const bouncing = new Map<SimCase, { left: number; one?: Person; other?: Person }>();
    return {
      leak,
      hooks: {
        before(c, task) {
          const state = bouncing.get(c);
          if (!state) return undefined;
          if (task.step === first && state.one) return { only: state.one };
          return task.step === second && state.other ? { only: state.other } : undefined;
        },
        after(c, task, row) {
          if (task.step === first && !bouncing.has(c)) {
            bouncing.set(c, {
              left: world.random.chance(share) ? 2 + world.random.below(2) : 0,
              one: row.person,
            });
            return undefined;
          }
          const state = bouncing.get(c);
          if (task.step !== second || !state || state.left === 0 || state.one === row.person)
            return undefined;
          state.other = row.person;
          state.left--;
          leak.cases.add(c.id);
          return [taskOf(world.plan, first), taskOf(world.plan, second)];
        },
      },
    };
  },

  rework: (world) => {
    const steps = stepsOf(world.plan.flow);
    const check = takeStep(world, ["check", "work", "approve"], (s) => steps.indexOf(s) >= 2);
    if (!check) return undefined;
    const back = steps.slice(Math.max(1, steps.indexOf(check) - 2), steps.indexOf(check) + 1);
    const share = 0.13 + 0.2 * world.strength;
    const leak = leakOf(
      world,
      "rework",
      back,
      `after "${check}" ${pct(share)} of cases go back to "${back[0]}"`,
    );
    const sent = new Set<SimCase>();
    return {
      leak,
      hooks: {
        after(c, task) {
          if (task.step !== check || sent.has(c) || !world.random.chance(share)) return undefined;
          sent.add(c);
          leak.cases.add(c.id);
          return back.map((step) => taskOf(world.plan, step));
        },
      },
    };
  },

  "compensating-work": (world) => {
    const names = world.random
      .shuffle([...world.plan.words.compensating])
      .slice(0, 1 + world.random.below(2));
    const steps = stepsOf(world.plan.flow).filter((s) => world.plan.steps[s].kind !== "request");
    const before = names.map(() => world.random.pick(steps));
    const share = 0.12 + 0.25 * world.strength;
    const leak = leakOf(
      world,
      "compensating-work",
      names,
      `${names.join(", ")} in ${pct(share)} of cases each`,
    );
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

  "self-approval": (world) => {
    const step = takeStep(world, ["approve"]);
    if (!step) return undefined;
    const entry = stepsOf(world.plan.flow)[0];
    const approvers = staffOf(world, step);
    const doers = world.random.shuffle([...approvers]).slice(0, 1 + world.random.below(2));
    const share = 0.05 + 0.08 * world.strength;
    const leak = leakOf(
      world,
      "self-approval",
      [step],
      `${doers.length} approvers raise ${pct(share)} of the cases and approve them themselves`,
      doers,
    );
    const own = new Map<SimCase, Person>();
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step === entry && !own.has(c) && world.random.chance(share)) {
            const person = world.random.pick(doers);
            c.requester = person;
            own.set(c, person);
            return { only: person };
          }
          const person = own.get(c);
          if (task.step !== step || !person || !world.random.chance(0.85)) return undefined;
          leak.cases.add(c.id);
          return { only: person };
        },
      },
    };
  },

  "rubber-stamp": (world) => {
    const step = takeStep(world, ["approve"], (s) => staffOf(world, s).length >= 2);
    if (!step) return undefined;
    const stamper = world.random.pick(staffOf(world, step));
    const share = 0.6 + 0.35 * world.strength;
    const inBursts = world.random.chance(0.5);
    const leak = leakOf(
      world,
      "rubber-stamp",
      [step],
      `one approver waves ${pct(share)} of their cases of "${step}" through in seconds${inBursts ? ", all at once in the afternoon" : ""}`,
      [stamper],
    );
    return {
      leak,
      hooks: {
        before(c, task, ready) {
          // The usual mix of approvers, but this one's pile waits until the end of the day.
          if (task.step !== step || !inBursts || c.requester === stamper || !world.random.chance(0.45))
            return undefined;
          const at = nextAtWork(stamper, ready);
          const clearing = Math.floor(at / DAY) * DAY + stamper.to * MINUTE - 20 * MINUTE;
          return { only: stamper, notBefore: Math.max(at, clearing) };
        },
        minutes(c, task, person) {
          if (task.step !== step || person !== stamper || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return 0.08 + 0.12 * world.random.next();
        },
      },
    };
  },

  "shifting-ownership": (world) => {
    const step = takeStep(world, ["work", "check"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const roles = world.random.shuffle(
      Object.keys(world.plan.staff).filter((role) => !isRequesterRole(world.plan, role)),
    );
    const chosen = [...new Set([world.plan.steps[step].role, ...roles])].slice(0, 3 + world.random.below(2));
    if (chosen.length < 3) return undefined;
    const leak = leakOf(
      world,
      "shifting-ownership",
      [step],
      `"${step}" is done by whoever takes it, of ${chosen.length} roles`,
    );
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== step) return undefined;
          leak.cases.add(c.id);
          return { roles: [world.random.pick(chosen)] };
        },
      },
    };
  },

  "late-correction": (world) => {
    const approve = stepsOf(world.plan.flow).findLast((s) => world.plan.steps[s].kind === "approve");
    const amount = world.plan.attributes.find(({ kind }) => kind === "amount");
    if (!approve || !amount || world.usedSteps.has(`after ${approve}`)) return undefined;
    world.usedSteps.add(`after ${approve}`);
    const share = 0.05 + 0.08 * world.strength;
    const silent = world.random.chance(0.35);
    const change = world.plan.words.change;
    const leak = leakOf(
      world,
      "late-correction",
      [change, amount.name],
      `in ${pct(share)} of cases the amount is changed after "${approve}"${silent ? ", without an event of its own" : ""}`,
    );
    const { role } = world.plan.steps[stepsOf(world.plan.flow)[1]];
    const raise = (c: SimCase) => {
      c.values[amount.name] = cents(Number(c.values[amount.name]) * (1.05 + 0.3 * world.random.next()));
      leak.cases.add(c.id);
    };
    const changed = new Set<SimCase>();
    return {
      leak,
      hooks: {
        after(c, task) {
          if (task.step !== approve || changed.has(c) || !world.random.chance(share)) return undefined;
          changed.add(c);
          raise(c);
          return silent ? undefined : [{ step: change, plan: { role, minutes: 8, kind: "work" } }];
        },
      },
    };
  },

  "missing-data": (world) => {
    const attribute = choiceAttribute(world);
    if (!attribute) return undefined;
    const enterers = staffOf(world, attribute.enteredAt);
    const few = world.random.chance(0.6);
    const who = few
      ? world.random.shuffle([...enterers]).slice(0, Math.max(1, Math.ceil(enterers.length * 0.3)))
      : enterers;
    const share = few ? 0.4 + 0.35 * world.strength : 0.15 + 0.2 * world.strength;
    const leak = leakOf(
      world,
      "missing-data",
      [attribute.name],
      `${few ? "a few people leave" : "everybody leaves"} "${attribute.name}" empty in ${pct(share)}`,
      few ? who : [],
    );
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step !== attribute.enteredAt || !who.includes(row.person) || !world.random.chance(share))
            return;
          row.case.values[attribute.name] = world.random.chance(0.15) ? "n/a" : "";
          leak.cases.add(row.case.id);
        },
      },
    };
  },

  "inconsistent-entry": (world) => {
    const attribute = choiceAttribute(world);
    if (!attribute) return undefined;
    const enterers = staffOf(world, attribute.enteredAt);
    if (enterers.length < 3) return undefined;
    const who = world.random.shuffle([...enterers]).slice(0, Math.max(1, Math.floor(enterers.length * 0.3)));
    const share = 0.5 + 0.4 * world.strength;
    const spelling =
      world.random.chance(0.5) || isRequesterRole(world.plan, world.plan.steps[attribute.enteredAt].role);
    const leak = leakOf(
      world,
      "inconsistent-entry",
      [attribute.name],
      spelling
        ? `some write "${attribute.name}" their own way`
        : `some always choose the same "${attribute.name}"`,
      who,
    );
    const favourite = world.random.pick(attribute.values!);
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step !== attribute.enteredAt || !who.includes(row.person) || !world.random.chance(share))
            return;
          const value = String(row.case.values[attribute.name] ?? "");
          if (value === "") return;
          row.case.values[attribute.name] = spelling ? misspelt(value) : favourite;
          leak.cases.add(row.case.id);
        },
      },
    };
  },

  "late-logging": (world) => {
    const step = takeStep(world, ["work", "check", "enter"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step) return undefined;
    const share = 0.35 + 0.5 * world.strength;
    const one = world.random.chance(0.5);
    const who = one ? [world.random.pick(staffOf(world, step))] : staffOf(world, step);
    const leak = leakOf(
      world,
      "late-logging",
      [step, ...(one ? [who[0].name] : [])],
      `"${step}" is recorded days later in ${pct(share)}${one ? " by one person" : ""}`,
      one ? who : [],
    );
    return {
      leak,
      hooks: {
        row(row, task) {
          if (task.step !== step || !who.includes(row.person) || !world.random.chance(share)) return;
          row.recorded = nextAtWork(row.person, row.end + (2 + 5 * world.random.next()) * DAY);
          leak.cases.add(row.case.id);
        },
      },
    };
  },

  "pressure-break": (world) => {
    const step = takeStep(world, ["check", "approve"], (s) => stepsOf(world.plan.flow).indexOf(s) > 0);
    if (!step || world.plan.monthEnd) return undefined;
    const share = 0.45 + 0.4 * world.strength;
    const leak = leakOf(
      world,
      "pressure-break",
      [step],
      `"${step}" is skipped in ${pct(share)} of cases while campaigns bring three times the usual arrivals`,
    );
    return {
      leak,
      hooks: {
        before(c, task) {
          if (
            task.step !== step ||
            !isCampaign(world, Math.floor(c.arrived / DAY)) ||
            !world.random.chance(share)
          )
            return undefined;
          leak.cases.add(c.id);
          return { skip: true };
        },
      },
    };
  },

  "stalled-case": (world) => {
    const steps = stepsOf(world.plan.flow);
    // A step beside others would leave the case with whatever came last of them.
    const single = (step: string) => (world.plan.flow as unknown[]).includes(step);
    const step = world.random.pick(steps.slice(0, -2).filter(single));
    const share = 0.04 + 0.06 * world.strength;
    const leak = leakOf(
      world,
      "stalled-case",
      [step, "whole process"],
      `${pct(share)} of cases are forgotten after "${step}"`,
    );
    return {
      leak,
      hooks: {
        after(c, task) {
          if (task.step !== step || c.arrived > world.to - 90 * DAY || !world.random.chance(share))
            return undefined;
          leak.cases.add(c.id);
          return "stop";
        },
      },
    };
  },

  "process-drift": (world) => {
    const date = world.from + (0.35 + 0.3 * world.random.next()) * (world.to - world.from);
    const share = 0.7 + 0.3 * world.strength;
    const steps = stepsOf(world.plan.flow);
    if (world.random.chance(0.5)) {
      const name = world.plan.words.addition;
      const before = steps[2 + world.random.below(steps.length - 2)];
      const leak = leakOf(
        world,
        "process-drift",
        [name],
        `from ${day(date)} on "${name}" is done in ${pct(share)} of cases`,
      );
      return {
        leak,
        hooks: {
          plan(c, nodes) {
            if (c.arrived < date || !world.random.chance(share)) return;
            leak.cases.add(c.id);
            insertBefore(nodes, before, {
              step: name,
              plan: { role: world.plan.steps[before].role, minutes: 9, kind: "work" },
            });
          },
        },
      };
    }
    const step = takeStep(
      world,
      ["check", "work"],
      (s) => steps.indexOf(s) < steps.length - 1 && steps.indexOf(s) > 0,
    );
    if (!step) return undefined;
    const leak = leakOf(
      world,
      "process-drift",
      [step],
      `from ${day(date)} on "${step}" is left out in ${pct(share)} of cases`,
    );
    return {
      leak,
      hooks: {
        before(c, task) {
          if (task.step !== step || c.arrived < date || !world.random.chance(share)) return undefined;
          leak.cases.add(c.id);
          return { skip: true };
        },
      },
    };
  },

  "variant-sprawl": (world) => {
    const share = 0.55 + 0.3 * world.strength;
    const leak = leakOf(world, "variant-sprawl", ["*"], `${pct(share)} of cases run as each clerk sees fit`);
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

/** Days on which three times the usual number of cases arrives, where pressure was planted: every eighth week. */
export function isCampaign({ from }: { from: number }, dayNumber: number): boolean {
  const week = Math.floor((dayNumber - Math.floor(from / DAY)) / 7);
  return week % 8 === 5;
}

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

export function assignTo(
  world: World,
  leak: PlantedLeak,
  step: string,
  person: Person,
  share: number,
): Hooks {
  return {
    before(c, task) {
      if (task.step !== step || c.requester === person || !world.random.chance(share)) return undefined;
      leak.cases.add(c.id);
      return { only: person };
    },
  };
}

export function leakOf(
  { strength }: World,
  detector: string,
  subjects: string[],
  note: string,
  people: Person[] = [],
): PlantedLeak {
  return {
    detector,
    subjects,
    people: new Set(people.map(({ name }) => name)),
    cases: new Set(),
    strength,
    note,
  };
}

export function takeStep(
  { plan, random, usedSteps }: World,
  kinds: string[],
  fits: (step: string) => boolean = () => true,
): string | undefined {
  const free = stepsOf(plan.flow).filter(
    (step) => kinds.includes(plan.steps[step].kind) && !usedSteps.has(step) && fits(step),
  );
  if (free.length === 0) return undefined;
  const step = random.pick(free);
  usedSteps.add(step);
  return step;
}

function choiceAttribute({ plan, random, usedSteps }: World) {
  const free = plan.attributes.filter(({ name, kind }) => kind === "choice" && !usedSteps.has(name));
  if (free.length === 0) return undefined;
  const attribute = random.pick(free);
  usedSteps.add(attribute.name);
  return attribute;
}

export function staffOf({ plan, people }: World, step: string): Person[] {
  return people.filter(({ role }) => role === plan.steps[step].role);
}

export function isRequesterRole(plan: ProcessPlan, role: string): boolean {
  return plan.steps[stepsOf(plan.flow)[0]].role === role;
}

export function canWaitAtHandover(plan: ProcessPlan, step: string): boolean {
  const steps = stepsOf(plan.flow);
  const i = steps.indexOf(step);
  if (/pay|transfer|bezahl|quotation/i.test(step)) return false; // waits for a due date or a supplier, as it should
  return (
    i > 1 &&
    plan.steps[steps[i - 1]].role !== plan.steps[step].role &&
    plan.steps[steps[i - 1]].kind !== "external"
  );
}

function addAbsences({ random, from, to }: World, person: Person, count: number): void {
  for (let k = 0; k < count; k++) {
    const middle = from + ((k + 0.3 + 0.4 * random.next()) / count) * (to - from);
    const monday = Math.floor(middle / DAY) - weekday(Math.floor(middle / DAY));
    for (let d = monday; d < monday + (random.chance(0.5) ? 5 : 12); d++) person.away.add(d);
  }
}

export function taskOf(plan: ProcessPlan, step: string): Task {
  return {
    step,
    plan: {
      ...plan.steps[step],
      kind: plan.steps[step].kind === "external" ? "work" : plan.steps[step].kind,
    },
  };
}

export function insertBefore(nodes: Node[], step: string, task: Task): boolean {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (
      "step" in node ? node.step === step : node.parallel.some((branch) => insertBefore(branch, step, task))
    ) {
      if ("step" in node) nodes.splice(i, 0, task);
      return true;
    }
  }
  return false;
}

function misspelt(value: string): string {
  if (/^\d+$/.test(value)) return `KST${value}`;
  if (/\d/.test(value))
    return value.replace(
      /^([A-Za-z]+)-?(\d+)$/,
      (_, letters: string, digits: string) => `${letters.toLowerCase()} ${digits}`,
    );
  return value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase();
}

const cents = (amount: number) => Math.round(amount * 100) / 100;
export const pct = (share: number) => `${Math.round(share * 100)} %`;
const day = (time: number) => new Date(time).toISOString().slice(0, 10);
