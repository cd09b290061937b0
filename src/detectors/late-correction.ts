import type { Column } from "../eventlog/event-log.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { isChangeName } from "../evidence/activity-names.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { NameColumn } from "../evidence/columns.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { systemColumns } from "./side-channel.ts";
import { needsApprovalNames } from "../evidence/needs.ts";
import { exposureOf } from "./price.ts";

/**
 * Finds data changed after the last approval of a case and never approved again: by an activity that changes
 * things by its name, or by a column whose value at the end of the case is another than at the last approval.
 *
 * Only columns that normally keep their value within a case are compared, and cases that never had an
 * approval do not count. A finding in more than `minShare` of the approved cases, by the 95 % interval. One
 * pass per column.
 */
export const lateCorrection = defineDetector({
  id: "late-correction",
  category: "data and reporting",
  title: "Data changes after the approval",
  question: "What is changed after it was approved, and never approved again?",
  remedy: {
    text: "Lock the field after the approval; let a change ask for a new one.",
    effort: "weeks",
    decides: "controller",
  },
  options: { minCases: 4, minShare: 0.008 },

  missing: needsApprovalNames,

  detect(evidence, { minCases, minShare }) {
    const { log, activityNames, isApproval, isCompensating } = evidence;
    const { caseCount, caseStart, activity } = log;
    const lastApproval = new Int32Array(caseCount).fill(-1);
    let approved = 0;
    for (let c = 0; c < caseCount; c++) {
      for (let e = caseStart[c]; e < caseStart[c + 1]; e++) if (isApproval[activity[e]]) lastApproval[c] = e;
      if (lastApproval[c] >= 0) approved++;
    }
    const changes = activityNames.map(
      (name, a) => isChangeName(name) && !isApproval[a] && !isCompensating[a],
    );
    const byActivity: number[][] = activityNames.map(() => []);
    const isMeant = changesByDesign(evidence);
    const explained = new Set<number>(); // cases whose change has an activity of its own
    for (let c = 0; c < caseCount; c++) {
      if (lastApproval[c] < 0) continue;
      for (let e = lastApproval[c] + 1; e < caseStart[c + 1]; e++) {
        if (changes[activity[e]] && !isMeant[activity[e]]) {
          byActivity[activity[e]].push(e);
          explained.add(c);
        }
      }
    }
    const found: Observation[] = [];
    byActivity.forEach((rows, a) => {
      const cases = caseSet(rows.map((e) => evidence.caseOf[e]));
      if (cases.length < minCases || wilsonLow(cases.length, approved) < minShare) return;
      // Where it nearly always follows the approval, changing is what the approval is for.
      if (cases.length > evidence.casesWith[a] * 0.98 && cases.length > approved * 0.6) return;
      found.push(
        observe(activityNames[a], `"${activityNames[a]}" happens after the last approval`, cases, rows),
      );
    });
    for (const column of log.columns) {
      if (column.scope !== "event" || systemColumns(evidence).includes(column as NameColumn)) continue;
      const rows = changedAfter(evidence, column, lastApproval);
      const silent = rows.filter((e) => !explained.has(evidence.caseOf[e]));
      const cases = caseSet(silent.map((e) => evidence.caseOf[e]));
      if (cases.length < minCases || wilsonLow(cases.length, approved) < minShare) continue;
      found.push(
        observe(
          column.name,
          `"${column.name}" is another at the end than when it was approved`,
          cases,
          silent,
        ),
      );
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);

    function observe(subject: string, what: string, cases: Uint32Array, rows: number[]): Observation {
      const people = log.person ? [...new Set(rows.map((e) => log.person![e]))].filter((p) => p > 0) : [];
      return {
        subject,
        statement: `In ${cases.length} of ${approved} approved cases ${what}, and nobody approved again.`,
        cases,
        outOf: approved,
        people,
        cost: exposureOf(evidence, rows, "amounts of the cases changed after approval"),
        facts: [],
      };
    }
  },
});

/** Changes that the description has behind an approval: what the approval is for. */
function changesByDesign({ described, activityNames }: Evidence): boolean[] {
  const approvals = described?.steps.filter(({ isApproval }) => isApproval) ?? [];
  return activityNames.map((_, a) => {
    const s = described?.stepOf[a] ?? -1;
    return s >= 0 && approvals.some(({ name }) => described!.order.precedes(name, described!.steps[s].name));
  });
}

/**
 * For each approved case the row at which a column takes, behind the last approval, a value that it keeps and
 * that differs from the one approved. [] for columns that often change within a case anyway.
 */
function changedAfter({ log }: Evidence, column: Column, lastApproval: Int32Array): number[] {
  const { caseCount, caseStart } = log;
  const value =
    column.kind === "number" ? column.numbers : column.kind === "time" ? column.times : column.codes;
  const isEmpty = (e: number) =>
    column.kind === "number" || column.kind === "time" ? Number.isNaN(value[e]) : value[e] === 0;
  const differs = (x: number, y: number) =>
    column.kind === "number" ? Math.abs(x - y) > 0.004 * Math.max(Math.abs(x), Math.abs(y)) : x !== y;

  const rows: number[] = [];
  let compared = 0;
  let restless = 0; // cases in which the value changes before the approval, too
  for (let c = 0; c < caseCount; c++) {
    if (lastApproval[c] < 0) continue;
    let approvedValue = NaN;
    let unrest = false;
    for (let e = caseStart[c]; e <= lastApproval[c]; e++) {
      if (isEmpty(e)) continue;
      if (!Number.isNaN(approvedValue) && differs(value[e], approvedValue)) unrest = true;
      approvedValue = value[e];
    }
    if (Number.isNaN(approvedValue)) continue;
    let row = -1;
    let last = NaN;
    let after = 0;
    for (let e = lastApproval[c] + 1; e < caseStart[c + 1]; e++) {
      if (isEmpty(e)) continue;
      after++;
      last = value[e];
      if (!differs(last, approvedValue)) row = -1;
      else if (row < 0) row = e;
    }
    if (after === 0) continue;
    compared++;
    if (unrest) restless++;
    if (row >= 0) rows.push(row);
  }
  return compared === 0 || restless > compared * 0.3 || rows.length > compared * 0.4 ? [] : rows;
}
