import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Evidence } from "../src/evidence/evidence.ts";
import { runShop } from "../src/what-if/engine.ts";
import { preparePressureTest } from "../src/what-if/what-if.ts";
import { readLog } from "../src/formats/index.ts";
import { Random } from "../src/statistics/random.ts";
import { heldOutCases } from "./held-out-cases.ts";
import { markdown } from "./measure.ts";
import { sampleLog } from "./sample-log.ts";

const YEAR = 365.25 * 86_400_000;

/** The simulation: how far it is from weeks that it has not seen, and how many events it does a second. */
export async function whatIf(): Promise<string> {
  const shared = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared", "data/logs");
  const logs = [
    ["generated purchases, 100,000 events", sampleLog(10_000)],
    ...["bpic2012", "helpdesk", "production", "purchasing_example", "receipt", "bpic2013_incidents"].map(
      (name) => [name, `${shared}/${name}.xes.gz`],
    ),
  ].filter(([, path]) => existsSync(path));
  const rows: string[][] = [];
  for (const [name, path] of logs) {
    const { log } = await readLog(path);
    const began = performance.now();
    const ready = preparePressureTest(new Evidence(log, {}));
    const fitted = performance.now() - began;
    if ("missing" in ready) {
      rows.push([name, `missing: ${ready.missing.join(", ")}`, "", "", "", "", ""]);
      continue;
    }
    const { check } = ready;
    const from = ready.fitted.to;
    let speed = 0;
    for (let i = 0; i < 3; i++) {
      const arrivals = ready.fitted.arrivalsOver(new Random(i), from, from + 5 * YEAR, from + 6 * YEAR);
      const shop = { ...ready.fitted.shop, duty: ready.fitted.dutyOver(from, from + 6 * YEAR) };
      const start = performance.now();
      const { events } = runShop(shop, arrivals);
      speed = Math.max(speed, events / (performance.now() - start) / 1000);
    }
    const hours = (value: number) => `${value.toFixed(1)} h`;
    rows.push([
      name,
      hours(check.distance),
      hours(check.before),
      `${hours(check.mean)} (${check.cases} cases)`,
      ready.fits ? "yes" : "no: refused",
      `${(fitted / 1000).toFixed(2)} s`,
      `${speed.toFixed(1)} M`,
    ]);
  }
  return [
    ...(existsSync(shared) ? [await published(shared)] : []),
    "Fitted to the older weeks, held against the newer ones (earth mover's distance of how long cases take), and events simulated a second on one thread:",
    markdown(
      [
        "log",
        "distance",
        "of the older weeks themselves",
        "mean of a case",
        "answers",
        "fit and check",
        "events a second",
      ],
      rows,
    ),
  ].join("\n\n");
}

/**
 * Distances that others publish for the newest fifth of the cases, hours; recorded, of README.md of
 * franvinci/prosit (means of five simulations).
 */
const PUBLISHED: [name: string, file: string, only: string, figures: string[]][] = [
  ["purchasing (P2P)", "purchasing_example", "", ["453.6 h", "584.3 h", "578.3 h", "432.1 h"]],
  ["BPIC 2012, work items", "bpic2012", "W_", ["191.9 h", "153.4 h", "92.3 h", "32.1 h"]],
];

async function published(shared: string): Promise<string> {
  const rows: string[][] = [];
  for (const [name, file, only, figures] of PUBLISHED) {
    const { log } = await readLog(`${shared}/${file}.xes.gz`);
    const { distance, older, cases } = heldOutCases(log, only);
    rows.push([name, String(cases), `${distance.toFixed(1)} h`, `${older.toFixed(1)} h`, ...figures]);
  }
  return [
    "Fitted to the older 80 % of the cases, as many cases simulated as there are in the newer 20 %, from the begin of the first of them on (earth mover's distance of how long cases take, whole hours, mean of 20 simulations); beside it, recorded, what is published for the same log and split:",
    markdown(
      [
        "log",
        "cases compared",
        "Plumbline",
        "of the older cases themselves",
        "Simod",
        "DSim",
        "RIMS",
        "ProSiT",
      ],
      rows,
    ),
  ].join("\n\n");
}
