import { z } from "zod";
import { footprintOfTree } from "../conformance/footprints.ts";
import { treeOfFlow } from "../description/flow.ts";
import { precedence } from "../discovery/activity-order.ts";
import { indexMap, mapOfCases, type MapIndex } from "../discovery/map-index.ts";
import {
  END,
  processMap,
  START,
  variantsOnMap,
  type MapEdge,
  type MapNode,
  type ProcessMap,
} from "../discovery/process-map.ts";
import { layoutMap, type MapLayout } from "../drawing/map-layout.ts";
import { Recent } from "./recent.ts";
import type { Explored, Selection } from "./explored.ts";
import { shownTimes, timesSchema } from "./shown-times.ts";
import { defineView } from "./view.ts";

const share = z.coerce.number().min(0).max(1);
const point = z.tuple([z.number(), z.number()]);
/** How a step or way stands to the description; null without one. */
const standing = z
  .enum(["as described", "out of order", "never described", "never seen"])
  .nullable()
  .describe("against the description; null without one");

/** Boxes of one size make a calm picture; names wrap inside. */
const BOX = { width: 164, height: 58 };
const LABEL = { width: 60, height: 24 };
/** What a picture shows when nobody asked for more or less. */
const READABLE = { activities: 24, ways: 48 };
/** Laid out at most: more can be neither laid out in seconds nor read. */
const DRAWN = { activities: 250, ways: 900, never: 100 };

/** What happens, beside what was described, laid out. */
export const mapView = defineView({
  id: "map",
  urgent: true,
  question: "What really happens, in which order, how long does it wait, and what of it was described?",
  query: z.object({
    activities: share.optional().describe("share of the activities shown (default: what stays readable)"),
    paths: share.optional().describe("share of the ways shown (default: what stays readable)"),
    anew: z
      .enum(["true", "false"])
      .optional()
      .describe("choose what is shown by the selected cases alone, not by all cases"),
  }),
  answer: z.object({
    cases: z.int(),
    allCases: z.int(),
    events: z.int(),
    width: z.number(),
    height: z.number(),
    nodes: z.array(
      z.object({
        id: z.int().describe("negative for begin and end"),
        name: z.string(),
        count: z.int(),
        cases: z.int(),
        handling: timesSchema.nullable(),
        standing,
        step: z.string().nullable().describe("the described step, where it has another name"),
        role: z.string().nullable().describe("who should do it"),
        x: z.number(),
        y: z.number(),
        width: z.number(),
        height: z.number(),
      }),
    ),
    edges: z.array(
      z.object({
        from: z.int(),
        to: z.int(),
        fromName: z.string().nullable(),
        toName: z.string().nullable(),
        count: z.int(),
        cases: z.int(),
        wait: timesSchema.nullable(),
        standing,
        points: z.array(point),
        label: point,
      }),
    ),
    activities: z.object({ shown: z.int(), all: z.int(), share: z.number() }),
    paths: z.object({ shown: z.int(), all: z.int(), share: z.number() }),
    explained: z
      .number()
      .nullable()
      .describe("share of the selected cases that the picture shows completely"),
    described: z.boolean(),
  }),
  // one filter beforehand: the first that somebody chooses finds the waits sorted, the variants matched and
  // the code compiled
  afterwards({ explored, query }) {
    if (query.anew === "true") return;
    const drawn = drawnOf(explored, explored.whole, query.activities, query.paths);
    countedFor(explored, explored.select({ longerThanHours: 0 }), drawn);
  },
  work({ explored, selection, query }) {
    const base = query.anew === "true" ? selection : explored.whole;
    const chosen = drawnOf(explored, base, query.activities, query.paths);
    const { map } = chosen;
    const onMap = map.nodes.filter(({ count }) => count > 0);
    const shown = base === selection ? map : countedFor(explored, selection, chosen);
    const nodes = new Map(shown.nodes.map((node) => [node.activity, node]));
    const edges = new Map(shown.edges.map((edge) => [keyOf(edge), edge]));
    const names = new Map<number, string>(map.nodes.map(({ activity, name }) => [activity, name]));
    return {
      cases: selection.log.caseCount,
      allCases: explored.whole.log.caseCount,
      events: selection.log.eventCount,
      width: Math.round(chosen.layout.width),
      height: Math.round(chosen.layout.height),
      nodes: [START, END, ...map.nodes.map(({ activity }) => activity)].map((id) => {
        const node = nodes.get(id);
        const own = chosen.steps.get(id);
        const { x, y, width, height } = chosen.layout.nodes.get(id)!;
        return {
          id,
          name: id === START ? "begin" : id === END ? "end" : names.get(id)!,
          count: id < 0 ? selection.log.caseCount : (node?.count ?? 0),
          cases: id < 0 ? selection.log.caseCount : (node?.cases ?? 0),
          handling: node?.handling ? shownTimes(node.handling) : null,
          standing: own?.standing ?? null,
          step: own?.step ?? null,
          role: own?.role ?? null,
          x: tenth(x),
          y: tenth(y),
          width,
          height,
        };
      }),
      edges: map.edges.map((drawn, k) => {
        const edge = edges.get(keyOf(drawn));
        const { points, label } = chosen.layout.edges[k];
        return {
          from: drawn.from,
          to: drawn.to,
          fromName: names.get(drawn.from) ?? null,
          toName: names.get(drawn.to) ?? null,
          count: edge?.count ?? 0,
          cases: edge?.cases ?? 0,
          wait: edge?.wait ? shownTimes(edge.wait) : null,
          standing: chosen.standingOf(drawn),
          points: points.map(({ x, y }): [number, number] => [tenth(x), tenth(y)]),
          label: [tenth(label.x), tenth(label.y)] as [number, number],
        };
      }),
      activities: { shown: onMap.length, all: map.allActivities, share: chosen.detail.activities },
      paths: {
        shown: map.edges.filter(({ count }) => count > 0).length,
        all: map.allEdges,
        share: chosen.detail.paths,
      },
      explained: shown.explained ?? null,
      described: explored.description !== undefined,
    };
  },
});

const tenth = (value: number) => Math.round(value * 10) / 10;
const keyOf = ({ from, to }: { from: number; to: number }) => `${from}>${to}`;

interface Drawn {
  map: ProcessMap;
  layout: MapLayout;
  detail: { activities: number; paths: number };
  steps: Map<number, { standing: Standing | null; step: string | null; role: string | null }>;
  standingOf(edge: MapEdge): Standing | null;
  /** the map's waits, sorted: made when the first filter asks for them */
  index(): MapIndex;
  /**
   * 1 for each variant that it shows completely; ways that no selected case takes are on it all the same, so
   * that they explain what they explain of all cases
   */
  shows(): Uint8Array;
}
type Standing = NonNullable<z.infer<typeof standing>>;

/**
 * The drawn map of the whole log, counted for the selected cases; how much of it is explained is read off the
 * variants of the whole log.
 */
function countedFor({ whole }: Explored, { log, cases }: Selection, drawn: Drawn): ProcessMap {
  const { variants } = whole.evidence;
  const shows = drawn.shows();
  let explainedCases = 0;
  for (let i = 0; i < log.caseCount; i++) explainedCases += shows[variants.variantOf[cases ? cases[i] : i]];
  const explained = log.caseCount === 0 ? undefined : explainedCases / log.caseCount;
  return {
    ...drawn.map,
    ...mapOfCases(whole.log, variants, drawn.index(), cases),
    explainedCases,
    explained,
  };
}

/** What is drawn of a selection at a detail, and where: worked out once. */
function drawnOf(
  explored: Explored,
  base: Selection,
  activities: number | undefined,
  paths: number | undefined,
): Drawn {
  return base
    .once("drawn", () => new Recent<Drawn>(40))
    .get(`${activities} ${paths}`, () => {
      const { variants } = base.evidence;
      const whole = base.once("map", () => processMap(base.log, { variants }));
      const share = (shown: number, all: number) => Math.min(1, shown / Math.max(1, all));
      const detail = {
        activities: Math.min(
          activities ?? share(READABLE.activities, whole.allActivities),
          share(DRAWN.activities, whole.allActivities),
        ),
        paths: 1,
      };
      let map = processMap(base.log, { ...detail, variants });
      const least = processMap(base.log, { ...detail, paths: 0, variants }).edges.length;
      // a picture of few steps is read with few ways; what keeps every step connected is always there
      const readable = Math.max(least, Math.min(READABLE.ways, 2 * map.nodes.length + 4));
      detail.paths = Math.min(paths ?? share(readable, map.allEdges), share(DRAWN.ways, map.allEdges));
      if (detail.paths < 1) map = processMap(base.log, { ...detail, variants });
      const { map: beside, steps, standingOf } = withDescription(explored, base, map);
      // other details keep the order of the picture that is shown at first
      const first =
        activities === undefined && paths === undefined
          ? undefined
          : drawnOf(explored, base, undefined, undefined).layout;
      return {
        map: beside,
        layout: placed(explored, beside, first),
        detail,
        steps,
        standingOf,
        index: () =>
          base
            .once("indexes", () => new Recent<MapIndex>(2))
            .get(`${activities} ${paths}`, () => indexMap(base.log, map)),
        shows: () =>
          base
            .once("variants on the map", () => new Recent<Uint8Array>(2))
            .get(`${activities} ${paths}`, () => variantsOnMap(base.log, variants, beside.edges)),
      };
    });
}

/** Steps below one another are read like a text, and names have room beside one another. */
const direction = "TB";

/** The layout: nodes stand from left to right as they do in the picture that is shown at first. */
function placed({ whole }: Explored, map: ProcessMap, first: MapLayout | undefined): MapLayout {
  const n = whole.log.activities.length;
  const earlier = whole.once("precedence", () => precedence(whole.log));
  const isBack = (from: number, to: number) => from < n && to < n && earlier[from * n + to] < 0;
  const heights = first && new Map([...first.nodes].map(([id, { x }]) => [id, x]));
  return layoutMap(map, isBack, { node: () => BOX, label: () => LABEL }, { heights, direction });
}

/** The map with the described steps that nobody saw, and how each step and way stands to the description. */
function withDescription(
  { whole, description }: Explored,
  { evidence }: Selection,
  map: ProcessMap,
): Pick<Drawn, "map" | "steps" | "standingOf"> {
  const steps: Drawn["steps"] = new Map();
  const { described } = evidence;
  if (!described || !description) return { map, steps, standingOf: () => null };
  const given = description.steps ?? {};
  const roleOf = (step: string) => (Object.hasOwn(given, step) ? (given[step].role ?? null) : null);
  const stepName = (id: number): string | null =>
    id >= 0 && id < described.stepOf.length && described.stepOf[id] >= 0
      ? described.steps[described.stepOf[id]].name
      : null;
  for (const { activity, name } of map.nodes) {
    const step = stepName(activity);
    steps.set(activity, {
      standing: step === null ? "never described" : "as described",
      step: step === name ? null : step,
      role: step === null ? null : roleOf(step),
    });
  }
  // a step that is seen under no activity of the whole log was never seen
  const seen = new Set(
    whole.evidence
      .described!.steps.filter(({ activities }) => activities.some((a) => whole.evidence.casesWith[a] > 0))
      .map(({ name }) => name),
  );
  const n = whole.log.activities.length;
  const never = described.steps
    .map(({ name }) => name)
    .filter((name) => !seen.has(name))
    .slice(0, DRAWN.never);
  const idOf = new Map<string, number>(never.map((name, i) => [name, n + i]));
  for (const { activity } of map.nodes) {
    const step = stepName(activity);
    if (step !== null && !idOf.has(step)) idOf.set(step, activity);
  }
  const nodes: MapNode[] = never.map((name, i) => ({ activity: n + i, name, count: 0, cases: 0 }));
  for (const { activity, name } of nodes)
    steps.set(activity, { standing: "never seen", step: null, role: roleOf(name) });
  const footprint = footprintOfTree(treeOfFlow(description.flow));
  const none = { count: 0, cases: 0 };
  const edges: MapEdge[] = [];
  const ways = [...(footprint?.follows ?? [])].map((pair) => pair.split("\u0000"));
  for (const name of never) {
    const id = idOf.get(name)!;
    const linked = (from: boolean) =>
      ways
        .filter((pair) => pair[from ? 1 : 0] === name && pair[from ? 0 : 1] !== name)
        .map((pair) => idOf.get(pair[from ? 0 : 1]))
        .filter((other) => other !== undefined)
        .slice(0, 2);
    const before = linked(true);
    const after = linked(false);
    for (const from of before.length > 0 ? before : [START]) edges.push({ from, to: id, ...none });
    for (const to of after.length > 0 ? after : [END]) edges.push({ from: id, to, ...none });
  }
  const known = new Set(map.edges.map(keyOf));
  const fresh = [...new Map(edges.map((edge) => [keyOf(edge), edge])).values()].filter(
    (edge) => !known.has(keyOf(edge)),
  );
  const standingOf = ({ from, to, count }: MapEdge): Standing => {
    if (count === 0) return "never seen";
    if (from === START || to === END)
      return (from === START ? stepName(to) : stepName(from)) === null ? "never described" : "as described";
    const [a, b] = [stepName(from), stepName(to)];
    if (a === null || b === null) return "never described";
    if (!footprint) return "as described";
    return footprint.follows.has(`${a}\u0000${b}`) ? "as described" : "out of order";
  };
  return {
    map: { ...map, nodes: [...map.nodes, ...nodes], edges: [...map.edges, ...fresh] },
    steps,
    standingOf,
  };
}
