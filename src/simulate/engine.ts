import type { Random } from "../statistics/random.ts";
import { DAY, isAtWork, MINUTE, nextAtWork, type Person } from "./people.ts";
import type { Flow, ProcessPlan, StepPlan } from "./processes.ts";

/** One case on its way. */
export interface SimCase {
  id: string;
  number: number;
  arrived: number;
  /** what the case is about, by attribute name */
  values: Record<string, string | number>;
  requester: Person;
  rows: Row[];
  stopped: boolean;
}

/** One event of the log. */
export interface Row {
  case: SimCase;
  activity: string;
  start: number;
  end: number;
  person: Person;
  recorded: number;
  /** values that this row shows; undefined is an empty field */
  values: Record<string, string | number | undefined>;
}

/** Something to be done in a case. */
export interface Task {
  step: string;
  plan: StepPlan;
}

export type Node = Task | { parallel: Node[][] };

/** One piece of work waiting for somebody. */
interface Item {
  case: SimCase;
  task: Task;
  ready: number;
  roles: string[];
  only?: Person;
  never: Person[];
  taken: boolean;
  done(row: Row): void;
}

/** What a way of leaking may change. Every hook is optional; several leaks may plant hooks in one process. */
export interface Hooks {
  /** changes what is to be done in a case before it begins */
  plan?(c: SimCase, nodes: Node[]): void;
  /** when and by whom a task may be done; `skip` leaves it out */
  before?(c: SimCase, task: Task, ready: number): Placing | undefined;
  /** handling time in minutes, instead of the usual */
  minutes?(c: SimCase, task: Task, person: Person): number | undefined;
  /** tasks to do at once because of what just happened, or "stop" */
  after?(c: SimCase, task: Task, row: Row): Task[] | "stop" | undefined;
  /** last changes to a finished row */
  row?(row: Row, task: Task): void;
}

export interface Placing {
  skip?: boolean;
  /** not before this moment */
  notBefore?: number;
  roles?: string[];
  only?: Person;
  /** anybody but this one */
  never?: Person;
}

/** Who is named where a system names a team and nobody in it. */
export function nobodyOf(role: string): Person {
  return { name: "", role, from: 0, to: 0, weekdays: [], away: new Set(), pace: 1 };
}

/**
 * A discrete-event simulation of one process: people with calendars take waiting work of their role in order
 * of arrival, so that waiting comes from load, absence and habit, and not from a drawn number. A requester
 * does not approve their own case.
 */
export class Simulation {
  readonly plan: ProcessPlan;
  readonly people: Person[];
  readonly random: Random;
  readonly hooks: Hooks[];
  readonly rows: Row[] = [];
  readonly #heap = new Heap();
  readonly #waiting = new Map<string, Item[]>();
  readonly #busyUntil = new Map<Person, number>();
  now = 0;

  constructor(plan: ProcessPlan, people: Person[], random: Random, hooks: Hooks[]) {
    this.plan = plan;
    this.people = people;
    this.random = random;
    this.hooks = hooks;
    for (const { role } of people) this.#waiting.set(role, []);
  }

  /** Runs all cases to their end, or until `until`; events after it never happened. */
  run(cases: SimCase[], until: number): Row[] {
    const firstDay = Math.floor(Math.min(...cases.map((c) => c.arrived)) / DAY);
    for (const person of this.people) this.#wakeDaily(person, firstDay * DAY, until);
    for (const c of cases) this.#heap.push(c.arrived, () => this.#begin(c));
    for (;;) {
      const next = this.#heap.pop();
      if (!next || next.time > until) break;
      this.now = next.time;
      next.run();
    }
    return this.rows.filter((row) => row.end <= until);
  }

  /** How many pieces of work wait for a role: the pressure on it. */
  waitingFor(role: string): number {
    return this.#waiting.get(role)!.reduce((n, item) => n + (item.taken ? 0 : 1), 0);
  }

  peopleIn(role: string): Person[] {
    return this.people.filter((person) => person.role === role);
  }

  #begin(c: SimCase): void {
    const nodes = this.#resolve(this.plan.flow);
    for (const hook of this.hooks) hook.plan?.(c, nodes);
    this.#sequence(c, nodes, () => {});
  }

  #resolve(flow: Flow): Node[] {
    if (typeof flow === "string") return [{ step: flow, plan: this.plan.steps[flow] }];
    if (Array.isArray(flow)) return flow.flatMap((part) => this.#resolve(part));
    if ("parallel" in flow) return [{ parallel: flow.parallel.map((part) => this.#resolve(part)) }];
    if ("maybe" in flow) return this.random.chance(flow.share) ? this.#resolve(flow.maybe) : [];
    let draw = this.random.next();
    const way = flow.choice.find(([share]) => (draw -= share) < 0) ?? flow.choice[flow.choice.length - 1];
    return this.#resolve(way[1]);
  }

  #sequence(c: SimCase, nodes: Node[], done: () => void): void {
    const next = (i: number): void => {
      if (c.stopped) return;
      const node = nodes[i];
      if (!node) done();
      else if ("parallel" in node) {
        let open = node.parallel.length;
        for (const branch of node.parallel) this.#sequence(c, branch, () => --open === 0 && next(i + 1));
      } else this.#do(c, node, () => next(i + 1));
    };
    next(0);
  }

  #do(c: SimCase, task: Task, done: () => void): void {
    const { random } = this;
    let ready = this.now;
    let roles = [task.plan.role];
    let only: Person | undefined;
    const never: Person[] = [];
    if (task.plan.kind === "external") ready += random.logNormal(task.plan.outsideDays! * DAY, 0.5);
    for (const hook of this.hooks) {
      const placing = hook.before?.(c, task, ready);
      if (!placing) continue;
      if (placing.skip) {
        done();
        return;
      }
      if (placing.notBefore !== undefined) ready = Math.max(ready, placing.notBefore);
      if (placing.roles) roles = placing.roles;
      if (placing.only) only = placing.only;
      if (placing.never) never.push(placing.never);
    }
    if (task.plan.kind === "request" && c.rows.length === 0) only ??= c.requester;
    const item: Item = {
      case: c,
      task,
      ready,
      roles,
      only,
      never: task.plan.kind === "approve" && only !== c.requester ? [...never, c.requester] : never,
      taken: false,
      done: (row) => this.#finish(c, task, row, done),
    };
    this.#heap.push(ready, () => this.#offer(item));
  }

  #finish(c: SimCase, task: Task, row: Row, done: () => void): void {
    for (const hook of this.hooks) hook.row?.(row, task);
    this.rows.push(row);
    c.rows.push(row);
    let more: Task[] = [];
    for (const hook of this.hooks) {
      const result = hook.after?.(c, task, row);
      if (result === "stop") {
        c.stopped = true;
        return;
      }
      if (result) more = more.concat(result);
    }
    this.#sequence(c, more, done);
  }

  /** Work that became ready: taken at once by somebody idle, else it waits. */
  #offer(item: Item): void {
    const idle = this.people.filter(
      (p) => mayDo(p, item) && (this.#busyUntil.get(p) ?? 0) <= this.now && isAtWork(p, this.now),
    );
    for (const role of item.roles) this.#waiting.get(role)!.push(item);
    if (idle.length > 0) this.#take(this.random.pick(idle));
  }

  /** Lets a person who is free and at work take the work that has waited longest. */
  #take(person: Person): void {
    if ((this.#busyUntil.get(person) ?? 0) > this.now || !isAtWork(person, this.now)) return;
    let best: Item | undefined;
    for (const [role, items] of this.#waiting) {
      while (items.length > 0 && items[0].taken) items.shift();
      if (role !== person.role && !items.some((item) => item.only === person && !item.taken)) continue;
      const first = items.find((item) => !item.taken && mayDo(person, item));
      if (first && (!best || first.ready < best.ready)) best = first;
    }
    if (!best) return;
    best.taken = true;
    const row = this.#work(person, best);
    this.#busyUntil.set(person, row.end);
    const item = best;
    this.#heap.push(row.end, () => {
      item.done(row);
      this.#take(person);
    });
  }

  #work(person: Person, { case: c, task }: Item): Row {
    let minutes: number | undefined;
    for (const hook of this.hooks) minutes ??= hook.minutes?.(c, task, person);
    minutes ??= this.random.logNormal(task.plan.minutes, 0.5) * person.pace;
    const start = wholeSeconds(this.now);
    const dayEnd = Math.floor(this.now / DAY) * DAY + person.to * MINUTE;
    let end = this.now + minutes * MINUTE;
    // What does not fit into the day, give or take half an hour, goes on in the next.
    if (end > dayEnd + 30 * MINUTE) end = nextAtWork(person, dayEnd) + (end - dayEnd);
    return {
      case: c,
      activity: task.step,
      start,
      end: wholeSeconds(end),
      person,
      recorded: wholeSeconds(end),
      values: {},
    };
  }

  #wakeDaily(person: Person, from: number, until: number): void {
    for (let time = nextAtWork(person, from); time < until;) {
      const at = time;
      this.#heap.push(at, () => {
        this.#take(person);
      });
      time = nextAtWork(person, (Math.floor(at / DAY) + 1) * DAY);
    }
  }
}

function mayDo(person: Person, { roles, only, never }: Item): boolean {
  return only ? only === person : roles.includes(person.role) && !never.includes(person);
}

function wholeSeconds(time: number): number {
  return Math.round(time / 1000) * 1000;
}

/** What happens when, earliest first; at the same moment in the order of scheduling. */
class Heap {
  readonly #entries: { time: number; order: number; run: () => void }[] = [];
  #count = 0;

  push(time: number, run: () => void): void {
    const entries = this.#entries;
    const entry = { time, order: this.#count++, run };
    let i = entries.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(entry, entries[parent])) break;
      entries[i] = entries[parent];
      i = parent;
    }
    entries[i] = entry;
  }

  pop(): { time: number; run: () => void } | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (!top || !last || entries.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && isBefore(entries[child + 1], entries[child])) child++;
      if (!isBefore(entries[child], last)) break;
      entries[i] = entries[child];
      i = child;
    }
    entries[i] = last;
    return top;
  }
}

function isBefore(a: { time: number; order: number }, b: { time: number; order: number }): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
