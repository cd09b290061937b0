import { formatCount, formatPercent } from "../figures.ts";
import type { Forecast } from "./forecast.ts";
import { fixFirstOf, type FixFirst, type StepToFix } from "../readiness/fix-first.ts";
import type { Readiness } from "../readiness/readiness.ts";

/** A step that an implementation touches, of one of its processes. */
export interface InventoryStep extends StepToFix {
  process: string;
  verdict: Readiness;
  /** somebody has decided to live with it as it is, so that it is not what to do first */
  isLivedWith?: boolean;
}

/** What is known of the gaps. */
export interface InventoryGap {
  state: "open" | "accepted" | "closed";
  title: string;
  remedy: string;
  decides: string;
  days: number;
  decideBy: string | null;
  /** of an accepted one: the last day on which somebody lives with it; null where no end was said */
  acceptedUntil?: string | null;
}

export const ANSWERS = ["ready", "accepted gaps", "not yet", "cannot be told"] as const;

export interface InventoryAnswer {
  state: (typeof ANSWERS)[number];
  /** the answer, then what it rests on, each a sentence */
  sentences: string[];
  /** what to do first, at most three */
  first: { text: string; decides: string; days: number; makesReady: string[] }[];
}

/**
 * Are we ready for this date, and if not, what do we do first? Ready only when every step it touches is
 * ready, everything it requires is there, and each process was audited. What people decided to live with
 * makes nothing ready: it goes live with accepted gaps.
 */
export function answerOf(
  tool: { name: string; startsOn: string | null; state: "planned" | "in use" },
  processes: readonly { name: string; audited: boolean; waiting?: boolean }[],
  steps: readonly InventoryStep[],
  gaps: readonly InventoryGap[],
  remedyDays: Readonly<Record<string, number>>,
  forecast: Forecast,
  today: string,
): InventoryAnswer {
  const dark = processes.filter(({ audited }) => !audited);
  if (processes.length === 0 || dark.length === processes.length)
    return {
      state: "cannot be told",
      sentences: [
        processes.length === 0
          ? `Can’t be judged yet: no process is named that ${tool.name} touches.`
          : dark.every(({ waiting }) => waiting)
            ? `The audit of ${names(dark)} is running; the answer comes with it.`
            : `Can’t be judged yet: there is no audited evidence of ${names(dark)}.`,
      ],
      first: [],
    };
  const open = gaps.filter(({ state }) => state === "open");
  const accepted = gaps.filter(({ state }) => state === "accepted");
  const ready = steps.filter(({ verdict }) => verdict === "ready");
  const inUse = tool.state === "in use";
  const goes = inUse || tool.startsOn === null ? "" : ` for ${longDate(tool.startsOn)}`;
  const toDo = steps.filter(({ isLivedWith }) => !isLivedWith);
  const first = firstOf(fixFirstOf(labelled(toDo), remedyDays), open);
  const beside = dark.length > 0 ? [`There is no audited evidence of ${names(dark)} yet.`] : [];
  if (steps.length === 0 && gaps.length === 0)
    return {
      state: "cannot be told",
      sentences: [`Can’t be judged yet: ${tool.name} touches no step and has no requirements.`],
      first: [],
    };
  const ofSteps = `${formatCount(ready.length)} of ${plural(steps.length, "step")} that it touches ${ready.length === 1 || steps.length === 1 ? "is" : "are"} ready`;
  const settled = open.length === 0 && dark.length === 0;
  if (settled && accepted.length > 0) {
    const ends = accepted.flatMap(({ acceptedUntil }) => acceptedUntil ?? []).sort();
    return {
      state: "accepted gaps",
      sentences: [
        `${inUse ? "In use" : "Going live"} with ${plural(accepted.length, "accepted gap")}.`,
        `${ofSteps}${ready.length < steps.length ? `; ${formatCount(steps.length - ready.length)} ${steps.length - ready.length === 1 ? "is" : "are"} not, and acceptance makes none ready` : ""}.`,
        ...(ends.length > 0
          ? [`The first acceptance ends on ${longDate(ends[0])}; its gap is open again then.`]
          : []),
        ...(ends.length < accepted.length
          ? [`Of ${plural(accepted.length - ends.length, "acceptance")} no end was said.`]
          : []),
      ],
      first: [],
    };
  }
  if (settled && ready.length === steps.length)
    return {
      state: "ready",
      sentences: [
        inUse
          ? "What it stands on is as it needs it: nothing is open."
          : `Ready${goes}: nothing that it needs is open.`,
        `${ofSteps}.`,
      ],
      first: [],
    };
  if (settled)
    return {
      state: "not yet",
      sentences: [
        `${inUse ? "It relies on steps that are not ready" : `Not ready${goes}`}: ${ofSteps}.`,
        "What is in the way is found by the next audit.",
      ],
      first,
    };
  // what is in use has its date behind it
  const dated = inUse ? [] : open;
  const late = dated.filter(({ decideBy }) => decideBy !== null && decideBy < today);
  const next = dated
    .flatMap(({ decideBy }) => (decideBy !== null && decideBy >= today ? [decideBy] : []))
    .sort()[0];
  return {
    state: open.length === 0 ? "cannot be told" : "not yet",
    sentences: [
      `${inUse ? "It relies on steps that are not ready" : `Not ready${goes}`}: ${ofSteps}, and ${open.length === 1 ? "1 gap is" : `${formatCount(open.length)} gaps are`} open${accepted.length > 0 ? ` and ${formatCount(accepted.length)} accepted` : ""}.`,
      ...beside,
      ...(late.length > 0
        ? [
            `${late.length === 1 ? "One of them" : `${formatCount(late.length)} of them`} should have been decided already, to be closed by the date.`,
          ]
        : []),
      ...(next !== undefined ? [`The next decision is needed by ${longDate(next)}.`] : []),
      forecastInWords(forecast, inUse ? null : tool.startsOn),
    ],
    first,
  };
}

/** The pace of closing as a sentence. */
export function forecastInWords(
  { open, closed, gapDays, dates, byDate }: Forecast,
  startsOn: string | null,
): string {
  if (open === 0) return "No gap is open.";
  const pace = `${plural(closed, "gap")} closed in ${formatCount(Math.round(gapDays))} days of open gaps`;
  if (dates.early === null && gapDays >= 1)
    return `At the pace so far (${pace}) the last one does not close within ten years.`;
  if (dates.early === null)
    return "How fast gaps close is not known yet; coming audits will show it, and then a date can be predicted.";
  if (closed === 0)
    return `None has closed since they were found, so no date can be predicted; ${longDate(iso(dates.early))} is the earliest plausible one.`;
  const late = dates.late === null ? "an unknown date" : longDate(iso(dates.late));
  const chance =
    byDate === null || startsOn === null
      ? ""
      : `; the date is reached with a probability of ${formatPercent(byDate)}`;
  return `At the pace so far (${pace}) the last one closes between ${longDate(iso(dates.early))} and ${late} (80 %)${chance}.`;
}

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const plural = (n: number, word: string) => `${formatCount(n)} ${word}${n === 1 ? "" : "s"}`;
const names = (processes: readonly { name: string }[]) => processes.map(({ name }) => name).join(", ");

/** "24 January 2027". */
export const longDate = (date: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(date));

/** Steps under names that say of which process they are, where there are several. */
function labelled(steps: readonly InventoryStep[]): StepToFix[] {
  const several = new Set(steps.map(({ process }) => process)).size > 1;
  return steps.map(({ step, process, executions, claims }) => ({
    step: several ? `${process}: ${step}` : step,
    executions,
    claims,
  }));
}

/** The first remedies of the plan; where steps need none, the gaps whose decision is needed first. */
const firstOf = ({ order }: FixFirst, open: readonly InventoryGap[]): InventoryAnswer["first"] =>
  order.length === 0
    ? [...open]
        .sort((a, b) => (a.decideBy ?? "9999").localeCompare(b.decideBy ?? "9999"))
        .slice(0, 3)
        .map(({ title, remedy, decides, days }) => ({ text: remedy, decides, days, makesReady: [title] }))
    : order.slice(0, 3).map(({ text, decides, days, group, turns }) => ({
        text,
        decides,
        days,
        makesReady: [
          ...new Set([
            ...order.filter((one) => one.group === group).flatMap(({ makesReady }) => makesReady),
            ...turns.slice(0, 1).map(({ step }) => step),
          ]),
        ],
      }));
