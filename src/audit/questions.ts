import { alignLog, spaceOf } from "../conformance/align-log.ts";
import { treeOfFlow } from "../description/flow.ts";
import { mapActivities } from "../description/map-activities.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { distinctNeeds, type Need } from "../evidence/need.ts";
import { needsIndividuals } from "../evidence/needs.ts";
import { systemColumns } from "../detectors/side-channel.ts";
import { standingsOf } from "../detectors/role-mismatch.ts";
import { nameAt } from "../eventlog/strings.ts";
import { modelOfTree } from "../model/model.ts";
import { Random } from "../statistics/random.ts";
import type { DetectorId } from "../detectors/index.ts";
import type { Claim, Outcomes } from "./claims.ts";
import type { QuestionNumber, Says } from "./says.ts";
import type { Finding, NotTestable } from "./finding.ts";

/** What an answer says about the process: that it works, partly, or not, or that nobody could say. */
export type Meaning = "good" | "partly" | "bad" | "unknown";

export interface AnswerOption {
  key: string;
  text: string;
  means: Meaning;
}

/** What checks have to look at. */
export interface AuditContext {
  evidence: Evidence;
  findings: readonly Finding[];
  notTestable: readonly NotTestable[];
  claims: readonly Claim[];
}

/**
 * What the evidence says to a question: cases (or other units) in which it is well, of those that put it to
 * the test; or what is missing to say. `column` is one that was looked at.
 */
export type Measured = ({ threshold: number | null; column?: string } & Outcomes) | { needs: Need[] };

export type QuestionCategory =
  "documentation" | "handoffs" | "approvals" | "ownership" | "data and reporting";

export interface Question {
  number: QuestionNumber;
  category: QuestionCategory;
  /** anchored to the last time that it happened */
  question: string;
  options: AnswerOption[];
  /** detectors that can contradict it */
  detectors: readonly DetectorId[];
  measure(context: AuditContext): Measured;
}

const options = (good: string, partly: string, bad: string): AnswerOption[] => [
  { key: "a", text: good, means: "good" },
  { key: "b", text: partly, means: "partly" },
  { key: "c", text: bad, means: "bad" },
  { key: "d", text: "I do not know", means: "unknown" },
];

/** Holds where none of these detectors saw anything; the cases that they saw speak against it. */
function unseen(detectors: readonly DetectorId[], threshold: number | null = 0.95) {
  return ({ evidence, findings, notTestable }: AuditContext): Measured => {
    const missing = notTestable.filter(({ detector }) => detectors.some((id) => id === detector));
    if (missing.length === detectors.length)
      return { needs: distinctNeeds(missing.flatMap(({ needs }) => needs)) };
    const own = findings.filter(
      (finding) => detectors.some((id) => id === finding.detector) && finding.state !== "false alarm",
    );
    const numbers = evidence.caseNumbers;
    const against = new Set(own.flatMap(({ caseIds }) => caseIds.map((id) => numbers.get(id)!)));
    const cases = Array.from({ length: evidence.log.caseCount }, (_, c) => c);
    if (own.length > 0 && against.size === 0) {
      // what was found is in records that belong to no case: those are counted
      const worst = own.reduce((a, b) => ((b.share ?? 0) > (a.share ?? 0) ? b : a));
      return { threshold, ...uncased(worst.unit, worst.outOf, worst.cases) };
    }
    return { threshold, cases, held: cases.map((c) => (against.has(c) ? 0 : 1)) };
  };
}

/** Outcomes of units that belong to no case, of which this many speak against. */
const uncased = (unit: string, outOf: number, against: number): Outcomes => ({
  unit,
  cases: null,
  held: Array.from({ length: outOf }, (_, i) => (i < against ? 0 : 1)),
});

/** From claims of the description: each claim that was tested counts as one. */
function ofClaims(kinds: readonly Says["kind"][], threshold: number, needs: Need) {
  return ({ claims }: AuditContext): Measured => {
    const own = claims.filter((claim) => claim.source === "description" && kinds.includes(claim.says.kind));
    const tested = own.filter(({ verdict }) => verdict === "confirmed" || verdict === "contradicted");
    if (tested.length === 0) return { needs: [needs] };
    return {
      threshold,
      unit: "statements",
      cases: null,
      held: tested.map(({ verdict }) => (verdict === "confirmed" ? 1 : 0)),
    };
  };
}

const needsDescription: { needs: Need[] } = { needs: [{ kind: "description" }] };

/**
 * The 30 questions of the System Leak Audit, six to a category, each anchored to the last time. Options say
 * what happened; what they mean for the process stands beside.
 */
export const questions: Question[] = [
  {
    number: 1,
    category: "documentation",
    question: "The last time somebody new took this work over, what did they learn it from?",
    options: options(
      "a written description that fitted the work",
      "a description and a lot of asking",
      "from colleagues; nothing fitting was written",
    ),
    detectors: ["undocumented-step"],
    measure: ({ evidence }) => {
      const { described, log } = evidence;
      if (!described) return needsDescription;
      const cases = Array.from({ length: log.eventCount }, (_, e) => e);
      return {
        threshold: 0.95,
        unit: "executions",
        cases: cases.map((e) => evidence.caseOf[e]),
        held: cases.map((e) => (described.stepOf[log.activity[e]] >= 0 ? 1 : 0)),
      };
    },
  },
  {
    number: 2,
    category: "documentation",
    question: "Think of the last case you handled. Did it go exactly as the description says?",
    options: options("yes, step by step", "mostly, with a step more or less", "no, it went its own way"),
    detectors: ["undocumented-path", "bypassed-step", "variant-sprawl"],
    measure: ({ evidence }) => {
      const { described, isClosed, log } = evidence;
      if (!described) return needsDescription;
      const mapping = Object.fromEntries(
        evidence.activityNames.flatMap((name, a) =>
          described.stepOf[a] >= 0 ? [[name, described.steps[described.stepOf[a]].name]] : [],
        ),
      );
      const model = modelOfTree(treeOfFlow(described.description.flow));
      const { variants } = alignLog(mapActivities(log, mapping), spaceOf(model), { maxStates: 20_000 });
      const cases: number[] = [];
      const held: number[] = [];
      for (const { cost, caseNumbers } of variants)
        for (const c of caseNumbers) {
          if (!isClosed[c]) continue;
          cases.push(c);
          held.push(cost === 0 ? 1 : 0);
        }
      return {
        threshold: 0.8,
        cases,
        held,
      };
    },
  },
  {
    number: 3,
    category: "documentation",
    question:
      "The last time you did something for a case that nobody else would have known about, what was it for?",
    options: options(
      "that did not happen; all steps are in the description",
      "a small thing, once in a while",
      "there are such steps all the time",
    ),
    detectors: ["undocumented-step", "side-channel", "double-entry"],
    measure: unseen(["undocumented-step"], 0.95),
  },
  {
    number: 4,
    category: "documentation",
    question: "When was each described step last really done?",
    options: options(
      "every one within the last weeks",
      "one or two have not been done for long",
      "some are only on paper",
    ),
    detectors: ["phantom-step", "bypassed-step"],
    measure: ofClaims(["step done", "step happens"], 0.95, { kind: "description" }),
  },
  {
    number: 5,
    category: "documentation",
    question: "The last time a case was unusual, did the description say what to do?",
    options: options("yes", "partly; the rest we worked out", "no"),
    detectors: ["variant-sprawl", "undocumented-path"],
    measure: ({ evidence }) => {
      const { described, log, variants } = evidence;
      if (!described) return needsDescription;
      const usual = variants.caseCount.reduce((best, n, v) => (n > variants.caseCount[best] ? v : best), 0);
      const cases: number[] = [];
      const held: number[] = [];
      const against = new Set<number>();
      const { order, stepOf, steps } = described;
      for (let c = 0; c < log.caseCount; c++) {
        if (variants.variantOf[c] === usual) continue;
        for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
          const s = stepOf[log.activity[e]];
          const next = e + 1 < log.caseStart[c + 1] ? stepOf[log.activity[e + 1]] : undefined;
          if (s < 0 || (next !== undefined && next >= 0 && order.precedes(steps[next].name, steps[s].name)))
            against.add(c);
        }
        cases.push(c);
        held.push(against.has(c) ? 0 : 1);
      }
      return {
        threshold: 0.5,
        cases,
        held,
      };
    },
  },
  {
    number: 6,
    category: "documentation",
    question: "The last time the work changed, when was the description changed?",
    options: options("with it, or within the month", "much later", "not at all"),
    detectors: ["process-drift"],
    measure: ({ evidence, findings }) => {
      const signed = evidence.described?.description.signedOff?.at;
      if (!evidence.described) return needsDescription;
      if (!signed) return { needs: [{ kind: "signed date" }] };
      const drifts = findings.filter(({ detector }) => detector === "process-drift");
      const later = new Set(drifts.filter((drift) => (drift.at ?? "") > signed));
      return {
        threshold: null,
        unit: "changes",
        cases: null,
        held: drifts.length === 0 ? [1] : drifts.map((d) => (later.has(d) ? 0 : 1)),
      };
    },
  },
  {
    number: 7,
    category: "handoffs",
    question: "The last time a case left your desk, whose did it go to?",
    options: options("the one whom the description names", "one of a few", "I would have to look"),
    detectors: ["undocumented-path", "undocumented-step"],
    measure: ({ evidence }) => {
      const { described, log } = evidence;
      if (!described) return needsDescription;
      if (!log.person) return { needs: [{ kind: "column", role: "person" }] };
      const cases: number[] = [];
      const held: number[] = [];
      for (let c = 0; c < log.caseCount; c++)
        for (let e = log.caseStart[c] + 1; e < log.caseStart[c + 1]; e++) {
          const [p, q] = [log.person[e - 1], log.person[e]];
          if (p === 0 || q === 0 || p === q) continue;
          const [a, b] = [described.stepOf[log.activity[e - 1]], described.stepOf[log.activity[e]]];
          cases.push(c);
          held.push(
            a >= 0 && b >= 0 && !described.order.precedes(described.steps[b].name, described.steps[a].name)
              ? 1
              : 0,
          );
        }
      return {
        threshold: 0.9,
        unit: "hand-overs",
        cases,
        held,
      };
    },
  },
  {
    number: 8,
    category: "handoffs",
    question: "The last time the person who usually takes over was away, what happened to the work?",
    options: options("it went on as usual", "it took longer", "it waited until they were back"),
    detectors: ["absence-stall", "key-person"],
    measure: unseen(["absence-stall"], 0.99),
  },
  {
    number: 9,
    category: "handoffs",
    question: "How long did the last case that came to you lie before you began?",
    options: options("less than a day", "a few days", "a week or more"),
    detectors: ["handoff-wait", "unowned-wait", "batching"],
    measure: unseen(["handoff-wait", "unowned-wait", "batching"], 0.9),
  },
  {
    number: 10,
    category: "handoffs",
    question: "When did a case last come back to you?",
    options: options("not for months", "in the last weeks", "today or yesterday"),
    detectors: ["ping-pong", "rework"],
    measure: unseen(["ping-pong", "rework"], 0.95),
  },
  {
    number: 11,
    category: "handoffs",
    question: "For the last case you took over: did you have to ask for anything?",
    options: options("no, everything was there", "for one thing", "for several"),
    detectors: ["compensating-work", "missing-data"],
    measure: unseen(["compensating-work"], 0.95),
  },
  {
    number: 12,
    category: "handoffs",
    question: "The last time somebody asked where a case was, how did you find out?",
    options: options("I looked it up at once", "I asked one or two people", "nobody knew"),
    detectors: ["stalled-case", "side-channel"],
    measure: unseen(["stalled-case", "side-channel"], 0.98),
  },
  {
    number: 13,
    category: "approvals",
    question: "Who gave the last approval, and where is it written that they may?",
    options: options("it is written, up to which amount", "it is known, not written", "it just went to them"),
    detectors: ["unmapped-approval-chain", "over-limit"],
    measure: unseen(["unmapped-approval-chain", "over-limit"], 0.98),
  },
  {
    number: 14,
    category: "approvals",
    question: "When did anybody here last approve what they had asked for themselves?",
    options: options("never; it is not possible", "in an emergency", "it happens"),
    detectors: ["self-approval", "segregation-of-duties"],
    measure: unseen(["self-approval"], null),
  },
  {
    number: 15,
    category: "approvals",
    question: "For the last order or payment: what came first, the approval or the commitment?",
    options: options("the approval, always", "usually the approval", "often the approval comes after"),
    detectors: ["approval-after-the-fact", "approval-bypassed"],
    measure: unseen(["approval-after-the-fact", "approval-bypassed"], 0.98),
  },
  {
    number: 16,
    category: "approvals",
    question: "The last time the approver was away, what happened?",
    options: options("the deputy decided", "somebody was found", "it waited"),
    detectors: ["single-approver", "absence-stall"],
    measure: unseen(["single-approver"], 0.8),
  },
  {
    number: 17,
    category: "approvals",
    question: "How long did you read before your last approval?",
    options: options("as long as the case needed", "a glance", "I trust whoever sends it"),
    detectors: ["rubber-stamp"],
    measure: unseen(["rubber-stamp"], 0.95),
  },
  {
    number: 18,
    category: "approvals",
    question: "When did an overdue approval last go to somebody higher by itself?",
    options: options("the last time one was overdue", "somebody had to push", "never"),
    detectors: [],
    measure: ({ evidence }) => {
      const { log, activityNames, isApproval, wait, calendar } = evidence;
      const escalates = activityNames.map((name) => /escalat|eskal|relance hiérarch/i.test(name));
      if (!escalates.includes(true)) return { needs: [{ kind: "escalations" }] };
      const cases: number[] = [];
      const held: number[] = [];
      for (let c = 0; c < log.caseCount; c++)
        for (let e = log.caseStart[c] + 1; e < log.caseStart[c + 1]; e++) {
          if (!isApproval[log.activity[e]] || wait[e] <= 5 * calendar.hoursPerDay * 3_600_000) continue;
          cases.push(c);
          let up = 0;
          for (let k = log.caseStart[c]; k < log.caseStart[c + 1]; k++)
            if (escalates[log.activity[k]]) up = 1;
          held.push(up);
        }
      return {
        threshold: 0.9,
        unit: "approvals",
        cases,
        held,
      };
    },
  },
  {
    number: 19,
    category: "ownership",
    question: "Name the owner of the step you did last. Is it one name?",
    options: options("one name, written down", "one name, by habit", "it depends"),
    detectors: ["unowned-step", "unowned-wait"],
    measure: ({ evidence }) => {
      const { described, log, caseOf } = evidence;
      if (!described) return needsDescription;
      const owned = described.steps.map(
        ({ role }) =>
          role !== undefined &&
          (described.holdersOf(role) !== undefined || Object.hasOwn(described.description.roles ?? {}, role)),
      );
      const rows = Array.from({ length: log.eventCount }, (_, e) => e);
      return {
        threshold: 0.9,
        unit: "executions",
        cases: rows.map((e) => caseOf[e]),
        held: rows.map((e) => (owned[described.stepOf[log.activity[e]]] ? 1 : 0)),
      };
    },
  },
  {
    number: 20,
    category: "ownership",
    question: "Who did that step the last time: its owner, or somebody else?",
    options: options("the owner or their deputy", "somebody who helped out", "whoever had time"),
    detectors: ["role-mismatch", "ownership-by-habit"],
    measure: ({ evidence }) => {
      if (!evidence.described) return needsDescription;
      const all = standingsOf(evidence).flatMap(({ entitled, others }) => [
        ...entitled.map((e) => [e, 1] as const),
        ...others.map((e) => [e, 0] as const),
      ]);
      if (all.length === 0) return { needs: [{ kind: "people or roles" }] };
      return {
        threshold: 0.9,
        unit: "executions",
        cases: all.map(([e]) => evidence.caseOf[e]),
        held: all.map(([, ok]) => ok),
      };
    },
  },
  {
    number: 21,
    category: "ownership",
    question: "If you were away tomorrow, who would do your step? When did they last do it?",
    options: options("somebody who did it this month", "somebody who did it once", "nobody"),
    detectors: ["key-person", "single-approver"],
    measure: unseen(["key-person"], 0.8),
  },
  {
    number: 22,
    category: "ownership",
    question: "Would a colleague have handled your last case in the same way?",
    options: options("yes, exactly", "with small differences", "everybody has their own way"),
    detectors: ["shifting-ownership", "variant-sprawl", "inconsistent-entry"],
    measure: unseen(["shifting-ownership", "variant-sprawl"], 0.8),
  },
  {
    number: 23,
    category: "ownership",
    question: "Why did the last case come to you and not to a colleague?",
    options: options("by a rule: kind of case, customer, letter", "by turns", "I happened to be free"),
    detectors: [],
    measure: assignedByRule,
  },
  {
    number: 24,
    category: "ownership",
    question: "The last time this step went wrong, who put it right, and who was told?",
    options: options("the owner, and the cause was recorded", "the owner", "whoever noticed"),
    detectors: ["rework"],
    measure: ({ evidence, findings }) => {
      const cause = evidence.log.columns.find(({ name }) =>
        /(error|rejection|return|rework|correction)?[\s_-]*(cause|reason|root[\s_-]?cause)( code)?$|fehlerursache|ruecklaufgrund|rücklaufgrund/i.test(
          name,
        ),
      );
      if (!cause) return { needs: [{ kind: "cause column" }] };
      const back = findings.filter(
        ({ detector }) => detector === "rework" || detector === "ping-pong" || detector === "late-correction",
      );
      const cases = [
        ...new Set(back.flatMap(({ caseIds }) => caseIds.map((id) => evidence.caseNumbers.get(id)!))),
      ].sort((a, b) => a - b);
      const { log } = evidence;
      const filled = (c: number) => {
        for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
          const row = cause.scope === "case" ? c : e;
          if ("codes" in cause ? cause.codes[row] !== 0 : false) return 1;
        }
        return 0;
      };
      return {
        column: cause.name,
        threshold: 0.8,
        cases,
        held: cases.map(filled),
      };
    },
  },
  {
    number: 25,
    category: "data and reporting",
    question: "For your last case: where did the information come from?",
    options: options(
      "all of it from the systems",
      "some from mail or a sheet",
      "much of it from people's heads",
    ),
    detectors: ["missing-data", "side-channel"],
    measure: (context) => {
      const needs = context.claims.filter(({ says }) => says.kind === "field filled");
      if (
        needs.some(({ n }) => n > 0) ||
        systemColumns(context.evidence).length > 0 ||
        context.evidence.log.columns.length > 0
      )
        return unseen(["missing-data", "side-channel"], 0.95)(context);
      return { needs: [{ kind: "inputs of steps" }] };
    },
  },
  {
    number: 26,
    category: "data and reporting",
    question: "If two colleagues had entered your last case, would it look the same?",
    options: options("yes, field by field", "except for free texts", "no"),
    detectors: ["inconsistent-entry"],
    measure: unseen(["inconsistent-entry"], 0.98),
  },
  {
    number: 27,
    category: "data and reporting",
    question: "When did you enter your last step: while doing it, or later?",
    options: options("while doing it", "at the end of the day", "when I got round to it"),
    detectors: ["late-logging"],
    measure: unseen(["late-logging"], 0.9),
  },
  {
    number: 28,
    category: "data and reporting",
    question: "The last time two lists disagreed, which one was right?",
    options: options("it is written which one is", "we found out", "nobody could say"),
    detectors: ["conflicting-sources", "duplicate-vendor", "amount-mismatch"],
    measure: ({ findings, notTestable, evidence }) => {
      if (notTestable.some(({ detector }) => detector === "conflicting-sources"))
        return { needs: notTestable.find(({ detector }) => detector === "conflicting-sources")!.needs };
      const own = findings.filter(({ detector }) => detector === "conflicting-sources");
      const compared = Math.max(
        1,
        ...own.map(({ outOf }) => outOf),
        ...evidence.records.map(({ rowCount }) => rowCount),
      );
      const differing = Math.max(0, ...own.map(({ cases }) => cases));
      return {
        threshold: 0.99,
        ...uncased("records", compared, differing),
      };
    },
  },
  {
    number: 29,
    category: "data and reporting",
    question: "Of the last hundred cases, how many had to be put right?",
    options: [
      { key: "a", text: "fewer than 2", means: "good" },
      { key: "b", text: "2 to 10", means: "partly" },
      { key: "c", text: "more than 10", means: "bad" },
      { key: "d", text: "I do not know", means: "unknown" },
    ],
    detectors: ["rework", "compensating-work", "late-correction"],
    measure: unseen(["rework", "compensating-work", "late-correction"], 0.98),
  },
  {
    number: 30,
    category: "data and reporting",
    question: "What did you last decide because of the regular report?",
    options: options("a decision I can name", "it confirmed what we knew", "nothing"),
    detectors: ["report-without-decision", "slow-close"],
    measure: ({ findings, notTestable, evidence }) => {
      const missing = notTestable.find(({ detector }) => detector === "report-without-decision");
      if (missing) return { needs: missing.needs };
      const idle = findings.filter(({ detector }) => detector === "report-without-decision").length;
      const all = evidence.records
        .filter(({ roles }) => roles.has("report"))
        .reduce((sum, { rowCount }) => sum + rowCount, 0);
      return {
        threshold: null,
        ...uncased("reports", all, idle),
      };
    },
  },
];

/**
 * The six that are worth asking before anything else, and without any log: one of each category and the one
 * about the step that hurts.
 */
export const OPENING = [2, 8, 15, 16, 21, 25];

/**
 * Whether attributes of the case settle who does a step better than chance would: in each activity the most
 * telling attribute, its share of people guessed right against the same with people shuffled. One unit per
 * activity.
 */
function assignedByRule({ evidence }: AuditContext): Measured {
  const { log, activityNames, caseKinds, caseOf } = evidence;
  if (!log.person || !evidence.hasIndividuals) return { needs: needsIndividuals(evidence) };
  if (caseKinds.length === 0) return { needs: [{ kind: "kinds of cases" }] };
  const held: number[] = [];
  activityNames.forEach((_, a) => {
    const rows = Array.from(evidence.rowsOf(a))
      .filter((e) => log.person![e] > 0)
      .slice(-3000);
    if (rows.length < 60 || new Set(rows.map((e) => log.person![e])).size < 2) return;
    const people = rows.map((e) => log.person![e]);
    const right = (values: number[], who: number[]) => {
      const counts = new Map<number, Map<number, number>>();
      values.forEach((v, i) => {
        const own = counts.get(v) ?? counts.set(v, new Map()).get(v)!;
        own.set(who[i], (own.get(who[i]) ?? 0) + 1);
      });
      return [...counts.values()].reduce((sum, own) => sum + Math.max(...own.values()), 0) / values.length;
    };
    const random = new Random(`assigned/${nameAt(log.activities, a)}`);
    const telling = caseKinds.slice(0, 12).some((column) => {
      const values = evidence.valueOfCases(column);
      const own = rows.map((e) => values[caseOf[e]]);
      const real = right(own, people);
      const chance = Array.from({ length: 20 }, () => right(own, random.shuffle([...people])));
      return real > Math.max(...chance) && real > chance.reduce((x, y) => x + y, 0) / 20 + 0.15;
    });
    held.push(telling ? 1 : 0);
  });
  if (held.length === 0) return { needs: [{ kind: "shared steps" }] };
  return {
    threshold: 0.5,
    unit: "steps",
    cases: null,
    held,
  };
}
