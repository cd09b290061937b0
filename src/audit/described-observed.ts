import { alignLog, spaceOf } from "../conformance/align-log.ts";
import { treeOfFlow } from "../description/flow.ts";
import { mapActivities } from "../description/map-activities.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { nameAt } from "../eventlog/strings.ts";
import { modelOfTree } from "../model/model.ts";
import { wilson, type Interval } from "../statistics/intervals.ts";

/** A step or a path, described, seen, or both. */
export interface DescribedObserved {
  kind: "step" | "path";
  /** the step, or the steps of the path in order */
  name: string;
  state: "described and seen" | "seen, never described" | "described, never seen";
  cases: number;
  outOf: number;
  share: number | null;
  interval: Interval | null;
  /** when it was last seen */
  lastSeen: string | null;
  /** the first cases, to open */
  caseIds: string[];
}

/** Paths listed of each kind. */
const MOST_PATHS = 20;

/**
 * Description and evidence side by side, in both directions: each step, and each way through the process. A
 * way is described when it is a run of the flow. Described ways that nobody took are those of single choices:
 * each optional step and each branch that no case took. Undefined without a description.
 */
export function describedObserved(evidence: Evidence): DescribedObserved[] | undefined {
  const { described, log, activityNames } = evidence;
  if (!described) return undefined;
  const entries: DescribedObserved[] = [];
  const entry = (
    kind: "step" | "path",
    name: string,
    state: DescribedObserved["state"],
    cases: readonly number[],
    outOf: number,
  ) => {
    const last = cases.reduce((latest, c) => Math.max(latest, log.time[log.caseStart[c + 1] - 1]), -Infinity);
    entries.push({
      kind,
      name,
      state,
      cases: cases.length,
      outOf,
      share: outOf === 0 ? null : cases.length / outOf,
      interval: wilson(cases.length, outOf) ?? null,
      lastSeen: last === -Infinity || Math.abs(last) > 8.64e15 ? null : new Date(last).toISOString(),
      caseIds: cases.slice(0, 50).map((c) => nameAt(log.caseIds, c)),
    });
  };
  const casesOf = (activities: ReadonlySet<number>) => {
    const cases: number[] = [];
    for (let c = 0; c < log.caseCount; c++)
      for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++)
        if (activities.has(log.activity[e])) {
          cases.push(c);
          break;
        }
    return cases;
  };
  for (const { name, activities } of described.steps) {
    const cases = casesOf(new Set(activities));
    entry(
      "step",
      name,
      cases.length > 0 ? "described and seen" : "described, never seen",
      cases,
      log.caseCount,
    );
  }
  activityNames.forEach((name, a) => {
    if (described.stepOf[a] < 0)
      entry("step", name, "seen, never described", casesOf(new Set([a])), log.caseCount);
  });
  const mapping = Object.fromEntries(
    activityNames.flatMap((name, a) =>
      described.stepOf[a] >= 0 ? [[name, described.steps[described.stepOf[a]].name]] : [],
    ),
  );
  const { variants } = alignLog(
    mapActivities(log, mapping),
    spaceOf(modelOfTree(treeOfFlow(described.description.flow))),
    { maxStates: 20_000 },
  );
  for (const fits of [true, false]) {
    for (const variant of variants.filter(({ cost }) => (cost === 0) === fits).slice(0, MOST_PATHS))
      entry(
        "path",
        variant.activities.join(" → "),
        fits ? "described and seen" : "seen, never described",
        Array.from(variant.caseNumbers),
        log.caseCount,
      );
  }
  return entries;
}
