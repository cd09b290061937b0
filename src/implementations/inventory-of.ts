import { createHash } from "node:crypto";
import type { ClaimVerdict } from "../audit/claims.ts";
import type { Requirement } from "../audit/requirement.ts";
import type { MeasureId } from "../outcomes/measures/index.ts";
import type { StandingStep } from "../readiness/as-it-stands.ts";
import { overrideHolds, type KeptOverride } from "../readiness/gate.ts";
import type { Readiness } from "../readiness/readiness.ts";
import { wordedClaim } from "../wording/worded-audit.ts";
import { escalationOf, type Escalation } from "./escalation.ts";
import { forecastOf } from "./forecast.ts";
import { dateAhead, dayToDecide, touchedSteps, type FoundGap } from "./gaps.ts";
import { answerOf, forecastInWords, type InventoryAnswer } from "./inventory.ts";
import type { KeptRequirementCheck } from "./requirement-checks.ts";

/** An implementation as it is kept. */
export interface KeptTool {
  name: string;
  state: "planned" | "in use";
  starts_on: string | null;
  requires: readonly object[];
  document: string | null;
}

/** A process that it touches, as it was judged last. */
export interface TouchedProcess {
  id: string;
  name: string;
  /** steps that it touches; all of them where it names none */
  touches: readonly string[];
  remedyDays: Readonly<Record<string, number>>;
  /** null where there is no audit yet */
  judged: { at: Date; steps: readonly StandingStep[] } | null;
  /** what it requires, held against the evidence; null while what is said of it now was not */
  held: readonly KeptRequirementCheck[] | null;
  overrides: readonly KeptOverride[];
}

/** A gap as it is kept, as it stands on the day. */
export interface KeptGap {
  id: string;
  process_id: string;
  content: Omit<FoundGap, "key">;
  owner: string | null;
  decide_by: string | null;
  state: "open" | "accepted" | "closed";
  opened_at: Date;
  accepted_at: Date | null;
  accepted_by_name: string | null;
  accepted_because: string | null;
  accepted_until: string | null;
  acceptance_ended: boolean;
  closed_at: Date | null;
  version: number;
}

/** Everything that an inventory is told from: rows as they are kept, notes and signatures newest first. */
export interface InventoryRows {
  tool: KeptTool;
  processes: readonly TouchedProcess[];
  gaps: readonly KeptGap[];
  notes: readonly {
    id: string;
    kind: "note" | "meeting";
    text: string;
    gap_id: string | null;
    made_by_name: string;
    made_at: Date;
  }[];
  promises: readonly {
    id: string;
    content: Promised;
    made_by_name: string;
    made_at: Date;
    withdrawn_at: Date | null;
  }[];
  signatures: readonly {
    id: string;
    judgement: Signature;
    note: string;
    inventory_hash: string;
    made_by: string;
    made_by_name: string;
    made_at: Date;
  }[];
}
type Signature = "agrees" | "agrees with reservations" | "does not agree";

/** What was promised, before the fact. */
interface Promised {
  metric: string;
  direction: "less" | "more";
  measure?: MeasureId | null;
  size: number | null;
  unit: string | null;
  by: string;
  comparison: string;
}

/** Who reads it: an outsider reads neither people's names nor what they wrote. */
export interface InventoryReader {
  actor: string;
  isOutsider: boolean;
  person(name: string): string;
  words(text: string): string;
}

/** A gap as it is shown. */
export interface ShownGap extends Pick<
  FoundGap,
  "kind" | "title" | "has" | "remedy" | "owner" | "decides" | "days" | "step" | "claim" | "opens"
> {
  id: string;
  processId: string;
  /** somebody said who; else it is the owner by the description */
  ownerSaid: boolean;
  decideBy: string | null;
  /** somebody said when; else it is counted back from the date */
  decideBySaid: boolean;
  state: KeptGap["state"];
  openedAt: string;
  acceptedAt: string | null;
  /** who decided to live with it, why and until when; null where nobody has */
  acceptance: { by: string | null; because: string | null; until: string | null; ended: boolean } | null;
  closedAt: string | null;
  version: number;
}

/** What it requires beside what is there. */
export interface ShownRequirement {
  processId: string;
  requirement: string | null;
  kind: Requirement["kind"] | "document";
  claim: {
    id: string;
    statement: string;
    saidBy: string;
    check: string;
    verdict: ClaimVerdict;
    n: number;
    unit: string;
    against: number;
    estimate: number | null;
    interval: [number, number] | null;
    needs: string[];
    opens: boolean;
  };
  has: string | null;
}

/** The honest inventory of one implementation. */
export interface Inventory {
  answer: InventoryAnswer;
  processes: {
    id: string;
    name: string;
    judgedAt: string | null;
    steps: {
      step: string;
      verdict: Readiness;
      sentence: string;
      executions: number;
      overriddenBy: string | null;
    }[];
  }[];
  requires: ShownRequirement[];
  gaps: ShownGap[];
  escalation: Escalation[];
  forecast: {
    open: number;
    closed: number;
    gapDays: number;
    early: string | null;
    middle: string | null;
    late: string | null;
    byDate: number | null;
    words: string;
  };
  promises: (Omit<Promised, "measure"> & {
    id: string;
    measure: MeasureId | null;
    madeBy: string;
    madeAt: string;
    beforeTheFact: boolean;
    withdrawnAt: string | null;
  })[];
  notes: { id: string; kind: "note" | "meeting"; text: string; gap: string | null; by: string; at: string }[];
  /** since the last meeting; null where nobody noted one */
  since: { at: string | null; opened: string[]; closed: string[]; accepted: string[] };
  signatures: {
    id: string;
    judgement: Signature;
    note: string;
    by: string;
    at: string;
    current: boolean;
  }[];
  /** of what is signed: requirements, verdicts and gaps as they stand */
  hash: string;
}

/**
 * Everything that is known of one implementation: what it requires, what is there, what is in the way, and
 * whether the date is reached.
 */
export function inventoryOf(rows: InventoryRows, reader: InventoryReader, now: Date): Inventory {
  const { tool } = rows;
  const { person, words } = reader;
  const today = now.toISOString().slice(0, 10);
  const date = dateAhead(tool);
  const touched = rows.processes.map((process) => ({
    ...process,
    own: touchedSteps(process.judged?.steps ?? [], process.touches),
  }));
  const steps = touched.flatMap(({ name, own }) => own.map((step) => ({ ...step, process: name })));
  const requires = touched.flatMap(({ id, held }) => (held ?? []).map((one) => shownCheck(id, one, reader)));
  const gaps = rows.gaps.map((gap) => shownGap(gap, tool, reader));
  const accepted = new Set(
    rows.gaps.filter(({ state }) => state === "accepted").flatMap(({ content }) => content.about ?? []),
  );
  const forecast = forecastOf(
    rows.gaps.map((gap) => ({
      openedAt: gap.opened_at.getTime(),
      closedAt: gap.closed_at?.getTime() ?? null,
      acceptedAt: gap.accepted_at?.getTime() ?? null,
    })),
    now.getTime(),
    date === null ? null : Date.parse(`${date}T00:00:00Z`),
  );
  const hash = hashOf(tool, requires, steps, gaps);
  const { early, middle, late } = forecast.dates;
  return {
    answer: answerOf(
      { name: tool.name, startsOn: tool.starts_on, state: tool.state },
      touched.map(({ name, judged, held }) => ({
        name,
        audited: judged !== null && held !== null,
        // what was said of it since the audit was held against nothing yet
        waiting: judged !== null && held === null,
      })),
      steps.map((step) => ({ ...step, isLivedWith: accepted.has(step.step) })),
      gaps.map((gap) => ({ ...gap, acceptedUntil: gap.acceptance?.until })),
      Object.assign({}, ...touched.map(({ remedyDays }) => remedyDays)) as Record<string, number>,
      forecast,
      today,
    ),
    processes: touched.map(({ id, name, judged, own, overrides }) => ({
      id,
      name,
      judgedAt: judged?.at.toISOString() ?? null,
      steps: own.map(({ step, verdict, sentence, executions }) => {
        const override = overrides.find((one) => one.step === step && overrideHolds(one, now));
        return {
          step,
          verdict,
          sentence,
          executions,
          overriddenBy: override ? person(override.made_by_name) : null,
        };
      }),
    })),
    requires,
    gaps,
    escalation: escalationOf(gaps, date, today),
    forecast: {
      open: forecast.open,
      closed: forecast.closed,
      gapDays: forecast.gapDays,
      early: instant(early),
      middle: instant(middle),
      late: instant(late),
      byDate: forecast.byDate,
      words: forecastInWords(forecast, date),
    },
    promises: rows.promises.map((one) => ({
      id: one.id,
      ...one.content,
      measure: one.content.measure ?? null,
      metric: words(one.content.metric),
      comparison: words(one.content.comparison),
      madeBy: person(one.made_by_name),
      madeAt: one.made_at.toISOString(),
      beforeTheFact: tool.starts_on === null || one.made_at.toISOString().slice(0, 10) < tool.starts_on,
      withdrawnAt: one.withdrawn_at?.toISOString() ?? null,
    })),
    notes: rows.notes.map((one) => ({
      id: one.id,
      kind: one.kind,
      text: words(one.text),
      gap: gaps.find((gap) => gap.id === one.gap_id)?.title ?? null,
      by: person(one.made_by_name),
      at: one.made_at.toISOString(),
    })),
    since: sinceMeeting(rows.notes.find(({ kind }) => kind === "meeting")?.made_at ?? null, gaps),
    signatures: rows.signatures.map((one) => ({
      id: one.id,
      judgement: one.judgement,
      // an assessor reads their own, and of others what they made of it
      note: one.made_by === reader.actor ? one.note : words(one.note),
      by: one.made_by === reader.actor ? one.made_by_name : person(one.made_by_name),
      at: one.made_at.toISOString(),
      current: one.inventory_hash === hash,
    })),
    hash,
  };
}

const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function shownCheck(
  processId: string,
  one: KeptRequirementCheck,
  { words }: InventoryReader,
): ShownRequirement {
  // values may hold sentences of the document, in somebody's words
  const { says: _says, key: _key, ...claim } = wordedClaim(one.claim);
  return {
    processId,
    requirement: one.requirement,
    kind: one.kind,
    claim: { ...claim, ...(one.requirement === null && { statement: words(claim.statement) }) },
    has: one.has,
  };
}

function shownGap(gap: KeptGap, tool: KeptTool, { isOutsider, person, words }: InventoryReader): ShownGap {
  const found = gap.content;
  // sentences of the document are in somebody's words
  const quotes = found.kind === "requirement" ? (found.about ?? []).length : 0;
  const owner = gap.owner ?? found.owner;
  const isLivedWith = gap.state === "accepted" || gap.acceptance_ended;
  return {
    id: gap.id,
    processId: gap.process_id,
    kind: found.kind,
    title: quotes === 1 ? words(found.title) : found.title,
    has: quotes > 0 ? words(found.has) : found.has,
    remedy: found.remedy,
    owner: isOutsider && owner !== null ? "named" : owner,
    ownerSaid: gap.owner !== null,
    decides: found.decides,
    days: found.days,
    decideBy: dayToDecide(tool, gap),
    decideBySaid: gap.decide_by !== null,
    state: gap.state,
    openedAt: gap.opened_at.toISOString(),
    acceptedAt: gap.accepted_at?.toISOString() ?? null,
    acceptance: isLivedWith
      ? {
          by: gap.accepted_by_name === null ? null : person(gap.accepted_by_name),
          because: gap.accepted_because === null ? null : words(gap.accepted_because),
          until: gap.accepted_until,
          ended: gap.acceptance_ended,
        }
      : null,
    closedAt: gap.closed_at?.toISOString() ?? null,
    step: found.step,
    claim: found.claim,
    opens: found.opens && !isOutsider,
    version: gap.version,
  };
}

/** What became of gaps after the last meeting; nothing without one. */
function sinceMeeting(meeting: Date | null, gaps: readonly ShownGap[]): Inventory["since"] {
  const isAfter = (moment: string | null) =>
    meeting !== null && moment !== null && Date.parse(moment) > meeting.getTime();
  const titles = (is: (gap: ShownGap) => boolean) => gaps.filter(is).map(({ title }) => title);
  return {
    at: meeting?.toISOString() ?? null,
    opened: titles(({ openedAt }) => isAfter(openedAt)),
    closed: titles(({ state, closedAt }) => state === "closed" && isAfter(closedAt)),
    accepted: titles(({ state, acceptedAt }) => state === "accepted" && isAfter(acceptedAt)),
  };
}

/** What a signature rests on: ids, verdicts and states, and no words. */
const hashOf = (
  tool: KeptTool,
  requires: readonly ShownRequirement[],
  steps: readonly { process: string; step: string; verdict: Readiness }[],
  gaps: readonly ShownGap[],
): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        tool.requires,
        tool.document,
        tool.starts_on,
        requires.map(({ claim }) => [claim.id, claim.verdict, claim.n, claim.against]),
        steps.map(({ process, step, verdict }) => [process, step, verdict]),
        gaps.map(({ id, state }) => [id, state]),
      ]),
    )
    .digest("hex")
    .slice(0, 16);
