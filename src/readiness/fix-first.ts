import { createHash } from "node:crypto";
import type { Remedy } from "../audit/remedies.ts";
import { keyOfNeed, type Need } from "../evidence/need.ts";
import { lowerFirst } from "../figures.ts";
import { needInWords } from "../wording/needs.ts";
import { keptStatement } from "../wording/worded-audit.ts";
import { verdictOfClaims, type JudgedClaim, type Readiness } from "./readiness.ts";
import { LENSES, SAY_IT } from "./step-claims.ts";

/** Working days that a remedy usually takes, where nobody has said how many it takes here. */
export const USUAL_DAYS = { days: 3, weeks: 15, months: 60 } as const;

/** What is known of a step's readiness without the cases behind it. */
export interface StepToFix {
  step: string;
  executions: number;
  claims: readonly JudgedClaim[];
}

/** One thing to do, and the claims that it would turn. */
export interface OpenRemedy {
  /** a hash of what is to be done where, the same from audit to audit and in whatever words */
  id: string;
  text: string;
  decides: string;
  effort: "days" | "weeks" | "months";
  days: number;
  /** whether somebody said how many days it takes here */
  asked: boolean;
  turns: { step: string; claim: string; statement: string }[];
}

/** A remedy in its place: what is ready once it and all before it are done. */
export interface OrderedRemedy extends OpenRemedy {
  /** remedies of one group make a step ready only together */
  group: number;
  /** steps that become ready with it */
  makesReady: string[];
  /** of all steps, and of all executions, what is ready then */
  readySteps: number;
  readyShare: number;
  /** working days of it and all before it, one after the other */
  daysSoFar: number;
}

export interface FixFirst {
  steps: number;
  readyNow: { steps: number; share: number };
  order: OrderedRemedy[];
  /** steps that nothing here makes ready, with the claim in the way */
  stay: { step: string; because: string }[];
  /** remedies of what is only wanted: they make nothing ready, and better what is */
  beside: OpenRemedy[];
}

type Claim = JudgedClaim;

/**
 * What has to be done about a claim that is not confirmed; one remedy where one act serves several claims.
 */
function actFor(step: string, claim: Claim): Omit<OpenRemedy, "days" | "asked" | "turns"> | undefined {
  if (claim.verdict === "confirmed") return undefined;
  if (claim.mends === false && (claim.verdict === "contradicted" || claim.toSay)) return undefined;
  const { remedy, needs } = claim;
  if (claim.toSay) return act("", "say it", SAY_IT);
  if (claim.verdict === "not testable here")
    return act("", keyOfBringing(needs), {
      text: `Bring ${needs.map(needInWords).join(", and ")}.`,
      effort: "days",
      decides: "system owner",
    });
  if (claim.verdict === "not enough evidence")
    return act("", "bring more", {
      text: "Bring more evidence: a longer period, or more cases.",
      effort: "weeks",
      decides: "system owner",
    });
  return act(step, remedy.key ?? claim.key, remedy);
}

/** One act: done once for all steps where it has no scope. Its id rests on no words. */
const act = (scope: string, key: string, { text, effort, decides }: Remedy) => ({
  id: createHash("sha256").update(`${scope}\u0000${key}`).digest("hex").slice(0, 10),
  text,
  effort,
  decides,
});

/** Audits of versions before 0009 kept needs as sentences, and the remedy was told from others by its own. */
const keyOfBringing = (needs: readonly (Need | string)[]): string => {
  const values = needs.filter((need) => typeof need !== "string");
  return values.length < needs.length
    ? `Bring ${needs.join(", and ")}.`
    : `bring ${values.map(keyOfNeed).join(" and ")}`;
};

/** Why nothing turns a claim, as what goes on after a colon. */
function whyNot(claim: Claim | undefined): string | undefined {
  if (!claim) return undefined;
  if (claim.key === "decides-nothing")
    return claim.toSay ? "its name suggests that it decides" : "it decides, and decisions stay with people";
  if (claim.toSay) return "its name suggests that a wrong one cannot be undone";
  return `${claim.onlySaid ? "people deny" : "the evidence contradicts"} that ${lowerFirst(keptStatement(claim))}`;
}

/**
 * What stands in the way of a verdict of ready; of a lens that is dark, the claims of which one is enough.
 */
function inTheWay(claims: readonly Claim[]): { all: Claim[]; oneOf: Claim[][] } {
  const all = claims.filter(
    ({ need, keepsPeople, verdict }) =>
      (need === "required" && verdict !== "confirmed") || (keepsPeople && verdict === "contradicted"),
  );
  const oneOf = LENSES.flatMap((lens) => {
    const own = claims.filter((claim) => claim.lens === lens);
    const isDark = !own.some(({ verdict, onlySaid }) => verdict === "confirmed" && !onlySaid);
    return isDark && !own.some((claim) => all.includes(claim)) ? [own] : [];
  });
  return { all, oneOf };
}

/**
 * Every remedy that turns a claim of some step, with its days: those that somebody said, else the usual ones.
 */
export function remediesOf(
  steps: readonly StepToFix[],
  said: Readonly<Record<string, number>> = {},
): OpenRemedy[] {
  const found = new Map<string, OpenRemedy>();
  for (const { step, claims } of steps)
    for (const claim of claims) {
      if (claim.need === "indifferent" && !(claim.keepsPeople && claim.verdict === "contradicted")) continue;
      const act = actFor(step, claim);
      if (!act) continue;
      const known = found.get(act.id);
      const turn = { step, claim: claim.id, statement: keptStatement(claim) };
      if (known) known.turns.push(turn);
      else {
        const asked = Object.hasOwn(said, act.id);
        found.set(act.id, {
          ...act,
          days: asked ? said[act.id] : USUAL_DAYS[act.effort],
          asked,
          turns: [turn],
        });
      }
    }
  return [...found.values()];
}

/**
 * The verdict of each step if these remedies were done and the evidence then confirmed what they are to turn.
 */
export function verdictsAfter(
  steps: readonly StepToFix[],
  done: ReadonlySet<string>,
): { step: string; before: Readiness; after: Readiness }[] {
  return steps.map(({ step, claims }) => {
    const turned = claims.map((claim) => {
      const act = actFor(step, claim);
      return act && done.has(act.id) ? { ...claim, verdict: "confirmed" as const } : claim;
    });
    return {
      step,
      before: verdictOfClaims(claims).verdict,
      after: verdictOfClaims(turned).verdict,
    };
  });
}

/**
 * What to do first: again and again the step whose remedies make ready most executions a working day,
 * counting every other step that they make ready as well and what is done already as done. A remedy may turn
 * nothing by itself and all together with another, so steps are chosen, not remedies. Where executions are
 * equal the fewest days go first. O(steps³ · claims) at worst, steps being tens.
 */
export function fixFirstOf(
  steps: readonly StepToFix[],
  said: Readonly<Record<string, number>> = {},
): FixFirst {
  const remedies = new Map(remediesOf(steps, said).map((one) => [one.id, one]));
  const daysOf = (id: string) => Math.max(0.01, remedies.get(id)!.days);
  const needed = new Map<string, Set<string>>();
  const stay: FixFirst["stay"] = [];
  for (const { step, claims } of steps) {
    if (verdictOfClaims(claims).verdict === "ready") continue;
    const { all, oneOf } = inTheWay(claims);
    const ids = new Set<string>();
    let blocked = whyNot(all.find((claim) => !actFor(step, claim)));
    for (const claim of all) {
      const act = actFor(step, claim);
      if (act) ids.add(act.id);
    }
    for (const own of oneOf) {
      const acts = own.flatMap((claim) => {
        const id = actFor(step, claim)?.id;
        return id !== undefined && remedies.has(id) ? [id] : [];
      });
      if (acts.length === 0) blocked ??= whyNot(own[0]) ?? "nothing is asked of a lens";
      else if (!acts.some((id) => ids.has(id)))
        ids.add(acts.reduce((a, b) => (daysOf(b) < daysOf(a) ? b : a)));
    }
    if (blocked === undefined) needed.set(step, ids);
    else stay.push({ step, because: blocked });
  }

  const executions = new Map(steps.map((one) => [one.step, one.executions]));
  const total = Math.max(
    1,
    steps.reduce((sum, one) => sum + one.executions, 0),
  );
  const now = verdictsAfter(steps, new Set()).filter(({ before }) => before === "ready");
  let readySteps = now.length;
  let ready = now.reduce((sum, { step }) => sum + executions.get(step)!, 0);
  const readyNow = { steps: readySteps, share: ready / total };
  const done = new Set<string>();
  const order: OrderedRemedy[] = [];
  let daysSoFar = 0;
  const open = new Map(steps.flatMap((one) => (needed.has(one.step) ? [[one.step, one] as const] : [])));
  const madeReady = (ids: ReadonlySet<string>) =>
    verdictsAfter([...open.values()], ids).flatMap(({ step, after }) => (after === "ready" ? [step] : []));
  /**
   * What one remedy does for a lens another may do as well: those that the verdict does not need are left
   * out, the longest first.
   */
  const withoutNeedless = (one: StepToFix, ids: string[]): string[] => {
    let left = ids;
    for (const id of [...ids].sort((a, b) => daysOf(b) - daysOf(a) || (a < b ? -1 : 1))) {
      const fewer = left.filter((other) => other !== id);
      const [{ after }] = verdictsAfter([one], new Set([...done, ...fewer]));
      if (after === "ready") left = fewer;
    }
    return left;
  };
  for (let group = 1; open.size > 0; group++) {
    let best: { ids: string[]; rate: number; days: number; step: string } | undefined;
    for (const step of open.keys()) {
      const ids = withoutNeedless(
        open.get(step)!,
        [...needed.get(step)!].filter((id) => !done.has(id)),
      );
      const days = Math.max(
        0.01,
        ids.reduce((sum, id) => sum + daysOf(id), 0),
      );
      const gain = madeReady(new Set([...done, ...ids])).reduce(
        (sum, one) => sum + (executions.get(one)! || 0.5),
        0,
      );
      const rate = gain / days;
      if (
        !best ||
        rate > best.rate ||
        (rate === best.rate && (days < best.days || (days === best.days && step < best.step)))
      )
        best = { ids, rate, days, step };
    }
    for (const id of best!.ids.sort((a, b) => daysOf(a) - daysOf(b) || (a < b ? -1 : 1))) {
      done.add(id);
      const makesReady = madeReady(done);
      for (const step of makesReady) {
        open.delete(step);
        readySteps++;
        ready += executions.get(step)!;
      }
      daysSoFar += remedies.get(id)!.days;
      order.push({
        ...remedies.get(id)!,
        group,
        makesReady,
        readySteps,
        readyShare: ready / total,
        daysSoFar,
      });
      if (!open.has(best!.step)) break;
    }
  }
  return {
    steps: steps.length,
    readyNow,
    order,
    stay,
    beside: [...remedies.values()].filter(({ id }) => !done.has(id)),
  };
}
