import { createHash } from "node:crypto";
import type { Description } from "../description/description.ts";
import { statementOf } from "../wording/claims.ts";
import { needInWords } from "../wording/needs.ts";
import { fixFirstOf, USUAL_DAYS } from "../readiness/fix-first.ts";
import type { StepReadiness } from "../readiness/readiness.ts";
import { plainStep, type RequirementCheck } from "./requirement-checks.ts";
import { workingDaysBefore } from "./working-days.ts";

/** Something that is not as an implementation needs it, found by an audit. */
export interface FoundGap {
  /** the same from audit to audit */
  key: string;
  kind: "requirement" | "step";
  title: string;
  /** what is there instead */
  has: string;
  /** what closes it */
  remedy: string;
  /** the role that does the work, where the description says it */
  owner: string | null;
  /** who has the authority to decide */
  decides: string;
  /** working days that it usually takes */
  days: number;
  /** the step it is about, to be opened on the readiness page; null for others */
  step: string | null;
  /**
   * what it is about, by name: steps and activities, or sentences of the document; none for requirements of
   * the form
   */
  about: string[];
  /** the requirement of the form; null for steps and sentences of the document */
  requirement: string | null;
  /** the claim behind it, and whether it has cases to open */
  claim: string | null;
  opens: boolean;
}

/**
 * The gaps between a tool and the process that it touches: each requirement that evidence does not confirm,
 * and each touched step that is not ready. Of a step the days are those of all its remedies; those that
 * nothing makes ready are one decision, to leave them out.
 */
export function gapsOf(
  held: readonly RequirementCheck[],
  steps: readonly StepReadiness[],
  touched: readonly string[],
  description: Description | undefined,
  remedyDays: Readonly<Record<string, number>> = {},
): FoundGap[] {
  const given = description?.steps ?? {};
  const ownerOf = (step: string | null) =>
    (step !== null && Object.hasOwn(given, step) ? given[step].role : undefined) ??
    description?.owner ??
    null;
  const unread = held.filter(
    ({ kind, claim }) => kind === "document" && claim.verdict === "not testable here",
  );
  const fromNeeds = held
    .filter((one) => one.claim.verdict !== "confirmed" && !unread.includes(one))
    .map(({ kind, claim, has, remedy, requirement }): FoundGap => ({
      requirement,
      key: `need ${claim.id}`,
      kind: "requirement",
      title: statementOf(claim.says),
      has:
        claim.verdict === "not testable here"
          ? `not visible: ${claim.needs.map(needInWords).join(", and ")}`
          : (has ?? (claim.verdict === "contradicted" ? "it does not hold" : "not settled yet")),
      remedy:
        claim.verdict === "not testable here" && claim.needs.length > 0
          ? `Bring ${claim.needs.map(needInWords).join(", and ")}.`
          : remedy.text,
      owner: ownerOf(claim.subject),
      decides: remedy.decides,
      days: USUAL_DAYS[remedy.effort],
      step: null,
      claim: claim.id,
      about: kind === "document" ? [statementOf(claim.says)] : [],
      opens: claim.caseIds.length > 0,
    }));
  const open = touchedSteps(steps, touched).filter(({ verdict }) => verdict !== "ready");
  const stay = open.filter((one) => fixFirstOf([one]).stay.length > 0);
  const fromSteps = open
    .filter((one) => !stay.includes(one))
    .map((one): FoundGap => {
      const { order } = fixFirstOf([one], remedyDays);
      return {
        key: `step ${one.step}`,
        kind: "step",
        title: `"${one.step}": ${one.verdict}.`,
        has: one.sentence,
        remedy: order.map(({ text }) => text).join(" Then: "),
        owner: ownerOf(one.step),
        decides: order[0]?.decides ?? "process owner",
        days: order.reduce((sum, { days }) => sum + days, 0),
        step: one.step,
        about: [one.step, ...one.activities],
        requirement: null,
        claim: null,
        opens: false,
      };
    });
  // what nothing makes ready is one decision, however many steps it is about
  const leaveOut = stay.length === 0 ? [] : [leftOut(stay, description?.owner ?? null)];
  const nowhere = touched
    .filter((name) => !steps.some((one) => isNamed(one, name)))
    .map((name): FoundGap => ({
      key: `nowhere ${plainStep(name)}`,
      kind: "step",
      title: `"${name}" is no step here.`,
      has: "Neither the description nor the evidence knows a step or activity of this name.",
      remedy: "Say which step is meant, or bring the evidence of it.",
      owner: description?.owner ?? null,
      decides: "process owner",
      days: 1,
      step: null,
      about: [name],
      requirement: null,
      claim: null,
      opens: false,
    }));
  const unsettled = unread.length === 0 ? [] : [toSettle(unread, description?.owner ?? null)];
  return [...fromNeeds, ...unsettled, ...fromSteps, ...leaveOut, ...nowhere];
}

/** Sentences of the document that no check understands are one piece of work, however many there are. */
function toSettle(unread: readonly RequirementCheck[], owner: string | null): FoundGap {
  const n = unread.length;
  const [{ claim, remedy }] = unread;
  const sentences = unread.map((one) => statementOf(one.claim.says));
  return {
    // other sentences are another decision
    key: `document ${hashOf(sentences)}`,
    kind: "requirement",
    title: `${n === 1 ? "1 sentence" : `${n} sentences`} of its document that nothing here can test.`,
    has: `Described, and not tested: "${statementOf(claim.says)}"${n > 1 ? `, and ${n - 1} more` : ""}`,
    remedy: remedy.text,
    owner,
    decides: remedy.decides,
    days: USUAL_DAYS[remedy.effort],
    step: null,
    about: sentences,
    requirement: null,
    claim: null,
    opens: false,
  };
}

const hashOf = (names: readonly string[]) =>
  createHash("sha256")
    .update(JSON.stringify([...names].sort()))
    .digest("hex")
    .slice(0, 16);

/** How many steps are named; more are counted. */
const NAMED = 6;

function leftOut(stay: readonly StepReadiness[], owner: string | null): FoundGap {
  const names = stay.map(({ step }) => `"${step}"`);
  const shown = names.slice(0, NAMED).join(", ");
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return {
    // other steps are another decision
    key: `leave out ${hashOf(names)}`,
    kind: "step",
    title: `${names.length === 1 ? "1 step stays" : `${names.length} steps stay`} as ${names.length === 1 ? "it is" : "they are"}: ${shown}${more}.`,
    has:
      stay.length === 1
        ? stay[0].sentence
        : "Too little of the work, or nothing that is known makes it ready.",
    remedy: `Decide to leave ${names.length === 1 ? "this step" : "these steps"} out of the rollout.`,
    owner,
    decides: "process owner",
    days: 1,
    step: stay[0].step,
    about: stay.flatMap(({ step, activities }) => [step, ...activities]),
    requirement: null,
    claim: null,
    opens: false,
  };
}

/**
 * The steps that an implementation touches: those that it names, by step or activity; all of them where it
 * names none.
 */
export const touchedSteps = <S extends Pick<StepReadiness, "step" | "activities">>(
  steps: readonly S[],
  touched: readonly string[],
): S[] =>
  touched.length === 0 ? [...steps] : steps.filter((one) => touched.some((name) => isNamed(one, name)));

/** Whether a step goes by this name, or one of its activities does. */
const isNamed = ({ step, activities }: Pick<StepReadiness, "step" | "activities">, name: string): boolean =>
  [step, ...activities].some((own) => plainStep(own) === plainStep(name));

/**
 * The day on which an implementation goes live; null where nobody said one, and for what is in use: it has
 * its date behind it.
 */
export const dateAhead = (tool: { state: "planned" | "in use"; starts_on: string | null }): string | null =>
  tool.state === "in use" ? null : tool.starts_on;

/**
 * The day by which a gap must be decided: the one that somebody said, else the last that still leaves the
 * working days that closing it takes before the date; null without either.
 */
export function dayToDecide(
  tool: { state: "planned" | "in use"; starts_on: string | null },
  gap: { decide_by: string | null; content: Pick<FoundGap, "days"> },
): string | null {
  const date = dateAhead(tool);
  return gap.decide_by ?? decideBy(date, gap.content.days);
}

/**
 * The last day on which a decision still leaves the working days that it takes before the date; null without
 * a date.
 */
export const decideBy = (startsOn: string | null, days: number): string | null =>
  startsOn === null ? null : workingDaysBefore(startsOn, days);
