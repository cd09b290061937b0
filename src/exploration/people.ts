import { z } from "zod";
import { discoverRoles } from "../discovery/roles.ts";
import { layoutMap } from "../drawing/map-layout.ts";
import { START, type ProcessMap } from "../discovery/process-map.ts";
import { groupRows } from "../eventlog/time-order.ts";
import { handovers } from "../evidence/summaries/handovers.ts";
import { nameAt } from "../eventlog/strings.ts";
import type { Explored, Selection } from "./explored.ts";
import { defineView } from "./view.ts";

/** People shown at each step, and groups in the picture, at most. */
const MOST_PEOPLE = 12;
const MOST_GROUPS = 24;

/**
 * Who hands work to whom, who really does what beside who should, and what hangs on one person. People are
 * numbers.
 */
export const peopleView = defineView({
  id: "people",
  question:
    "Who hands work to whom, who really does each step beside who should, and what depends on one person?",
  query: z.object({}),
  answer: z.object({
    cases: z.int(),
    people: z.int().describe("people who did something in the selected cases"),
    groupedBy: z
      .enum(["role", "same work"])
      .nullable()
      .describe("what makes a group; null: nobody is visible"),
    width: z.number(),
    height: z.number(),
    groups: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        people: z.int(),
        events: z.int(),
        x: z.number(),
        y: z.number(),
        width: z.number(),
        height: z.number(),
      }),
    ),
    handovers: z.array(
      z.object({
        from: z.int(),
        to: z.int(),
        count: z.int(),
        share: z.number(),
        points: z.array(z.tuple([z.number(), z.number()])),
        label: z.tuple([z.number(), z.number()]),
      }),
    ),
    kept: z.number().nullable().describe("share of the steps after which work stays with the same person"),
    steps: z.array(
      z.object({
        activity: z.string(),
        executions: z.int(),
        people: z.int(),
        topShare: z.number().nullable().describe("share of whoever does most"),
        should: z.string().nullable().describe("the described role"),
        does: z.array(z.object({ role: z.string(), share: z.number() })),
        asDescribed: z.number().nullable().describe("share done by people entitled to it"),
        top: z.array(z.object({ person: z.int(), share: z.number() })),
        programs: z.number().describe("share done by programs"),
      }),
    ),
    missing: z.array(z.string()),
  }),
  work({ explored, selection }) {
    const { log } = selection;
    if (!log.person)
      return {
        cases: log.caseCount,
        people: 0,
        groupedBy: null,
        width: 0,
        height: 0,
        groups: [],
        handovers: [],
        kept: null,
        steps: [],
        missing: [{ kind: "column" as const, role: "person" as const }],
      };
    const group = groupsOf(explored, selection);
    return {
      cases: log.caseCount,
      people: new Set(log.person).size - (log.person.includes(0) ? 1 : 0),
      groupedBy: group.by,
      ...networkOf(selection, group),
      steps: stepsOf(explored, selection, group),
      missing: explored.description ? [] : [{ kind: "description" as const, with: "roles" as const }],
    };
  },
});

interface Groups {
  by: "role" | "same work";
  of: Uint32Array;
  names: string[];
}

/**
 * Each person's group: the role under which they mostly work, or those who do the same things; 0 for nobody.
 */
function groupsOf({ whole }: Explored, { log }: Selection): Groups {
  return whole.once("groups", () => {
    const { roles, people } = whole.log;
    if (whole.log.role) {
      const of = whole.evidence.roleOfPerson;
      return {
        by: "role" as const,
        of,
        names: Array.from({ length: roles.length }, (_, r) => (r === 0 ? "no role" : nameAt(roles, r))),
      };
    }
    const of = new Uint32Array(people.length);
    const names = ["nobody"];
    for (const { people: members, activities } of discoverRoles(whole.log)) {
      for (const p of members) of[p] = names.length;
      const does = activities
        .slice(0, 2)
        .map(({ activity }) => nameAt(log.activities, activity))
        .join(", ");
      names.push(`Who do ${does}${activities.length > 2 ? " …" : ""}`);
    }
    return { by: "same work" as const, of, names };
  });
}

/** The group in which something was done: the role it was done under, else the person's. */
const groupAt = (of: Uint32Array, p: number, r: number) => (r > 0 ? r : of[p]);

function networkOf({ log, evidence }: Selection, { of, names }: Groups) {
  const events = new Float64Array(names.length);
  const members = new Map<number, Set<number>>();
  const between = new Map<string, { from: number; to: number; count: number }>();
  let [all, own] = [0, 0];
  const done = evidence.executions;
  done.codes.person.forEach((p, k) => {
    if (p === 0) return;
    const g = groupAt(of, p, done.codes.role[k]);
    events[g] += done.counts.count[k];
    const here = members.get(g);
    if (here) here.add(p);
    else members.set(g, new Set([p]));
  });
  const { codes, counts } = handovers.of(log);
  counts.count.forEach((count, k) => {
    all += count;
    if (codes.from[k] === codes.to[k]) {
      own += count;
      return;
    }
    const from = groupAt(of, codes.from[k], codes.fromRole[k]);
    const to = groupAt(of, codes.to[k], codes.toRole[k]);
    const key = `${from}>${to}`;
    const link = between.get(key);
    if (link) link.count += count;
    else between.set(key, { from, to, count });
  });
  const shown = [...members.keys()].sort((a, b) => events[b] - events[a]).slice(0, MOST_GROUPS);
  const inPicture = new Set(shown);
  const links = [...between.values()]
    .filter(({ from, to }) => inPicture.has(from) && inPicture.has(to))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_GROUPS * 3);
  const picture: ProcessMap = {
    nodes: shown.map((g) => ({ activity: g, name: names[g], count: events[g], cases: 0 })),
    edges: links.map((link) => ({ ...link, cases: 0 })),
    allActivities: shown.length,
    allEdges: links.length,
    cases: log.caseCount,
    explainedCases: 0,
    explained: undefined,
  };
  const size = { width: 170, height: 60 };
  const forward = new Map(links.map(({ from, to, count }) => [`${from}>${to}`, count]));
  const placed = layoutMap(
    picture,
    (from, to) => (forward.get(`${to}>${from}`) ?? 0) > (forward.get(`${from}>${to}`) ?? 0),
    { node: () => size, label: () => ({ width: 48, height: 16 }) },
  );
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return {
    width: Math.round(placed.width),
    height: Math.round(placed.height),
    groups: shown.map((g) => {
      const { x, y } = placed.nodes.get(g) ?? placed.nodes.get(START)!;
      return {
        id: g,
        name: names[g],
        people: members.get(g)!.size,
        events: events[g],
        x: tenth(x),
        y: tenth(y),
        ...size,
      };
    }),
    handovers: links.map(({ from, to, count }, k) => ({
      from,
      to,
      count,
      share: count / all,
      points: placed.edges[k].points.map(({ x, y }): [number, number] => [tenth(x), tenth(y)]),
      label: [tenth(placed.edges[k].label.x), tenth(placed.edges[k].label.y)] as [number, number],
    })),
    kept: all === 0 ? null : own / all,
  };
}

function stepsOf(explored: Explored, { evidence }: Selection, { of, names }: Groups) {
  const { isAutomatic } = explored.whole.evidence;
  const { described } = evidence;
  const { codes, counts } = evidence.executions;
  const entries = groupRows(
    codes.activity,
    evidence.activityNames.length,
    Uint32Array.from(codes.activity.keys()),
  );
  return evidence.activityNames
    .map((activity, a) => {
      const byPerson = new Map<number, number>();
      const byGroup = new Map<number, number>();
      let [programs, known, entitled, judged] = [0, 0, 0, 0];
      const step = described ? described.stepOf[a] : -1;
      for (const k of entries.rows.subarray(entries.start[a], entries.start[a + 1])) {
        const [p, r, count] = [codes.person[k], codes.role[k], counts.count[k]];
        if (p === 0) continue;
        known += count;
        if (isAutomatic[p]) {
          programs += count;
          continue;
        }
        byPerson.set(p, (byPerson.get(p) ?? 0) + count);
        const g = groupAt(of, p, r);
        byGroup.set(g, (byGroup.get(g) ?? 0) + count);
        if (step >= 0) {
          const standing = described!.standingOf(a, p, r);
          if (standing !== "unknown") judged += count;
          if (standing === "entitled") entitled += count;
        }
      }
      const human = known - programs;
      const ranked = (map: Map<number, number>) => [...map].sort((x, y) => y[1] - x[1] || x[0] - y[0]);
      const top = ranked(byPerson);
      return {
        activity,
        executions: evidence.activityCounts.rows[a],
        people: byPerson.size,
        topShare: human === 0 ? null : top[0][1] / human,
        should: step >= 0 ? (described!.steps[step].role ?? null) : null,
        does: ranked(byGroup)
          .slice(0, 4)
          .map(([g, count]) => ({ role: names[g], share: count / human })),
        asDescribed: judged === 0 ? null : entitled / judged,
        top: top.slice(0, MOST_PEOPLE).map(([person, count]) => ({ person, share: count / human })),
        programs: known === 0 ? 0 : programs / known,
      };
    })
    .filter(({ executions }) => executions > 0)
    .sort((x, y) => y.executions - x.executions);
}
