import { nameAt } from "../eventlog/strings.ts";
import type { Evidence } from "./evidence.ts";

const HOUR = 3_600_000;

/** Names of programs, accounts of services and placeholders, as systems write them. */
const AUTOMATIC =
  /^(0+|unknown|none|n\/?a|-+|\?+|undefined|dummy|default|siebel|system|robot|bot|batch|admin|automatic|workflow|scheduler|rpa|edi|api|sap|erp|cron|interface|service|dunkelverarbeitung|automatisch)$|\b(system|robot|bot|batch ?job|workflow|scheduler|rpa|auto(mated|matic)?|service ?account|background ?job|interface|integration)\b|^(sys|svc|wf|bot|rpa|job)[-_.\d]|[-_.](bot|svc|sys|batch)$/i;

/**
 * Who of the people is a program? 1 for those who are: by their name, or because they answer within seconds,
 * work outside hours, or work at all hours. A log without people is judged by its names alone. Two passes.
 */
export function automaticPeople(evidence: Evidence): Uint8Array {
  const { people, person, time } = evidence.log;
  const automatic = Uint8Array.from({ length: people.length }, (_, p) =>
    p > 0 && AUTOMATIC.test(nameAt(people, p)) ? 1 : 0,
  );
  if (!person) return automatic;
  markInstant(evidence, automatic);
  const outside = new Float64Array(people.length);
  const all = new Float64Array(people.length);
  const byHour = people.length <= 1_000_000 ? new Float64Array(people.length * 24) : undefined;
  for (let e = 0; e < person.length; e++) {
    const local = time[e] + evidence.zone.offsetAt(time[e]);
    all[person[e]]++;
    if (byHour) byHour[person[e] * 24 + (((Math.floor(local / HOUR) % 24) + 24) % 24)]++;
    if (!evidence.calendar.isWorking(time[e])) outside[person[e]]++;
  }
  const tireless: number[] = [];
  let judged = 0;
  for (let p = 1; p < people.length; p++) {
    if (all[p] >= 100 && outside[p] > all[p] * 0.35) automatic[p] = 1;
    if (all[p] >= 500) judged++;
    // Nobody works at twenty different hours of the day.
    const hours = byHour?.subarray(p * 24, p * 24 + 24).filter((n) => n >= all[p] * 0.004).length ?? 0;
    if (all[p] >= 500 && hours >= 20) tireless.push(p);
  }
  // Where many do (rotating shifts), they are people after all.
  if (tireless.length <= Math.max(1, judged * 0.15)) for (const p of tireless) automatic[p] = 1;
  return automatic;
}

/** Programs answer within seconds: nearly all they do begins a case or follows the event before at once. */
function markInstant(evidence: Evidence, automatic: Uint8Array): void {
  const { caseCount, caseStart, time, person, people } = evidence.log;
  if (evidence.precision !== "second") return;
  const all = new Float64Array(people.length);
  const first = new Float64Array(people.length);
  const instant = new Float64Array(people.length);
  for (let c = 0; c < caseCount; c++) {
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      const p = person![e];
      all[p]++;
      if (e === caseStart[c]) first[p]++;
      else if (time[e] - time[e - 1] <= 3000) instant[p]++;
    }
  }
  for (let p = 1; p < people.length; p++) {
    if (all[p] >= 500 && instant[p] >= all[p] * 0.25 && instant[p] + first[p] >= all[p] * 0.7)
      automatic[p] = 1;
  }
}

/**
 * Whether the person column tells individuals apart: at least four people, and not one name for nearly
 * everything.
 */
export function hasIndividuals(evidence: Evidence): boolean {
  const { byPerson } = evidence;
  if (!byPerson) return false;
  const sizes: number[] = [];
  for (let p = 1; p + 1 < byPerson.start.length; p++) {
    if (!evidence.isAutomatic[p]) sizes.push(byPerson.start[p + 1] - byPerson.start[p]);
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  return (
    sizes.filter((size) => size > 0).length >= 4 && sizes.reduce((a, b) => Math.max(a, b), 0) < total * 0.9
  );
}

/** The role under which a person mostly works; 0 where roles are not recorded. */
export function rolesOfPeople(evidence: Evidence): Uint32Array {
  const { person, role, people, roles } = evidence.log;
  const result = new Uint32Array(people.length);
  if (!person || !role || roles.length * people.length > 5e7) return result;
  const counts = new Map<number, number>();
  const { codes, counts: done } = evidence.executions;
  codes.role.forEach((r, k) => {
    const key = codes.person[k] * roles.length + r;
    if (r !== 0) counts.set(key, (counts.get(key) ?? 0) + done.count[k]);
  });
  const best = new Float64Array(people.length);
  for (const [key, count] of counts) {
    const p = Math.floor(key / roles.length);
    if (count > best[p]) [best[p], result[p]] = [count, key % roles.length];
  }
  return result;
}

/** Whether the name of a person is one that programs have. */
export function isProgramName(name: string): boolean {
  return AUTOMATIC.test(name);
}
