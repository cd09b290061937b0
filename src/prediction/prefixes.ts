import { caseOfEvents, type EventLog } from "../eventlog/event-log.ts";
import { nameAt, type Strings } from "../eventlog/strings.ts";
import type { Features } from "./boosted-trees.ts";

const HOUR = 3_600_000;
const DAY = 86_400_000;

/**
 * What is known of a case after each of its events, as columns: row e is the prefix that ends with event e.
 */
export interface Prefixes {
  names: string[];
  features: Features;
}

export interface PrefixOptions {
  /** case attributes that are known from the begin; others may betray the end and are not used */
  attributes?: string[];
  /** values of one dictionary that get a column of their own, most frequent first */
  maxValues?: number;
}

/**
 * Features of every prefix, from what had happened by then alone: how often each activity has been done, the
 * last two activities, how long the case has taken and the last step before this event, the hour, weekday and
 * day of the month, how many cases are open and how many events the last day saw, the person and role of the
 * last event, the values of event attributes there, and of the case attributes named. 4 bytes a feature and
 * event. A few passes.
 */
export function prefixesOf(log: EventLog, { attributes = [], maxValues = 25 }: PrefixOptions = {}): Prefixes {
  const { caseStart, activity, time, eventCount: n } = log;
  const names: string[] = [];
  const features: Features = [];
  const column = (name: string): Float32Array => {
    names.push(name);
    const values = new Float32Array(n);
    features.push(values);
    return values;
  };
  const [length, elapsed, since, hour, weekday, monthDay, repeats] = [
    column("events so far"),
    column("hours so far"),
    column("hours since the event before"),
    column("hour of the day"),
    column("weekday"),
    column("day of the month"),
    column("times of the last activity so far"),
  ];
  const frequent = mostFrequent(activity, log.activities.length, maxValues, 0);
  const done = frequent.map((a) => column(`times ${nameAt(log.activities, a)}`));
  const last = frequent.map((a) => column(`last is ${nameAt(log.activities, a)}`));
  const before = frequent.map((a) => column(`before it was ${nameAt(log.activities, a)}`));
  const place = new Int32Array(log.activities.length).fill(-1);
  frequent.forEach((a, k) => (place[a] = k));
  for (let c = 0; c < log.caseCount; c++) {
    const from = caseStart[c];
    for (let e = from; e < caseStart[c + 1]; e++) {
      length[e] = e - from + 1;
      elapsed[e] = (time[e] - time[from]) / HOUR;
      since[e] = e > from ? (time[e] - time[e - 1]) / HOUR : 0;
      const day = Math.floor(time[e] / DAY);
      hour[e] = (time[e] - day * DAY) / HOUR;
      weekday[e] = (((day + 3) % 7) + 7) % 7;
      monthDay[e] = new Date(time[e]).getUTCDate();
      if (e > from) for (const values of done) values[e] = values[e - 1];
      const k = place[activity[e]];
      if (k >= 0) {
        done[k][e]++;
        last[k][e] = 1;
        repeats[e] = done[k][e];
      }
      if (e > from && place[activity[e - 1]] >= 0) before[place[activity[e - 1]]][e] = 1;
    }
  }
  load(log, column("open cases"), column("events in the last day"));
  const dictionary = (
    label: string,
    codes: ArrayLike<number>,
    size: number,
    name: (code: number) => string,
    row: (e: number) => number,
  ) => {
    for (const code of mostFrequent(codes, size, maxValues, 1)) {
      const values = column(`${label} is ${name(code)}`);
      for (let e = 0; e < n; e++) if (codes[row(e)] === code) values[e] = 1;
    }
  };
  const own = (e: number) => e;
  if (log.person) dictionary("person", log.person, log.people.length, (p) => nameAt(log.people, p), own);
  if (log.role) dictionary("role", log.role, log.roles.length, (r) => nameAt(log.roles, r), own);
  let caseOf: Uint32Array | undefined;
  for (const attribute of log.columns) {
    if (attribute.scope === "case" && !attributes.includes(attribute.name)) continue;
    caseOf ??= caseOfEvents(log);
    const row = attribute.scope === "case" ? (e: number) => caseOf![e] : own;
    if (attribute.kind === "number") {
      const values = column(attribute.name);
      for (let e = 0; e < n; e++)
        values[e] = Number.isNaN(attribute.numbers[row(e)]) ? -1e30 : attribute.numbers[row(e)];
    } else if (attribute.kind === "dictionary" && isNaming(attribute.values))
      dictionary(
        attribute.name,
        attribute.codes,
        attribute.values.length,
        (v) => nameAt(attribute.values, v),
        row,
      );
  }
  return { names, features };
}

/** A dictionary whose values name kinds of things rather than single ones. */
function isNaming(values: Strings): boolean {
  return values.length > 2 && values.length <= 500;
}

/** Codes from `first` on, most frequent first. */
function mostFrequent(codes: ArrayLike<number>, size: number, most: number, first: number): number[] {
  const counts = new Uint32Array(size);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  return Array.from(counts.keys())
    .filter((code) => code >= first && counts[code] > 0)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, most);
}

/**
 * Cases begun and events of the last day at the time of each event. A case counts as open from its begin
 * until its last event so far seen; since the end is not known at the time, it is open while its latest event
 * is at most 30 days old.
 */
function load(log: EventLog, open: Float32Array, busy: Float32Array): void {
  const order = Uint32Array.from({ length: log.eventCount }, (_, e) => e).sort(
    (e, f) => log.time[e] - log.time[f] || e - f,
  );
  const caseOf = caseOfEvents(log);
  const latest = new Float64Array(log.caseCount).fill(NaN);
  let active = 0;
  let dayAgo = 0;
  let monthAgo = 0;
  order.forEach((e, i) => {
    const now = log.time[e];
    while (log.time[order[dayAgo]] < now - DAY) dayAgo++;
    // a case whose latest event falls out of the window is no longer counted
    for (; log.time[order[monthAgo]] < now - 30 * DAY; monthAgo++) {
      const old = order[monthAgo];
      if (latest[caseOf[old]] === log.time[old]) {
        latest[caseOf[old]] = NaN;
        active--;
      }
    }
    if (Number.isNaN(latest[caseOf[e]])) active++;
    latest[caseOf[e]] = now;
    open[e] = active;
    busy[e] = i - dayAgo + 1;
  });
}
