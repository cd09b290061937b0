import { cited } from "../input-error.ts";
import { nameAt } from "../eventlog/strings.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";

/** How far one person does all of an activity. */
export interface Concentration {
  top: number;
  /** executions by the top person, by anybody known, and how many people there are */
  topRows: number;
  known: number;
  people: number;
}

/** Who does most of these rows; programs and nobody are left out. Undefined without a person. */
function concentrationOf({ log, isAutomatic }: Evidence, rows: ArrayLike<number>): Concentration | undefined {
  const person = log.person!;
  const count = new Map<number, number>();
  let known = 0;
  for (let i = 0; i < rows.length; i++) {
    const p = person[rows[i]];
    if (p === 0 || isAutomatic[p]) continue;
    known++;
    count.set(p, (count.get(p) ?? 0) + 1);
  }
  let top = 0;
  for (const [p, n] of count) if (top === 0 || n > count.get(top)!) top = p;
  return top === 0 ? undefined : { top, topRows: count.get(top)!, known, people: count.size };
}

export interface ConcentrationOptions {
  minRows: number;
  minShare: number;
  minDays: number;
}

/**
 * Activities that hang on one person: as a whole, or for one value of a case attribute (one cost centre, one
 * vendor group) where the activity as a whole does not. A share counts as reached when the lower end of its
 * 95 % interval reaches it.
 */
export function concentratedActivities(
  evidence: Evidence,
  isWanted: (a: number) => boolean,
  { minRows, minShare, minDays }: ConcentrationOptions,
  say: (activity: string, where: string, share: number, who: string, others: number) => string,
): Observation[] {
  const { log, activityNames, caseOf, caseKinds } = evidence;
  const found: Observation[] = [];
  activityNames.forEach((name, a) => {
    if (!isWanted(a)) return;
    const rows = evidence.rowsOf(a);
    if (rows.length < minRows || days(log.time, rows) < minDays) return;
    const whole = concentrationOf(evidence, rows);
    if (!whole || whole.known < rows.length * 0.5) return;
    if (reached(whole)) {
      found.push(observe(name, "", whole, rows));
      return;
    }
    if (whole.topRows / whole.known > minShare - 0.1) return; // nearly there as a whole: no value stands out
    let best: Observation | undefined;
    for (const column of caseKinds) {
      // A value that is chosen at this very step says who chose it, not who the work goes to.
      if (column.scope === "event" && evidence.entryShare(column)[a] > 0.3) continue;
      const values = evidence.valueOfCases(column);
      const byValue: number[][] = Array.from({ length: column.values.length }, () => []);
      for (const e of rows) byValue[values[caseOf[e]]].push(e);
      const tested = byValue
        .map((part, v) => ({ v, part }))
        .filter(({ v, part }) => v > 0 && part.length >= minRows);
      const hits = tested
        .map(({ v, part }) => ({ v, part, c: concentrationOf(evidence, part) }))
        .filter((hit): hit is typeof hit & { c: Concentration } => hit.c !== undefined && reached(hit.c));
      // Where every value has its own person, work is divided that way on purpose.
      if (hits.length === 0 || hits.length > Math.max(1, tested.length / 2)) continue;
      const { v, part, c } = hits.sort((x, y) => y.part.length - x.part.length)[0];
      const where = ` where ${column.name} is "${cited(nameAt(column.values, v))}"`;
      const observation = observe(name, where, c, part);
      if (!best || observation.cases.length > best.cases.length) best = observation;
    }
    if (best) found.push(best);
  });
  return found.sort((f, g) => g.cases.length - f.cases.length);

  function reached({ topRows, known }: Concentration): boolean {
    return known >= minRows && wilsonLow(topRows, known) >= minShare;
  }

  function observe(name: string, where: string, c: Concentration, rows: ArrayLike<number>): Observation {
    const own = Array.from(rows).filter((e) => log.person![e] === c.top);
    const share = c.topRows / c.known;
    return {
      subject: name,
      statement: say(name, where, share, evidence.describePerson(c.top), c.people - 1),
      cases: caseSet(own.map((e) => caseOf[e])),
      outOf: new Set(Array.from(rows, (e) => caseOf[e])).size,
      people: [c.top],
      facts: [
        ["executions", `${c.topRows} of ${c.known}`],
        ["others who did it at all", String(c.people - 1)],
      ],
    };
  }
}

function days(time: Float64Array, rows: Uint32Array): number {
  return (time[rows[rows.length - 1]] - time[rows[0]]) / 86_400_000;
}
