import { Random } from "../statistics/random.ts";
import { Simulation, type Hooks, type Row, type SimCase } from "./engine.ts";
import { plants } from "./plants/index.ts";
import type { Plant, PlantedLeak, World } from "./plants/plant.ts";
import { isCampaign, pressureBreak } from "./plants/pressure-break.ts";
import { DAY, hire, HOUR, MINUTE, nextAtWork, weekday, type Person } from "./people.ts";
import { processPlans, stepsOf, type ProcessPlan } from "./processes.ts";

export interface SimulateOptions {
  seed: number;
  /** cases per process; without it each process has its own number */
  cases?: number;
  /** only the process with this id */
  process?: string;
  /** no leaks at all */
  clean?: boolean;
}

/** One simulated process: what its log will say, how it was meant to be, and what was planted. */
export interface SimulatedProcess {
  plan: ProcessPlan;
  people: Person[];
  rows: Row[];
  cases: SimCase[];
  leaks: PlantedLeak[];
  isClean: boolean;
}

/**
 * Simulates an organisation with several processes, its people, calendars, absences and, unless `clean`, the
 * ways in which it leaks. The same options give the same result, event by event. Cost: about a microsecond
 * times events times people of a role.
 */
export function simulate(options: SimulateOptions): SimulatedProcess[] {
  const random = new Random(`plumbline/${options.seed}`);
  const plans = processPlans.map((vocabularies) => random.pick(vocabularies));
  const assigned = assignLeaks(plans, random, options.clean ?? false);
  return plans.flatMap((plan, i) => {
    const own = new Random(`plumbline/${options.seed}/${plan.id}`);
    return options.process === undefined || options.process === plan.id
      ? [{ ...simulateProcess(plan, own, assigned[i], options.cases), isClean: options.clean ?? false }]
      : [];
  });
}

/**
 * Deals the ways of leaking out to the processes, five or six each, so that every way comes about in most
 * organisations.
 */
function assignLeaks(plans: ProcessPlan[], random: Random, clean: boolean): Plant[][] {
  const dealt = plans.map((): Plant[] => []);
  if (clean) return dealt;
  const ways = random.shuffle([...plants]);
  // the few that fit one process alone come first
  ways.sort((a, b) => Number(b.onlyIn !== undefined) - Number(a.onlyIn !== undefined));
  ways.forEach((way, i) => {
    const fits = plans
      .map((_, k) => k)
      .filter((k) => way.fits?.(plans[k]) ?? true)
      .filter((k) => (way.onlyIn ?? plans[k].id) === plans[k].id);
    const k = fits.sort(
      (x, y) => dealt[x].length - dealt[y].length || ((x + i) % plans.length) - ((y + i) % plans.length),
    )[0];
    if (k !== undefined && dealt[k].length < 6) dealt[k].push(way);
  });
  return dealt;
}

function simulateProcess(
  plan: ProcessPlan,
  random: Random,
  ways: Plant[],
  wanted: number | undefined,
): Omit<SimulatedProcess, "isClean"> {
  const from = Date.UTC(2024, random.below(12), 1) + 7 * HOUR;
  const days = 240 + random.below(150);
  const to = from + days * DAY;
  const cases = wanted ?? Math.round(plan.cases * (0.8 + 0.4 * random.next()));
  const people = hire(random, plan.staff, Math.floor(from / DAY), days + 30);
  const leaks: PlantedLeak[] = [];
  const hooks: Hooks[] = [];
  let simulation: Simulation | undefined;
  const usedSteps = new Set<string>();
  for (const way of ways) {
    const world: World = {
      detector: way.detector,
      plan,
      people,
      random,
      strength: random.next(),
      from,
      to,
      usedSteps,
      simulation: () => simulation!,
    };
    const planted = way.plant(world);
    if (!planted) continue;
    leaks.push(planted.leak);
    hooks.push(planted.hooks);
  }
  hooks.push(...nature(plan, random));
  const pressured = ways.includes(pressureBreak);
  const begun = arrivals(plan, people, random, { from, to, cases, pressured });
  simulation = new Simulation(plan, people, random, hooks);
  const rows = simulation.run(begun, to);
  const present = new Set(rows.map((row) => row.case.id));
  for (const leak of leaks) leak.cases = new Set([...leak.cases].filter((id) => present.has(id)));
  return {
    plan,
    people,
    rows,
    cases: begun.filter((c) => present.has(c.id)),
    leaks: leaks.filter((leak) => leak.cases.size > 0),
  };
}

/**
 * What happens in any organisation: a little rework, a few empty fields, values shown once they were entered.
 */
function nature(plan: ProcessPlan, random: Random): Hooks[] {
  const steps = stepsOf(plan.flow);
  const quick = new Set(steps.filter((step) => plan.steps[step].kind === "approve"));
  const repeated = new Set<SimCase>();
  return [
    {
      after(c, task) {
        const i = steps.indexOf(task.step);
        if (i < 2 || repeated.has(c) || plan.steps[task.step].kind !== "check" || !random.chance(0.01))
          return undefined;
        repeated.add(c);
        return [
          { step: steps[i - 1], plan: { ...plan.steps[steps[i - 1]], kind: "work" } },
          { step: task.step, plan: plan.steps[task.step] },
        ];
      },
      minutes: (_, task) => (quick.has(task.step) && random.chance(0.02) ? 0.4 : undefined),
      row(row, task) {
        const at = steps.indexOf(task.step);
        for (const { name, enteredAt, kind } of plan.attributes) {
          const entered = steps.indexOf(enteredAt);
          const shown =
            task.step === enteredAt ||
            row.case.rows.some((r) => r.activity === enteredAt) ||
            (at >= 0 && at > entered);
          if (task.step === enteredAt && kind === "choice" && random.chance(0.004))
            row.case.values[name] = "";
          row.values[name] = shown ? row.case.values[name] : undefined;
        }
        if (row.recorded === row.end) row.recorded = row.end + Math.round(random.exponential(4)) * MINUTE;
      },
    },
  ];
}

function arrivals(
  plan: ProcessPlan,
  people: Person[],
  random: Random,
  { from, to, cases, pressured }: { from: number; to: number; cases: number; pressured: boolean },
): SimCase[] {
  const weights: [day: number, weight: number][] = [];
  for (let d = Math.floor(from / DAY); d < Math.floor(to / DAY) - 1; d++) {
    if (weekday(d) > 4) continue;
    const date = new Date(d * DAY);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    const nearEnd = last - date.getUTCDate() < 5;
    const base = plan.monthEnd ? (nearEnd ? 1 : 0.04) : nearEnd ? 1.25 : 1;
    const season = 1 + 0.12 * Math.sin((d / 365) * 2 * Math.PI);
    const campaign = pressured && isCampaign({ from }, d) ? 3 : 1;
    weights.push([d, base * season * campaign * (0.8 + 0.4 * random.next())]);
  }
  const total = weights.reduce((sum, [, w]) => sum + w, 0);
  const requesters = people.filter(({ role }) => role === plan.steps[stepsOf(plan.flow)[0]].role);
  const times: { at: number; requester: Person }[] = [];
  for (let i = 0; i < cases; i++) {
    let draw = random.next() * total;
    const [day] = weights.find(([, w]) => (draw -= w) < 0) ?? weights[weights.length - 1];
    const requester = random.pick(requesters);
    const at = nextAtWork(requester, day * DAY + 8 * HOUR + random.next() * 8 * HOUR);
    if (at < to) times.push({ at, requester });
  }
  times.sort((a, b) => a.at - b.at);
  const base = 10_000 + random.below(50_000);
  return times.map(({ at, requester }, number) => ({
    id: `${plan.casePrefix}${base + number}`,
    number,
    arrived: at,
    requester,
    rows: [],
    stopped: false,
    values: Object.fromEntries(
      plan.attributes.map(({ name, kind, values }) => [
        name,
        kind === "amount" ? Math.round(random.logNormal(800, 1) * 100) / 100 : skewed(random, values!),
      ]),
    ),
  }));
}

/** The first values are more usual than the last. */
function skewed(random: Random, values: string[]): string {
  return values[Math.min(values.length - 1, Math.floor(random.next() ** 1.4 * values.length))];
}
