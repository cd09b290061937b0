import { handlingMs } from "../eventlog/handling.ts";
import { allNames } from "../eventlog/strings.ts";
import { quantileOfSorted } from "../statistics/quantile.ts";
import type { Evidence } from "./evidence.ts";

const HOUR = 3_600_000;

/** How long one execution of an activity takes, and how that is known. */
export interface Handling {
  hours: number;
  basis: "measured" | "estimated";
}

/**
 * How long does one execution of each activity take? The median from begin to end where both are recorded in
 * five executions or more; in a log without begins the median gap behind the same person's event before, of
 * twenty gaps or more. Undefined for activities that neither tells. Samples of at most 5,000, or 20,000 gaps,
 * an activity.
 */
export function handlingOfActivities(evidence: Evidence): (Handling | undefined)[] {
  const { start, time, person } = evidence.log;
  const samples: number[][] = evidence.activityNames.map(() => []);
  const { start: offsets, rows } = evidence.byActivity;
  if (start) {
    for (let a = 0; a < samples.length; a++) {
      const step = Math.max(1, Math.floor((offsets[a + 1] - offsets[a]) / 5000));
      for (let i = offsets[a]; i < offsets[a + 1]; i += step) {
        const e = rows[i];
        const ms = handlingMs(evidence.log, e, evidence.calendar);
        if (!Number.isNaN(ms)) samples[a].push(ms || handlingMs(evidence.log, e));
      }
    }
    return samples.map((list) =>
      list.length >= 5 ? { hours: middle(list) / HOUR, basis: "measured" } : undefined,
    );
  }
  if (!person || !evidence.hasIndividuals || evidence.precision === "day")
    return samples.map(() => undefined);
  const { start: from, rows: own } = evidence.byPerson!;
  for (let p = 1; p + 1 < from.length; p++) {
    if (evidence.isAutomatic[p]) continue;
    for (let i = from[p] + 1; i < from[p + 1]; i++) {
      const gap = time[own[i]] - time[own[i - 1]];
      const list = samples[evidence.log.activity[own[i]]];
      // Within two hours of the same person's event before, the gap is mostly this one's handling.
      if (gap > 0 && gap <= 2 * HOUR && list.length < 20_000) list.push(gap);
    }
  }
  return samples.map((list) =>
    list.length >= 20 ? { hours: middle(list) / HOUR, basis: "estimated" } : undefined,
  );
}

/**
 * 1 for transitions of the life cycle at which nobody works: they schedule, assign, skip, interrupt or abort.
 */
export function idleTransitions(evidence: Evidence): Uint8Array {
  const names = evidence.log.transitions ? allNames(evidence.log.transitions) : [];
  return Uint8Array.from(names, (name) =>
    /^(schedule|assign|reassign|withdraw|autoskip|manualskip|suspend|ate_abort|pi_abort)$/i.test(name)
      ? 1
      : 0,
  );
}

/** How handling hours were come by, in words. */
export function handlingBasis({ hours, basis }: Handling): string {
  const seconds = hours * 3600;
  const minutes =
    seconds < 180
      ? `${seconds.toFixed(0)} s`
      : seconds < 5400
        ? `${(seconds / 60).toFixed(1)} min`
        : `${hours.toFixed(1)} h`;
  return basis === "measured"
    ? `${minutes} each, the median from begin to end`
    : `${minutes} each, estimated from the gaps between one person's events`;
}

function middle(list: number[]): number {
  return quantileOfSorted(Float64Array.from(list).sort(), 0.5) ?? 0;
}
