import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { plain } from "../evidence/rules/values.ts";
import { needsDescription } from "../evidence/needs.ts";
import { nameAt, allNames } from "../eventlog/strings.ts";

const DAY = 86_400_000;

/**
 * Finds described steps without an owner: the description gives them no role, or a role that nobody holds; or
 * all who hold the role have not been seen for `minGoneDays` and a tenth of the log, while others go on doing
 * the step.
 *
 * `cases` are those in which the step was done (since the last holder was seen). A role that the log itself
 * records is held by whoever acts under it. Needs at least one step with a role, else ownership is not
 * described at all.
 */
export const unownedStep = defineDetector({
  id: "unowned-step",
  category: "ownership",
  title: "A step that nobody owns",
  question: "Which steps belong to no role, or to one that nobody holds any more?",
  remedy: { text: "Give the step an owner.", effort: "days", decides: "process owner" },
  options: { minCases: 5, minGoneDays: 45 },

  missing(evidence) {
    const needs = needsDescription(evidence);
    if (needs.length > 0) return needs;
    return evidence.described!.steps.some(({ role }) => role !== undefined)
      ? []
      : [{ kind: "described roles" }];
  },

  detect(evidence, { minCases, minGoneDays }) {
    const { log, caseOf, range } = evidence;
    const described = evidence.described!;
    const acting = new Set(log.role ? allNames(log.roles).map(plain) : []);
    const lastSeen = new Map<string, number>();
    if (log.person)
      for (let e = 0; e < log.eventCount; e++) {
        const p = log.person[e];
        if (p === 0) continue;
        const name = plain(nameAt(log.people, p));
        lastSeen.set(name, Math.max(lastSeen.get(name) ?? -Infinity, log.time[e]));
      }
    const goneFor = Math.max(minGoneDays * DAY, (range.to - range.from) * 0.1);
    const found: Observation[] = [];
    const given = Object.values(described.description.roles ?? {});
    // where hardly any role names its people, an empty one only says that names are not given
    const namesPeople = given.filter((people) => people.length > 0).length > given.length / 2;
    for (const [s, { name, role, activities }] of described.steps.entries()) {
      if (activities.length > 0 && activities.every((a) => evidence.isProgram(a))) continue; // its owner is a system's
      const rows = activities.flatMap((a) => Array.from(evidence.rowsOf(a)));
      const observe = (own: number[], why: string) => {
        const cases = caseSet(own.map((e) => caseOf[e]));
        if (cases.length < minCases) return;
        found.push({
          subject: described.subjectOf(s),
          statement: `"${name}" ${why}; it was done in ${cases.length} cases anyway.`,
          cases,
          outOf: new Set(rows.map((e) => caseOf[e])).size,
          people: [],
          facts: [["role in the description", role ?? "none"]],
        });
      };
      if (role === undefined) {
        observe(rows, "has no role in the description");
        continue;
      }
      const holders = described.holdersOf(role);
      if (holders === "anybody") continue;
      if (holders === undefined) {
        const defined = Object.keys(described.description.roles ?? {}).length > 0;
        const isNamed = Object.hasOwn(described.description.roles ?? {}, role);
        if (defined && !acting.has(plain(role)) && (namesPeople || !isNamed))
          observe(rows, `belongs to "${role}", a role that the description gives to nobody`);
        continue;
      }
      if (!log.person) continue;
      const deputies = described.description.steps?.[name]?.deputy ?? [];
      const last = Math.max(
        -Infinity,
        ...[...holders, ...deputies.map(plain)].map((h) => lastSeen.get(h) ?? -Infinity),
      );
      const since = rows.filter((e) => log.time[e] > last);
      const end = rows.reduce((latest, e) => Math.max(latest, log.time[e]), -Infinity);
      if (end - Math.max(last, range.from) < goneFor) continue;
      observe(
        since,
        last === -Infinity
          ? `belongs to "${role}", none of whose holders was seen in the log`
          : `belongs to "${role}", whose last holder was last seen on ${new Date(last).toISOString().slice(0, 10)}`,
      );
    }
    return found.sort((f, g) => g.cases.length - f.cases.length);
  },
});
