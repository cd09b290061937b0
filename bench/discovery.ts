import { DuckDBInstance } from "@duckdb/node-api";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directlyFollows } from "../src/discovery/directly-follows.ts";
import { edgeStatistics } from "../src/discovery/edge-statistics.ts";
import { inductiveMiner } from "../src/discovery/inductive-miner.ts";
import { findVariants } from "../src/discovery/variants.ts";
import { readLog } from "../src/formats/index.ts";
import type { ReadOptions } from "../src/formats/format.ts";
import { markdown, middle } from "./measure.ts";
import { withPm4js } from "./peers.ts";
import { sampleLog } from "./sample-log.ts";

const shared = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared");

/**
 * CPU seconds of pm4py 2.7.14, recorded on a machine of the same kind: directly-follows, variants, times of
 * edges, IM, IMf 0.2.
 */
interface Recorded {
  dfg: number;
  variants: number;
  times: number;
  im: number;
  imf: number;
}

const REAL: [file: string, options: ReadOptions, recorded: Recorded][] = [
  ["receipt.xes.gz", {}, { dfg: 0.044, variants: 0.01, times: 0.054, im: 0.3, imf: 0.096 }],
  [
    "bpic2020_DomesticDeclarations.xes.gz",
    {},
    { dfg: 0.32, variants: 0.07, times: 0.29, im: 0.17, imf: 0.1 },
  ],
  [
    "bpic2012.xes.gz",
    { lifecycle: "complete" },
    { dfg: 1.2, variants: 0.2, times: 1.0, im: 26.2, imf: 25.3 },
  ],
  ["road_traffic_fines.csv.gz", {}, { dfg: 1.0, variants: 0.54, times: 1.0, im: 0.6, imf: 0.59 }],
];
const GENERATED: [cases: number, recorded: Recorded][] = [
  [100_000, { dfg: 3.0, variants: 0.61, times: 2.9, im: 2.6, imf: 2.2 }],
  [1_000_000, { dfg: 62.6, variants: 8.6, times: 55.2, im: 32.3, imf: 27.6 }],
];

/**
 * Directly-follows counts, variants, exact times and the inductive miner from a log in memory, on one thread.
 */
export async function discovery(): Promise<string> {
  const rows: string[][] = [];
  const peers: string[][] = [];
  const measureAll = async (name: string, path: string, options: ReadOptions, recorded: Recorded) => {
    const { log } = await readLog(path, options);
    const events = log.eventCount;
    const runs = events > 5e6 ? 3 : 7;
    const time = (work: () => unknown) => {
      work(); // compiled, caches warm
      return middle(
        Array.from({ length: runs }, () => {
          const began = performance.now();
          work();
          return (performance.now() - began) / 1000;
        }),
      );
    };
    const ours = {
      dfg: time(() => directlyFollows(log)),
      variants: time(() => findVariants(log)),
      times: time(() => edgeStatistics(log)),
      im: time(() => inductiveMiner(log)),
      imf: time(() => inductiveMiner(log, { noise: 0.2 })),
    };
    const counting = (what: "dfg" | "variants" | "times") =>
      `${(ours[what] * 1000).toFixed(1)} ms, ${(events / ours[what] / 1e6).toFixed(0)} M/s, ${Math.round(recorded[what] / ours[what])} ×`;
    const mining = (what: "im" | "imf") =>
      `${(ours[what] * 1000).toFixed(0)} ms, ${Math.round(recorded[what] / ours[what])} ×`;
    rows.push([
      `${name} (${events.toLocaleString("en-GB")} events)`,
      counting("dfg"),
      counting("variants"),
      counting("times"),
      mining("im"),
      mining("imf"),
    ]);
    return ours;
  };
  if (existsSync(`${shared}/data/logs`)) {
    for (const [file, options, recorded] of REAL) {
      const path = `${shared}/data/logs/${file}`;
      const ours = await measureAll(file, path, options, recorded);
      if (file !== "bpic2012.xes.gz") continue;
      const plain = join(tmpdir(), "plumbline-bench-bpic2012.xes");
      writeFileSync(plain, gunzipSync(readFileSync(path)));
      const printed = withPm4js(PM4JS, [plain]);
      if (!printed) continue;
      const theirs = JSON.parse(printed) as { dfg: number; im: number };
      peers.push([
        "bpic2012, completions",
        "pm4js 0.0.28: directly-follows",
        `${(theirs.dfg * 1000).toFixed(0)} ms`,
        `${(ours.dfg * 1000).toFixed(1)} ms`,
        `${Math.round(theirs.dfg / ours.dfg)} ×`,
      ]);
      peers.push([
        "bpic2012, completions",
        "pm4js 0.0.28: inductive miner",
        `${(theirs.im * 1000).toFixed(0)} ms`,
        `${(ours.im * 1000).toFixed(0)} ms`,
        `${Math.round(theirs.im / ours.im)} ×`,
      ]);
    }
  }
  for (const [cases, recorded] of GENERATED) {
    const path = sampleLog(cases);
    const ours = await measureAll(`generated, ${cases.toLocaleString("en-GB")} cases`, path, {}, recorded);
    const theirs = await duckdb(path);
    const name = `generated, ${cases.toLocaleString("en-GB")} cases`;
    peers.push([
      name,
      "DuckDB 1.5.5, one thread: counts of edges",
      `${(theirs.dfg * 1000).toFixed(0)} ms`,
      `${(ours.dfg * 1000).toFixed(1)} ms`,
      `${Math.round(theirs.dfg / ours.dfg)} ×`,
    ]);
    peers.push([
      name,
      "DuckDB 1.5.5, one thread: exact median and P90 of edges",
      `${(theirs.times * 1000).toFixed(0)} ms`,
      `${(ours.times * 1000).toFixed(0)} ms`,
      `${Math.round(theirs.times / ours.times)} ×`,
    ]);
  }
  return [
    markdown(
      [
        "log in memory, one thread",
        "directly-follows: time, events a second, against pm4py recorded",
        "variants",
        "exact median and P90 of every edge",
        "IM",
        "IMf 0.2",
      ],
      rows,
    ),
    markdown(["log", "peer, in this run", "peer", "Plumbline", "faster"], peers),
  ].join("\n\n");
}

/** The same questions in SQL over a table that lies sorted in memory. */
async function duckdb(path: string): Promise<{ dfg: number; times: number }> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("set threads = 2");
  await connection.run(
    "create table log as select row_number() over (order by case_id, timestamp, n) as r, case_id as c, activity as a, epoch_ms(timestamp::timestamp) as t from (select *, row_number() over () as n from read_csv($file)) order by r",
    { file: path },
  );
  await connection.run("set threads = 1");
  const steps =
    "select a, lead(a) over w as b, lead(t) over w - t as wait from log window w as (partition by c order by r)";
  const time = async (sql: string) => {
    const runs: number[] = [];
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      await connection.runAndReadAll(sql);
      runs.push((performance.now() - began) / 1000);
    }
    return middle(runs);
  };
  return {
    dfg: await time(`select a, b, count(*) from (${steps}) where b is not null group by a, b`),
    times: await time(
      `select a, b, count(*), quantile_cont(wait, [0.5, 0.9]) from (${steps}) where b is not null group by a, b`,
    ),
  };
}

const PM4JS = `
const log = XesImporter.apply(require("fs").readFileSync(process.argv[1], "utf8"));
for (const trace of log.traces) trace.events = trace.events.filter((e) => e.attributes["lifecycle:transition"].value.toLowerCase() === "complete");
const time = (work) => { const began = performance.now(); work(); return (performance.now() - began) / 1000; };
const times = [1, 2, 3].map(() => ({ dfg: time(() => FrequencyDfgDiscovery.apply(log)), im: time(() => InductiveMiner.apply(log)) }));
console.log(JSON.stringify({ dfg: times.map((t) => t.dfg).sort((a, b) => a - b)[1], im: times.map((t) => t.im).sort((a, b) => a - b)[1] }));
`;
