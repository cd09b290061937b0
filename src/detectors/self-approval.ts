import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsApprovals } from "../evidence/needs.ts";
import { exposureOf } from "./price.ts";
import { separatePairs } from "./segregation-of-duties.ts";

/**
 * Finds approvals given by the person whose request they approve. The requester is who did the first event of
 * the case, and who last created, submitted, requested, entered or recorded something before the approval
 * that shares its noun ("Record invoice" for "Approve invoice"); where a description says what the approval
 * approves, who did that.
 *
 * Needs people, and approvals (by name or given). Every case counts, since the rule allows no exception.
 * Cases where either person is unknown or a program are left out of `outOf`. One pass.
 */
export const selfApproval = defineDetector({
  id: "self-approval",
  category: "approvals",
  title: "People approve their own requests",
  question: "Does anybody approve what they asked for themselves?",
  remedy: {
    text: "Let the system refuse an approver who is the requester; name who approves theirs.",
    effort: "days",
    decides: "controller",
  },
  options: { minCases: 1 },

  missing: needsApprovals,

  detect(evidence, { minCases }) {
    const { log, activityNames, isApproval, isAutomatic } = evidence;
    const { caseCount, caseStart, activity } = log;
    const person = log.person!;
    const nouns = activityNames.map(nounsOf);
    const prepares = activityNames.map((name) => PREPARES.test(name.toLowerCase()));
    const approved = approvedBy(evidence);
    const rows: number[][] = activityNames.map(() => []);
    const requestedBy: Map<number, number>[] = activityNames.map(() => new Map()); // activity that made the approver the requester
    const outOf = new Float64Array(activityNames.length);
    const seenIn = new Int32Array(activityNames.length).fill(-1);

    for (let c = 0; c < caseCount; c++) {
      const first = caseStart[c];
      for (let e = first + 1; e < caseStart[c + 1]; e++) {
        const a = activity[e];
        if (!isApproval[a] || person[e] === 0 || isAutomatic[person[e]]) continue;
        const requesters = isApproval[activity[first]] ? [] : [first];
        for (let k = e - 1; k > first && approved[a]; k--) {
          if (!approved[a].has(activity[k])) continue;
          requesters.push(k);
          break;
        }
        for (let k = e - 1; k > first; k--) {
          const b = activity[k];
          if (prepares[b] && !isApproval[b] && sharesNoun(nouns[a], nouns[b])) {
            requesters.push(k);
            break;
          }
        }
        const known = requesters.filter((row) => person[row] > 0 && !isAutomatic[person[row]]);
        if (known.length === 0) continue;
        if (seenIn[a] !== c) outOf[a]++;
        seenIn[a] = c;
        const own = known.find((row) => person[row] === person[e]);
        if (own === undefined) continue;
        rows[a].push(e);
        requestedBy[a].set(activity[own], (requestedBy[a].get(activity[own]) ?? 0) + 1);
      }
    }
    const found: Observation[] = [];
    rows.forEach((list, a) => {
      const cases = caseSet(list.map((e) => evidence.caseOf[e]));
      if (cases.length < minCases || cases.length === 0) return;
      const [usual] = [...requestedBy[a]].sort((x, y) => y[1] - x[1])[0];
      found.push({
        subject: activityNames[a],
        statement: `In ${cases.length} of ${outOf[a]} cases "${activityNames[a]}" was given by the person who had done "${activityNames[usual]}" in it.`,
        cases,
        outOf: outOf[a],
        people: [...new Set(list.map((e) => person[e]))],
        cost: exposureOf(evidence, list, "amounts of the cases approved by their requester"),
        facts: [["people who did so", String(new Set(list.map((e) => person[e])).size)]],
      });
    });
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** For each activity what it approves by the description, or must be kept apart from as its request. */
function approvedBy(evidence: Evidence): (Set<number> | undefined)[] {
  const { described, activityNames } = evidence;
  const approved: (Set<number> | undefined)[] = activityNames.map(() => undefined);
  if (!described) return approved;
  for (const { activities, approves } of described.steps)
    if (approves !== undefined)
      for (const a of activities) approved[a] = new Set(described.steps[approves].activities);
  for (const { first, second } of separatePairs(evidence, true))
    for (const a of described.activitiesOf(second)) {
      approved[a] ??= new Set();
      for (const b of described.activitiesOf(first)) approved[a].add(b);
    }
  return approved;
}

const PREPARES =
  /\b(create|submit|request|enter|record|register|raise|open|prepare|draft|file|fill|issue|post|book|log|capture|save)\w*|erfass|anleg|erstell|beantrag|einreich|anforder|stellen|buch|créer|saisi|soumet|demand|crear|registrar|solicit|enviar|aanmaken|invoer|indien|aanvra/;

const COMMON_WORDS = new Set([
  "the",
  "a",
  "of",
  "for",
  "by",
  "and",
  "to",
  "in",
  "on",
  "with",
  "step",
  "der",
  "die",
  "das",
  "des",
  "und",
  "von",
  "für",
  "la",
  "le",
  "de",
  "du",
  "el",
  "manager",
  "final",
  "first",
  "second",
]);

function nounsOf(name: string): Set<string> {
  const words = name.toLowerCase().split(/[^\p{L}]+/u);
  return new Set(
    words.filter((word) => word.length >= 4 && !COMMON_WORDS.has(word)).map((word) => word.slice(0, 7)),
  );
}

function sharesNoun(a: Set<string>, b: Set<string>): boolean {
  for (const word of a) if (b.has(word)) return true;
  return false;
}
