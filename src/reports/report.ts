import { detectors } from "../detectors/index.ts";
import { formatCount, formatHours, formatMoney, formatPercent, formatRange } from "../figures.ts";
import { measureOf } from "../wording/claims.ts";
import type { GateAccount } from "../readiness/gate.ts";
import type { WordedAudit, WordedClaim } from "../wording/worded-audit.ts";
import { shownSubject, type Finding, type Range } from "../audit/finding.ts";
import { remedyOf } from "../audit/remedies.ts";
import { KINDS, losses, midText, moneyText } from "./money-text.ts";

/**
 * What a report says, before anything decides how it looks: the terminal, the page and the PDF are drawn from
 * this.
 */
export interface Report {
  title: string;
  process: string;
  /** "1,124 cases, 9,883 events, 2 December 2024 to 28 July 2025" */
  scope: string;
  made: string;
  /** the few sentences that come first */
  lead: string[];
  tiles: { label: string; value: string; note: string }[];
  /** priced leaks, largest first */
  costs: { label: string; low: number; mid: number; high: number; text: string; id: string }[];
  first: {
    id: string;
    title: string;
    subject: string;
    why: string;
    remedy: string;
    decides: string;
    effort: string;
  }[];
  /** may a machine do the steps; null where nothing was judged */
  gate: {
    sentence: string;
    steps: { step: string; verdict: string; because: string }[];
    more: number;
    /** how often it was overridden; empty where nobody did */
    overridden: string;
    overrides: string[];
  } | null;
  /** what was said, held against what is shown; empty without answers */
  said: { number: number; question: string; said: string; shown: string; verdict: string; bad: boolean }[];
  blind: { heading: string; items: { text: string; finding?: string }[] }[];
  steps: { name: string; state: string; cases: string; last: string; odd: boolean }[];
  paths: { name: string; state: string; cases: string; last: string; odd: boolean }[];
  contradicted: { statement: string; saidBy: string; text: string; when: string }[];
  claimCounts: { verdict: string; count: number }[];
  findings: ReportFinding[];
  notVisible: { what: string; needs: string }[];
  changes: string[];
  how: string[];
}

export interface ReportFinding {
  id: string;
  number: number;
  title: string;
  subject: string;
  statement: string;
  money: string;
  share: number | null;
  interval: [number, number] | null;
  counts: string;
  remedy: string;
  state: string;
  facts: [string, string][];
  caseIds: string[];
  moreCases: number;
  records: [string, string][];
  moreRecords: number;
  method: string;
}

const LISTED = 120;

/**
 * Puts an audit into words for a board: what it costs, what nobody said, what to fix first; every figure with
 * what it rests on.
 */
export function reportOf(audit: WordedAudit, account: string, gate: GateAccount | null): Report {
  const { cases, events, from, to } = audit.log as {
    cases: number;
    events: number;
    from: string | null;
    to: string | null;
  };
  const process = audit.description?.process ?? audit.source.split(/[\\/]/).at(-1)!;
  const open = audit.findings.filter(({ state }) => state !== "false alarm");
  return {
    title: "What an AI tool would inherit from this process",
    process,
    scope: `${formatCount(cases)} cases, ${formatCount(events)} events${from && to ? `, ${from.slice(0, 10)} to ${to.slice(0, 10)}` : ""}`,
    made: audit.at.slice(0, 10),
    lead: leadOf(audit, open),
    tiles: tilesOf(audit, open),
    costs: costsOf(open),
    first: firstOf(open),
    gate: gateWords(gate),
    said: saidOf(audit),
    blind: blindOf(audit),
    ...comparedOf(audit),
    contradicted: audit.claims.flatMap(contradiction),
    claimCounts: claimCounts(audit.claims),
    findings: audit.findings.map(findingOf),
    notVisible: audit.notTestable.map(({ detector, needs }) => ({
      what: titleOf(detector),
      needs: needs.join("; "),
    })),
    changes: changesOf(audit),
    how: [account, `Working calendar: ${audit.calendar}.`, `Rates: ${audit.rates}.`, ...audit.notes],
  };
}

const GATE_STEPS = 25;

function gateWords(gate: GateAccount | null): Report["gate"] {
  if (!gate || gate.steps.length === 0) return null;
  const { steps, overrides } = gate;
  const ready = steps.filter(({ verdict }) => verdict === "ready");
  const all = steps.reduce((sum, { executions }) => sum + executions, 0);
  const share = ready.reduce((sum, { executions }) => sum + executions, 0) / Math.max(1, all);
  const holding = overrides.filter(({ holds }) => holds);
  const passed = new Set(holding.map(({ step }) => step));
  const letPass = steps.filter(({ step, verdict }) => verdict !== "ready" && passed.has(step));
  const counts = ["fix first", "keep with people", "not enough evidence"].flatMap((verdict) => {
    const n = steps.filter((step) => step.verdict === verdict && !passed.has(step.step)).length;
    return n === 0 ? [] : [`${formatCount(n)} ${verdict}`];
  });
  return {
    sentence: `The gate is open for ${formatCount(ready.length)} of ${formatCount(steps.length)} steps, which are ready: ${formatPercent(share)} of the work by executions${letPass.length > 0 ? `; and for ${formatCount(letPass.length)} more, which somebody lets pass` : ""}${counts.length > 0 ? `; of the others: ${counts.join(", ")}` : ""}.`,
    steps: steps.slice(0, GATE_STEPS).map(({ step, verdict, sentence }) => ({
      step,
      verdict: verdict !== "ready" && passed.has(step) ? `${verdict}, overridden` : verdict,
      because: sentence,
    })),
    more: Math.max(0, steps.length - GATE_STEPS),
    overridden:
      overrides.length === 0
        ? ""
        : `It was overridden ${overrides.length === 1 ? "once" : `${formatCount(overrides.length)} times`}; ${holding.length === 0 ? "no override holds" : `${formatCount(holding.length)} ${holding.length === 1 ? "override holds" : "overrides hold"}`} on ${gate.at?.slice(0, 10) ?? ""}.`,
    overrides: overrides.map(
      ({ step, by, reason, madeAt, until, holds }) =>
        `${step}: ${by} let it pass on ${madeAt.slice(0, 10)} until ${until.slice(0, 10)}${holds ? "" : " (ended)"}: ${reason}`,
    ),
  };
}

function leadOf(audit: WordedAudit, open: readonly Finding[]): string[] {
  const sentences: string[] = [];
  for (const total of audit.totals) {
    const list = losses(total).map(
      ({ kind, range }) => `${midText(range, total.currency)} in ${kind}${rangeAfter(range)}`,
    );
    if (list.length > 0) sentences.push(`Over the period of the evidence it costs ${list.join(", ")}.`);
  }
  for (const { currency, ...range } of audit.exposure)
    if (range.mid > 0)
      sentences.push(
        `${midText(range, currency)} passed through beside the controls: exposure, not a loss, and in no total.`,
      );
  const { blindSpots } = audit;
  for (const number of blindSpots.saidWell.slice(0, 3)) {
    const question = audit.questions[number - 1];
    const { claim } = question;
    const left = formatCount(claim.threshold === null ? claim.against : claim.n - claim.against);
    sentences.push(
      claim.threshold === null
        ? `You said: “${question.said[0].text}”. The evidence has ${left} that say otherwise, of ${formatCount(claim.n)} ${claim.unit}.`
        : `You said: “${question.said[0].text}”. In the evidence it was so in ${left} of ${formatCount(claim.n)} ${claim.unit}.`,
    );
  }
  if (audit.respondents === 0)
    for (const finding of firstFindings(open).slice(0, 2))
      sentences.push(`${finding.title}: ${shownSubject(finding)}, ${countText(finding)}.`);
  if (audit.respondents > 0 && blindSpots.nobodySaid.length > 0)
    sentences.push(`${blindSpots.nobodySaid.length} of ${open.length} findings nobody had mentioned.`);
  if (open.length === 0)
    sentences.push(
      "Nothing stands out in this evidence. What could not be tested is listed; absence of data is not health.",
    );
  return sentences;
}

/** " (11,200 to 16,400)"; empty for what was counted. */
const rangeAfter = ({ low, high }: Range) =>
  Math.round(low) === Math.round(high) ? "" : ` (${formatRange([low, high])})`;

function tilesOf(audit: WordedAudit, open: readonly Finding[]): Report["tiles"] {
  const tiles: Report["tiles"] = [{ label: "Findings", value: String(open.length), note: "" }];
  for (const total of audit.totals)
    for (const { kind, range } of losses(total))
      tiles.push({
        label: KINDS[kind],
        value: midText(range, total.currency),
        note: formatRange([range.low, range.high]),
      });
  for (const { currency, ...range } of audit.exposure)
    if (range.mid > 0)
      tiles.push({ label: "Exposure", value: midText(range, currency), note: "passed through, not lost" });
  if (audit.compensationHours)
    tiles.push({
      label: "Rework and chasing",
      value: formatHours(audit.compensationHours),
      note: "clarify, chase, fix, correct",
    });
  const { saidWell, saidBadly } = audit.blindSpots;
  if (audit.respondents > 0)
    tiles.push({
      label: "Blind spots",
      value: String(saidWell.length + saidBadly.length),
      note: `answers of ${audit.respondents} checked against the evidence`,
    });
  return tiles;
}

function costsOf(open: readonly Finding[]): Report["costs"] {
  return open
    .flatMap((finding) =>
      finding.money && finding.money.kind !== "exposure" && finding.money.mid > 0
        ? [
            {
              id: finding.id,
              label: `${shownSubject(finding)} (${finding.detector.replaceAll("-", " ")})`,
              low: finding.money.low,
              mid: finding.money.mid,
              high: finding.money.high,
              text: midText(finding.money, finding.money.currency),
            },
          ]
        : [],
    )
    .sort((a, b) => b.mid - a.mid)
    .slice(0, 10);
}

/** The most money or exposure for the least effort first; without money what touches most cases. */
function firstFindings(open: readonly Finding[]): Finding[] {
  const weight = { days: 1, weeks: 3, months: 9 };
  const value = ({ money, share, cases }: Finding) =>
    money && money.kind !== "exposure"
      ? 1e6 + money.mid
      : money
        ? 1e3 + Math.log10(1 + money.mid) * 100
        : (share ?? 0) * 100 + Math.log10(1 + cases);
  return [...open]
    .flatMap((finding) => {
      const remedy = remedyOf(finding.detector);
      return remedy ? [{ finding, remedy }] : [];
    })
    .sort((a, b) => value(b.finding) / weight[b.remedy.effort] - value(a.finding) / weight[a.remedy.effort])
    .map(({ finding }) => finding);
}

function firstOf(open: readonly Finding[]): Report["first"] {
  return firstFindings(open)
    .slice(0, 5)
    .map((finding) => {
      const { text, decides, effort } = remedyOf(finding.detector)!;
      return {
        id: finding.id,
        title: finding.title,
        subject: shownSubject(finding),
        why: finding.money
          ? `${midText(finding.money, finding.money.currency)} ${finding.money.kind}`
          : countText(finding),
        remedy: text,
        decides,
        effort,
      };
    });
}

function saidOf({ questions: answered }: WordedAudit): Report["said"] {
  const shown = {
    well: "holds",
    "not well": "does not hold",
    "cannot say": "too little evidence",
    "not visible": "not visible here",
  };
  return answered
    .filter(({ said }) => said.length > 0)
    .map(({ number, question, said, claim, evidence, verdict, disagreement }) => ({
      number,
      question,
      said:
        said
          .map(({ text, count }) => (said.length > 1 || count > 1 ? `${count} × ${text}` : text))
          .join("; ") + (disagreement ? " (answers differ)" : ""),
      shown: `${shown[evidence]}${claim.n > 0 ? `: ${measureWords(claim)} ${claim.estimate === null ? "" : formatPercent(claim.estimate)} of ${formatCount(claim.n)} ${claim.unit}` : claim.needs.length > 0 ? `: needs ${claim.needs.join("; ")}` : ""}`,
      verdict,
      bad: verdict === "contradicted",
    }));
}

/** What was measured, without the threshold that the check has as well. */
const measureWords = (claim: WordedClaim): string =>
  claim.says?.kind === "answer"
    ? measureOf(claim.says.question, claim.says.column)
    : claim.check.split(",")[0];

function blindOf(audit: WordedAudit): Report["blind"] {
  const { blindSpots, questions: answered } = audit;
  if (audit.respondents === 0) return [];
  const asked = (number: number) => answered[number - 1];
  const lists: Report["blind"] = [
    {
      heading: "Said to be well, and it is not",
      items: blindSpots.saidWell.map((number) => ({
        text: `${asked(number).claim.statement} ${formatCount(asked(number).claim.against)} of ${formatCount(asked(number).claim.n)} ${asked(number).claim.unit} speak against it (${asked(number).claim.check}).`,
        finding: asked(number).findings[0],
      })),
    },
    {
      heading: "Said not to be well, and the evidence shows no such thing",
      items: blindSpots.saidBadly.map((number) => ({ text: asked(number).claim.statement })),
    },
    {
      heading: "Shown by the evidence, and nobody said it",
      items: blindSpots.nobodySaid.flatMap((id) => {
        const finding = audit.findings.find((f) => f.id === id);
        return finding
          ? [{ text: `${finding.title}: ${shownSubject(finding)}. ${countText(finding)}`, finding: id }]
          : [];
      }),
    },
    {
      heading: "On this, answers differ",
      items: blindSpots.disagreements.map((number) => ({ text: asked(number).question })),
    },
    {
      heading: "Nobody could say",
      items: blindSpots.unknown.map((number) => ({ text: asked(number).question })),
    },
    {
      heading: "What this evidence cannot show at all",
      items: [
        ...blindSpots.notVisible.map(({ number, needs }) => ({
          text: `${asked(number).claim.statement} Needs ${needs.join("; ")}.`,
        })),
        {
          text: "Work in e-mail, calls and sheets that leaves no event here. Ask for it; an export will not tell.",
        },
      ],
    },
  ];
  return lists.filter(({ items }) => items.length > 0);
}

function comparedOf({ describedObserved: list }: WordedAudit): Pick<Report, "steps" | "paths"> {
  const rows = (kind: "step" | "path") =>
    (list ?? [])
      .filter((entry) => entry.kind === kind)
      .sort((a, b) => Number(a.state === "described and seen") - Number(b.state === "described and seen"))
      .map(({ name, state, cases, outOf, share, interval, lastSeen }) => ({
        name,
        state,
        cases: `${formatCount(cases)} of ${formatCount(outOf)}${share === null || cases === 0 ? "" : ` = ${formatPercent(share)}`}${interval && cases > 0 ? ` (${formatPercent(interval[0])} to ${formatPercent(interval[1])})` : ""}`,
        last: lastSeen?.slice(0, 10) ?? "",
        odd: state !== "described and seen",
      }));
  return { steps: rows("step"), paths: rows("path").slice(0, 24) };
}

function contradiction({
  source,
  statement,
  saidBy,
  verdict,
  n,
  unit,
  against,
  estimate,
  lastTrue,
  stoppedAt,
}: WordedClaim): Report["contradicted"] {
  if (verdict !== "contradicted" || source === "finding" || source === "answer") return [];
  return [
    {
      statement,
      saidBy,
      text: `${formatCount(against)} of ${formatCount(n)} ${unit} against${estimate === null ? "" : `, holds for ${formatPercent(estimate)}`}`,
      when: stoppedAt
        ? `not since ${stoppedAt.slice(0, 7)}`
        : lastTrue
          ? `last held ${lastTrue.slice(0, 10)}`
          : "",
    },
  ];
}

function claimCounts(claims: readonly WordedClaim[]): Report["claimCounts"] {
  const said = claims.filter(({ source }) => source !== "finding");
  return (["confirmed", "contradicted", "not enough evidence", "not testable here"] as const).map(
    (verdict) => ({
      verdict,
      count: said.filter((claim) => claim.verdict === verdict).length,
    }),
  );
}

function findingOf(finding: Finding, i: number): ReportFinding {
  const {
    id,
    title,
    statement,
    share,
    interval,
    detector,
    category,
    facts,
    caseIds,
    records,
    alsoSeenBy,
    precision,
  } = finding;
  const judged = precision.confirmed + precision.falseAlarms;
  const own = remedyOf(detector);
  return {
    id,
    number: i + 1,
    title,
    subject: shownSubject(finding),
    statement,
    money: moneyText(finding),
    share,
    interval,
    counts: countText(finding),
    remedy: own ? `${own.text} Decided by: ${own.decides}; usual effort: ${own.effort}.` : "",
    state: finding.review ?? finding.state,
    facts,
    caseIds: caseIds.slice(0, LISTED),
    moreCases: Math.max(0, caseIds.length - LISTED),
    records: records.slice(0, LISTED),
    moreRecords: Math.max(0, records.length - LISTED),
    method: `${category} · detector ${detector} · finding ${id}${interval ? ` · 95 % interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}` : ""} · precision ${formatPercent(precision.mean)} (${judged === 0 ? "nobody has judged one yet" : `${precision.confirmed} of ${judged} judged ones confirmed`})${alsoSeenBy.length > 0 ? ` · also seen by ${alsoSeenBy.join(", ")}` : ""}`,
  };
}

/** "12 of 340 cases, 3.5 %" */
export function countText({ cases, outOf, share, unit }: Finding): string {
  return `${formatCount(cases)} of ${formatCount(outOf)} ${unit}${share === null ? "" : `, ${formatPercent(share)}`}`;
}

function changesOf({ history }: WordedAudit): string[] {
  const { audits, changes, fixed, fresh } = history;
  if (audits === 0) return [];
  return [
    ...fixed.map(
      ({ detector, subject, returnedPerYear, money, lastSeen }) =>
        `Fixed: ${titleOf(detector)} (${subject}), last seen in evidence up to ${lastSeen.slice(0, 10)}${returnedPerYear !== null && money ? `; it cost ${formatMoney(returnedPerYear, money.currency)} a year` : ""}.`,
    ),
    ...changes.map(({ statement, before, now }) => `${statement} Was ${before}, is now ${now}.`),
    ...(fresh.length > 0
      ? [`${fresh.length} ${fresh.length === 1 ? "finding is" : "findings are"} new since the last audit.`]
      : []),
  ];
}

/** The plain title of a detector's findings, for lists of what could not be asked. */
function titleOf(id: string): string {
  return detectors.find((detector) => detector.id === id)?.title ?? id;
}
