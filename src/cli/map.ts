import { basename, dirname, resolve } from "node:path";
import { precedence } from "../discovery/activity-order.ts";
import { directlyFollows } from "../discovery/directly-follows.ts";
import { inductiveMiner, MAX_MODEL_ACTIVITIES, mineGraph } from "../discovery/inductive-miner.ts";
import { END, processMap, START, withEdges, type ProcessMap } from "../discovery/process-map.ts";
import { heuristicsMiner } from "../discovery/heuristics-miner.ts";
import { groupVariants, variantsFor, variantTable } from "../discovery/variant-table.ts";
import { captionOf, mapSvg } from "../drawing/map-svg.ts";
import type { WorkCalendar } from "../eventlog/calendar.ts";
import { learnCalendar } from "../eventlog/calendar.ts";
import { timeRange, type EventLog } from "../eventlog/event-log.ts";
import { allNames, nameAt } from "../eventlog/strings.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { formatDuration } from "../figures.ts";
import { bpmnOfTree } from "../model/bpmn-of-tree.ts";
import { netOfTree } from "../model/petri-net.ts";
import { writePnml } from "../model/pnml.ts";
import { formatTree, type ProcessTree } from "../model/process-tree.ts";
import { writePtml } from "../model/ptml.ts";
import { writeBpmn } from "../model/write-bpmn.ts";
import { readCalendar } from "./calendar-file.ts";
import { InputError } from "../input-error.ts";
import type { Command, OptionValues } from "./command.ts";
import { logSummary } from "../formats/log-summary.ts";
import { shareOption } from "./number-option.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { accountOf } from "../formats/account.ts";
import { countOf, formatCount, formatPercent, printable, table } from "./terminal.ts";
import { writeOutput } from "./write-output.ts";
import { onTerminal } from "./wording.ts";

/** What a picture holds at most: more can be neither laid out in seconds nor read. */
const DRAWN = { activities: 150, ways: 600 };

/** `plumbline map LOG`: what really happens: activities, what follows what, variants, model, pictures. */
export const map: Command = {
  name: "map",
  usage: "map LOG [--json] [--svg F] [--bpmn F] [--pnml F] [--ptml F] [--noise N] [reading options]",
  summary: "The actual process: activities, what follows what, how long cases wait, variants, a model.",
  options: {
    json: { help: "one JSON document on standard output, with every edge and variant" },
    svg: { value: "F", help: "write the map as a picture" },
    bpmn: { value: "F", help: "write the model as BPMN 2.0, laid out" },
    pnml: { value: "F", help: "write the model as a Petri net (PNML)" },
    ptml: { value: "F", help: "write the model as a process tree (PTML)" },
    noise: {
      value: "0..1",
      help: "leave paths rarer than this share out of the model (default 0: every case fits)",
    },
    graph: { help: "mine the model from the directly-follows graph alone (IMd), for comparison" },
    activities: {
      value: "0..1",
      help: "share of the activities in the picture (default: as many as stay readable)",
    },
    paths: {
      value: "0..1",
      help: "share of the paths in the picture (default: as many as stay readable)",
    },
    dependencies: {
      help: "draw dependencies only (heuristics miner), not every path",
    },
    title: { value: "T", help: "title of the picture and name of the model (default: the file's name)" },
    colour: { value: "frequency|time", help: "what the colour of the lines shows" },
    "working-time": { help: "measure waits in working time, with hours learned from the log" },
    calendar: { value: "F", help: "measure waits in the working time of this YAML calendar" },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const noise = shareOption(options, "noise") ?? 0;
    const detail = { activities: shareOption(options, "activities"), paths: shareOption(options, "paths") };
    const colour = colourOf(options);
    const { log, report } = await readLogOf(path, options);
    const calendar = calendarOf(options, log);
    const clock = calendar
      ? `Waits are counted in working time: ${calendar.describe()}.`
      : "Waits are counted on the clock.";
    const whole = processMap(log, { calendar });
    const hasModel = whole.nodes.length <= MAX_MODEL_ACTIVITIES;
    const tree =
      hasModel || options["bpmn"] || options["pnml"] || options["ptml"]
        ? mineModel(log, noise, options["graph"] === true)
        : undefined;
    const name = typeof options["title"] === "string" ? options["title"] : nameOf(path);

    const written: string[] = [];
    const write = (option: string, content: () => string) => {
      if (typeof options[option] !== "string") return;
      writeOutput(options[option], `--${option}`, content(), [path]);
      written.push(options[option]);
    };
    const chosen = processMap(log, {
      ...readableDetail(whole, options["dependencies"] ? { ...detail, paths: 1 } : detail),
      calendar,
    });
    const readable = options["dependencies"] ? dependenciesOnly(log, chosen) : chosen;
    write("svg", () => {
      if (readable.nodes.length > DRAWN.activities || readable.edges.length > DRAWN.ways) {
        throw new InputError(
          "too-large",
          "--svg",
          `--svg: a picture holds at most ${DRAWN.activities} activities and ${formatCount(DRAWN.ways)} ways between them, this one would have ${formatCount(readable.nodes.length)} and ${formatCount(readable.edges.length)}. Ask for less with --activities and --paths.`,
        );
      }
      const earlier = precedence(log);
      const isBack = (from: number, to: number) => earlier[from * log.activities.length + to] < 0;
      return mapSvg(readable, { title: name, colour, isBack, clock: calendar ? "working time" : "time" });
    });
    write("bpmn", () => writeBpmn(bpmnOfTree(tree!, name)));
    write("pnml", () => writePnml(netOfTree(tree!, name)));
    write("ptml", () => writePtml(tree!, name));

    const seconds = () => Math.round(performance.now() - began) / 1000;
    if (options["json"]) {
      process.stdout.write(
        JSON.stringify({
          ...mapDocument(log, whole, tree),
          log: logSummary(log, report),
          noise,
          waits: clock,
          seconds: seconds(),
        }) + "\n",
      );
      return 0;
    }
    process.stdout.write(
      printable(
        `${onTerminal(accountOf(report))}\n${clock}\n\n${mapText(log, whole, readable, tree && modelText(tree, noise, options["graph"] === true), calendar ? "working time" : "time")}\n`,
      ),
    );
    for (const file of written) process.stdout.write(`Written: ${file}\n`);
    process.stdout.write(`Done in ${seconds()} s.\n`);
    return 0;
  },
};

function colourOf(options: OptionValues): "frequency" | "time" {
  const colour = options["colour"] ?? "frequency";
  if (colour === "frequency" || colour === "time") return colour;
  throw new InputError(
    "wrong-option",
    "--colour",
    `--colour: expected frequency or time, got "${String(colour)}".`,
  );
}

/** The model of a log, or of its directly-follows graph alone. */
function mineModel(log: EventLog, noise: number, graphOnly: boolean): ProcessTree {
  if (!graphOnly) return inductiveMiner(log, { noise });
  return mineGraph(directlyFollows(log), allNames(log.activities), noise);
}

/** What a log is called: its file, or its folder where the file is just called "log". */
function nameOf(path: string): string {
  const name = basename(path)
    .replace(/\.(gz|zip)$/, "")
    .replace(/\.\w+$/, "");
  const folder = basename(dirname(resolve(path)));
  return /^(event)?log$/i.test(name) && folder !== "" ? folder : name;
}

/** The working calendar that waits are counted in; undefined for wall-clock time. */
function calendarOf(options: OptionValues, log: EventLog): WorkCalendar | undefined {
  const range = timeRange(log);
  const zone = new TimeZone((options["time-zone"] as string | undefined) ?? "UTC");
  if (!range) return undefined;
  if (typeof options["calendar"] === "string") return readCalendar(options["calendar"], range, zone);
  return options["working-time"] ? learnCalendar(log, zone, range) : undefined;
}

/** What was asked for; else activities and ways as many as a person can read. */
function readableDetail(
  { nodes, edges, allEdges }: ProcessMap,
  asked: { activities?: number; paths?: number },
): { activities: number; paths: number } {
  const activities = asked.activities ?? Math.min(1, 25 / Math.max(1, nodes.length));
  const shown = Math.max(1, activities * nodes.length);
  const paths = asked.paths ?? Math.min(1, Math.max(12, shown * 1.8) / Math.max(1, edges.length, allEdges));
  return { activities, paths };
}

/** A map with the edges that the heuristics miner keeps, and those from the begin and to the end. */
function dependenciesOnly(log: EventLog, map: ProcessMap): ProcessMap {
  const n = log.activities.length;
  const kept = new Set(heuristicsMiner(log).edges.map(({ from, to }) => from * n + to));
  const edges = map.edges.filter(({ from, to }) => from === START || to === END || kept.has(from * n + to));
  return withEdges(log, map, edges);
}

/** The map as DESIGN gives it: every edge and variant, unfiltered. */
function mapDocument(log: EventLog, { nodes, edges }: ProcessMap, tree: ProcessTree | undefined) {
  const nameOf = (a: number) => nameAt(log.activities, a);
  const table = variantTable(log);
  const ends = (which: "from" | "to", end: number) =>
    Object.fromEntries(
      edges
        .filter((edge) => edge[which] === end)
        .map((edge) => [nameOf(which === "from" ? edge.to : edge.from), edge.count]),
    );
  return {
    activities: nodes.map(({ name, count, cases, handling }) => ({
      name,
      count,
      cases,
      ...(handling && {
        medianHandlingMs: handling.median,
        meanHandlingMs: handling.mean,
        p90HandlingMs: handling.p90,
      }),
    })),
    starts: ends("from", START),
    ends: ends("to", END),
    edges: edges
      .filter(({ from, to }) => from !== START && to !== END)
      .map(({ from, to, count, cases, wait }) => ({
        from: nameOf(from),
        to: nameOf(to),
        count,
        cases,
        medianWaitMs: wait!.median,
        meanWaitMs: wait!.mean,
        p90WaitMs: wait!.p90,
      })),
    variants: table.map(({ steps, cases, medianDurationMs, p90DurationMs }) => ({
      activities: Array.from(steps, nameOf),
      cases,
      medianDurationMs,
      p90DurationMs,
    })),
    variantGroups: groupVariants(table).map(({ leader, members, cases }) => ({ leader, members, cases })),
    dependencies: heuristicsMiner(log).edges.map(({ from, to, dependency, count }) => ({
      from: nameOf(from),
      to: nameOf(to),
      dependency,
      count,
    })),
    tree: tree ? formatTree(tree) : null,
  };
}

/** The steps before which cases wait longest in all. */
function waitingText(log: EventLog, { edges }: ProcessMap): string {
  const waiting = edges
    .flatMap((edge) => (edge.wait ? [{ edge, total: edge.wait.mean * edge.count }] : []))
    .sort((a, b) => b.total - a.total);
  const all = waiting.reduce((sum, { total }) => sum + total, 0);
  if (all === 0) return "Nothing waits: no time passes between steps.";
  const rows = waiting
    .slice(0, 8)
    .map(({ edge, total }) => [
      `${nameAt(log.activities, edge.from)} → ${nameAt(log.activities, edge.to)}`,
      formatPercent(total / all),
      formatDuration(edge.wait!.mean),
      formatDuration(edge.wait!.p90),
    ]);
  return `Where cases wait longest in all (plumbline waiting says why):\n${table(["between", "of all waiting", "mean", "P90"], rows)}`;
}

/**
 * The model, and what can be said of it: only one mined from the cases themselves, without noise, has every
 * case as a run.
 */
function modelText(tree: ProcessTree, noise: number, graphOnly: boolean): string {
  const what = graphOnly
    ? " of what follows what alone; not every case need be a run of it"
    : noise > 0
      ? ` without paths rarer than ${formatPercent(noise)}`
      : ", of which every case is a run";
  return `Model${what} (-> in order, X one of, + in parallel, * repeated, tau nothing):\n${formatTree(tree)}`;
}

function mapText(
  log: EventLog,
  whole: ProcessMap,
  readable: ProcessMap,
  model: string | undefined,
  clock: string,
): string {
  const nameOf = (a: number) => (a === START ? "(begin)" : a === END ? "(end)" : nameAt(log.activities, a));
  const variants = variantTable(log);
  const share = (cases: number) => formatPercent(cases / log.caseCount);
  const activities = table(
    ["activity", "times", "cases", ...(log.start ? ["median handling"] : [])],
    whole.nodes
      .slice(0, 30)
      .map(({ name, count, cases, handling }) => [
        name,
        formatCount(count),
        share(cases),
        ...(log.start ? [handling ? formatDuration(handling.median) : ""] : []),
      ]),
  );
  const edges = table(
    ["from", "to", "times", "cases", "median wait", "P90"],
    whole.edges
      .slice(0, 20)
      .map(({ from, to, count, cases, wait }) => [
        nameOf(from),
        nameOf(to),
        formatCount(count),
        share(cases),
        wait ? formatDuration(wait.median) : "",
        wait ? formatDuration(wait.p90) : "",
      ]),
  );
  const more = (all: number, shown: number, what: string) =>
    all > shown ? `\n… and ${formatCount(all - shown)} more ${what} (--json lists all)` : "";
  const lines = variants.slice(0, 10).map(({ steps, share: own, covered, medianDurationMs }) => {
    const names = Array.from(steps, nameOf);
    const written =
      names.length > 12 ? `${names.slice(0, 12).join(" → ")} … (${names.length} steps)` : names.join(" → ");
    return `${formatPercent(own).padStart(8)}  ${formatPercent(covered).padStart(8)}  ${formatDuration(medianDurationMs).padStart(8)}  ${written}`;
  });
  const groups = groupVariants(variants);
  const once = variants.filter(({ cases }) => cases === 1).length;
  const coverage = `${formatCount(variantsFor(variants, 0.8) ?? 0)} of them cover 80 % of the cases; ${formatCount(once)} were seen once. Counting nearly equal ones together: ${formatCount(groups.length)} groups.`;
  return [
    `${activities}${more(whole.nodes.length, 30, "activities")}`,
    `${edges}${more(whole.edges.length, 20, "ways")}`,
    waitingText(log, whole),
    `${countOf(variants.length, "variant")}. ${variants.length > 1 ? coverage : ""}\nThe most frequent (share, share so far, median duration):\n${lines.join("\n")}${more(variants.length, 10, "variants")}`,
    model ?? `No model: more than ${MAX_MODEL_ACTIVITIES} activities.`,
    `In the picture (--svg): ${captionOf(readable, clock)}`,
    "",
  ].join("\n\n");
}
