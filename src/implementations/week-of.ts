import type { FixedLeak, History } from "../audit/history.ts";
import type { Finding, Money } from "../audit/finding.ts";
import { keptStatement } from "../wording/worded-audit.ts";
import { dayToDecide, type FoundGap } from "./gaps.ts";
import { dayAfter } from "./working-days.ts";

const WEEK = 7 * 86_400_000;
const SOON_DAYS = 14;

/** A leak that is new, or that is gone, and what it costs. */
export interface WeekLeak {
  title: string;
  money: Money | null;
}

/** What happened in an organisation since the last brief. Names of people are in none of it. */
export interface WeekFacts {
  organisation: string;
  /** where it is opened */
  address: string;
  from: string;
  to: string;
  processes: {
    name: string;
    path: string;
    /** null where this week's audit is the first */
    readyBefore: number | null;
    readyNow: number;
    steps: number;
    becameReady: string[];
    stoppedBeing: string[];
    fresh: WeekLeak[];
    fixed: WeekLeak[];
    turned: { statement: string; before: string; now: string }[];
  }[];
  implementations: {
    name: string;
    path: string;
    startsOn: string | null;
    opened: string[];
    closed: string[];
    accepted: string[];
    /** open gaps whose decision is needed until two weeks from now */
    due: { title: string; decides: string; by: string }[];
    /** how many decisions were logged: what they say stays in the program */
    decided: number;
  }[];
  overrides: { step: string; process: string; what: "begun" | "ends"; until: string }[];
}

/** What is read of an audit. */
export interface WeekAudit {
  at: Date;
  headline: { readiness?: Record<string, number>; readySteps?: string[]; history: Partial<History> };
}

/** What is read of an organisation: rows as they are kept. */
export interface WeekRows {
  id: string;
  name: string;
  processes: {
    id: string;
    name: string;
    /** until the end of the week, newest first */
    audits: readonly WeekAudit[];
    /** findings first seen in the week */
    fresh: readonly Pick<Finding, "title" | "subject" | "money" | "people">[];
  }[];
  implementations: {
    id: string;
    name: string;
    state: "planned" | "in use";
    starts_on: string | null;
    gaps: readonly {
      state: "open" | "accepted" | "closed";
      content: Pick<FoundGap, "title" | "days" | "decides">;
      decide_by: string | null;
      opened_at: Date;
      accepted_at: Date | null;
      closed_at: Date | null;
    }[];
    notes: readonly { kind: "note" | "meeting"; made_at: Date }[];
  }[];
  /** those that hold at the end of the week */
  overrides: readonly { step: string; process_id: string; made_at: Date; until: Date }[];
}

/**
 * What happened in an organisation after one instant and up to another; `address` is where it is opened.
 * Processes without an audit in between are left out.
 */
export function weekOf(rows: WeekRows, from: Date, to: Date, address: string): WeekFacts {
  const isWithin = (at: Date | null) => at !== null && at > from && at <= to;
  const nameOf = new Map(rows.processes.map(({ id, name }) => [id, name]));
  return {
    organisation: rows.name,
    address,
    from: dayOf(from),
    to: dayOf(to),
    processes: rows.processes.flatMap((process) => processWeek(rows.id, process, from, isWithin) ?? []),
    implementations: rows.implementations.map((tool) => implementationWeek(rows.id, tool, to, isWithin)),
    overrides: rows.overrides.flatMap(
      ({ step, process_id: id, made_at: madeAt, until }): WeekFacts["overrides"] => {
        const process = nameOf.get(id) ?? "";
        if (isWithin(madeAt)) return [{ step, process, what: "begun", until: dayOf(until) }];
        const isEnding = until.getTime() - to.getTime() < WEEK;
        return isEnding ? [{ step, process, what: "ends", until: dayOf(until) }] : [];
      },
    ),
  };
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
type IsWithin = (at: Date | null) => boolean;

/** What became of a process; undefined where no audit looked at it in the week. */
function processWeek(
  organisationId: string,
  { id, name, audits, fresh }: WeekRows["processes"][number],
  from: Date,
  isWithin: IsWithin,
): WeekFacts["processes"][number] | undefined {
  const news = audits.filter(({ at }) => isWithin(at)).reverse();
  const last = news.at(-1);
  if (!last) return undefined;
  const before = audits.find(({ at }) => at <= from);
  const histories = news.map(({ headline }) => headline.history);
  const turned = byId(histories.flatMap(({ changes = [] }) => changes));
  const fixed = byId(histories.flatMap(({ fixed: gone = [] }): FixedLeak[] => gone));
  // what an audit before the week had said already is no news
  const past = before?.headline.history;
  const known = {
    fixed: new Set((past?.fixed ?? []).map((leak) => leak.id)),
    turned: new Set((past?.changes ?? []).map((change) => `${change.id} ${change.now}`)),
  };
  const wasReady = new Set(before?.headline.readySteps);
  const isReady = new Set(last.headline.readySteps);
  const readiness = last.headline.readiness ?? {};
  return {
    name,
    becameReady: before ? [...isReady].filter((step) => !wasReady.has(step)) : [],
    stoppedBeing: before ? [...wasReady].filter((step) => !isReady.has(step)) : [],
    path: `/o/${organisationId}/p/${id}/summary`,
    readyBefore: before ? (before.headline.readiness?.["ready"] ?? 0) : null,
    readyNow: readiness["ready"] ?? 0,
    steps: Object.values(readiness).reduce((sum, n) => sum + n, 0),
    fresh: fresh.map(({ title, subject, money, people }) => ({
      title: people.includes(subject) ? title : `${title}: ${subject}`,
      money,
    })),
    // a fixed leak may be named after a person, whom the brief does not name
    fixed: fixed
      .filter(({ id: leak }) => !known.fixed.has(leak))
      .map(({ detector, money }) => ({ title: detector.replaceAll("-", " "), money })),
    turned: turned
      .filter((change) => !known.turned.has(`${change.id} ${change.now}`))
      .map((change) => ({ statement: keptStatement(change), before: change.before, now: change.now })),
  };
}

/** Each once, as it was said last. */
const byId = <T extends { id: string }>(list: readonly T[]): T[] => [
  ...new Map(list.map((one) => [one.id, one])).values(),
];

/** What became of an implementation, and what is to be decided within two weeks. */
function implementationWeek(
  organisationId: string,
  tool: WeekRows["implementations"][number],
  to: Date,
  isWithin: IsWithin,
): WeekFacts["implementations"][number] {
  const [today, soon] = [dayOf(to), dayAfter(dayOf(to), SOON_DAYS)];
  const titles = (state: "open" | "accepted" | "closed", at: "opened_at" | "accepted_at" | "closed_at") =>
    tool.gaps.flatMap((gap) => (gap.state === state && isWithin(gap[at]) ? [gap.content.title] : []));
  return {
    name: tool.name,
    path: `/o/${organisationId}/implementations/${tool.id}`,
    startsOn: tool.starts_on,
    opened: titles("open", "opened_at"),
    closed: titles("closed", "closed_at"),
    accepted: titles("accepted", "accepted_at"),
    due: tool.gaps.flatMap((gap) => {
      const by = gap.state === "open" ? dayToDecide(tool, gap) : null;
      const { title, decides } = gap.content;
      return by !== null && by > today && by <= soon ? [{ title, decides, by }] : [];
    }),
    decided: tool.notes.filter((one) => one.kind === "note" && isWithin(one.made_at)).length,
  };
}
