import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { alignLog } from "../src/conformance/align-log.ts";
import { Aligner } from "../src/conformance/align.ts";
import { NetSpace } from "../src/conformance/net-space.ts";
import { TreeSpace } from "../src/conformance/tree-space.ts";
import { inductiveMiner } from "../src/discovery/inductive-miner.ts";
import { casesWhere } from "../src/eventlog/select-cases.ts";
import type { EventLog } from "../src/eventlog/event-log.ts";
import { netOfTree } from "../src/model/petri-net.ts";
import { parseTree, type ProcessTree } from "../src/model/process-tree.ts";
import { readLog } from "../src/formats/index.ts";
import type { ReadOptions } from "../src/formats/format.ts";
import { quantile } from "../src/statistics/quantile.ts";
import { Random } from "../src/statistics/random.ts";
import { markdown } from "./measure.ts";

const shared = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared");

/**
 * Reference models, and the CPU seconds that pm4py 2.7.14 needed for the alignments (recorded, not measured
 * in this run).
 */
const PAIRS: [name: string, file: string, options: ReadOptions, im: string, imf: string][] = [
  ["receipt", "receipt.xes.gz", { lifecycle: "events" }, "44.9", "106.8"],
  ["bpic2020_domestic", "bpic2020_DomesticDeclarations.xes.gz", { lifecycle: "events" }, "2.3", "2.8"],
  ["bpic2020_rfp", "bpic2020_RequestForPayment.xes.gz", { lifecycle: "events" }, "5.1", "1.8"],
  ["road_traffic_fines", "road_traffic_fines.csv.gz", {}, "11.1", "–"],
  ["bpic2012_complete", "bpic2012.xes.gz", { lifecycle: "complete" }, "no answer in 400", "–"],
  ["sepsis", "sepsis.xes.gz", { lifecycle: "events" }, "–", "–"],
  ["bpic2020_permit", "bpic2020_PermitLog.xes.gz", { lifecycle: "events" }, "–", "–"],
];

function run(log: EventLog, tree: ProcessTree) {
  const began = performance.now();
  const space = new TreeSpace(tree);
  const result = alignLog(log, space);
  const seconds = (performance.now() - began) / 1000;
  const cost = result.variants.reduce((sum, v) => sum + v.cost * v.cases, 0);
  return {
    seconds,
    cost,
    states: space.size,
    variants: result.variants.length,
    worst: Math.max(...result.variants.map((v) => v.cost)),
    fitness: result.fitness ?? 0,
    optimal: result.optimal,
  };
}

/** The cases that begin before, and from, the middle of the log. */
function halves(log: EventLog): [EventLog, EventLog] {
  const begins = Float64Array.from({ length: log.caseCount }, (_, c) => log.time[log.caseStart[c]]);
  const middle = quantile(begins, 0.5)!;
  return [select(log, (c) => begins[c] < middle), select(log, (c) => begins[c] >= middle)];
}

function select(log: EventLog, keep: (c: number) => boolean): EventLog {
  const cases = casesWhere(log, keep);
  const rows: number[] = [];
  const caseStart = new Uint32Array(cases.length + 1);
  cases.forEach((c, i) => {
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) rows.push(e);
    caseStart[i + 1] = rows.length;
  });
  return {
    ...log,
    caseCount: cases.length,
    eventCount: rows.length,
    caseStart,
    activity: Uint32Array.from(rows, (e) => log.activity[e]),
    time: Float64Array.from(rows, (e) => log.time[e]),
    columns: [],
  };
}

/**
 * Optimal alignments: reference pairs, models of the first half of a log against its second half, and growth.
 * One thread, cold state space.
 */
export async function conformance(): Promise<string> {
  const parts: string[] = [];
  if (existsSync(`${shared}/data/logs`)) {
    const pairs: string[][] = [];
    const crossed: string[][] = [];
    for (const [name, file, options, im, imf] of PAIRS) {
      const { log } = await readLog(`${shared}/data/logs/${file}`, options);
      const reference = JSON.parse(readFileSync(`${shared}/data/reference/${name}.json`, "utf8")) as {
        im_tree: string;
        imf02_tree: string;
      };
      for (const [which, tree, recorded] of [
        ["IM", reference.im_tree, im],
        ["IMf 0.2", reference.imf02_tree, imf],
      ]) {
        const parsed = parseTree(tree);
        const { seconds, cost, states, variants, optimal } = run(log, parsed);
        const faster = Number(recorded) > 0 ? `${Math.round(Number(recorded) / seconds)} ×` : "";
        pairs.push([
          `${name}, ${which}`,
          String(variants),
          cost.toLocaleString("en-GB"),
          optimal ? "all proved" : "limit met",
          String(states),
          `${(seconds * 1000).toFixed(0)} ms`,
          recorded === "–" ? "–" : `${recorded} s`,
          faster,
        ]);
      }
      const [first, second] = halves(log);
      for (const noise of [0, 0.2]) {
        const { seconds, variants, worst, fitness, optimal } = run(second, inductiveMiner(first, { noise }));
        crossed.push([
          `${name}, noise ${noise}`,
          String(variants),
          fitness.toFixed(4),
          String(worst),
          optimal ? "all proved" : "limit met",
          `${(seconds * 1000).toFixed(0)} ms`,
        ]);
      }
    }
    parts.push(
      markdown(
        [
          "log and reference model",
          "variants",
          "cost over all cases",
          "optimality",
          "states met",
          "Plumbline, one thread",
          "pm4py 2.7.14, recorded CPU",
          "faster",
        ],
        pairs,
      ),
    );
    parts.push(
      markdown(
        [
          "model of the first half against the second half",
          "variants",
          "fitness",
          "largest cost",
          "optimality",
          "time",
        ],
        crossed,
      ),
    );
  }
  parts.push(growth());
  return parts.join("\n\n");
}

/**
 * How the cost grows with the length of a trace and the size of the model, on traces that do not fit; by tree
 * and by net.
 */
function growth(): string {
  const rows: string[][] = [];
  const random = new Random(1);
  const block = (k: number) =>
    `->( 'a${k}', +( 'b${k}', 'c${k}', *( 'd${k}', 'e${k}' ) ), X( 'f${k}', tau ) )`;
  for (const [blocks, length] of [
    [1, 20],
    [1, 80],
    [1, 320],
    [4, 20],
    [4, 80],
    [4, 320],
    [16, 80],
    [16, 320],
  ]) {
    const text = Array.from({ length: blocks }, (_, k) => block(k)).join(", ");
    const tree = parseTree(`*( ->( ${text} ), tau )`);
    const noisy = (names: readonly string[]) =>
      Int32Array.from({ length }, (_, i) =>
        random.chance(0.1)
          ? random.below(names.length)
          : Math.floor((i * names.length) / Math.min(length, names.length)) % names.length,
      );
    const spaces = [new TreeSpace(tree), ...(blocks <= 4 ? [new NetSpace(netOfTree(tree))] : [])];
    const traces = Array.from({ length: 10 }, () => noisy(spaces[0].labels));
    const cells = spaces.map((space) => {
      const aligner = new Aligner(space);
      const began = performance.now();
      const costs = traces.map((trace) => aligner.align(trace, Array.from(trace, String)));
      const each = (performance.now() - began) / traces.length;
      return `${each.toFixed(1)} ms${costs.every(({ optimal }) => optimal) ? "" : " (limit met)"}`;
    });
    const aligned = new Aligner(spaces[0]);
    const mean =
      traces.reduce((sum, trace) => sum + aligned.align(trace, Array.from(trace, String)).cost, 0) /
      traces.length;
    rows.push([String(blocks * 6), String(length), mean.toFixed(1), cells[0], cells[1] ?? "–"]);
  }
  return markdown(
    [
      "activities in the model",
      "steps of the trace",
      "mean cost",
      "a trace, by process tree",
      "a trace, by markings of its Petri net",
    ],
    rows,
  );
}
