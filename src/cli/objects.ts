import { basename } from "node:path";
import { objectSvg } from "../drawing/object-svg.ts";
import { objectGraph, type ObjectGraph } from "../discovery/object-centric.ts";
import { readObjectLog } from "../formats/index.ts";
import { formatDuration } from "../figures.ts";
import type { Command } from "./command.ts";
import { shareOption } from "./number-option.ts";
import { readOptionsOf } from "../formats/read-options.ts";
import { readingOptions } from "./reading.ts";
import { writeOutput } from "./write-output.ts";
import { formatCount, table } from "./terminal.ts";
import { onTerminal } from "./wording.ts";

/** `plumbline objects OCEL`: what happens to the objects of each type, and how they meet. */
export const objects: Command = {
  name: "objects",
  usage: "objects LOG [--json] [--svg F]",
  summary:
    "Analyses an object-centric log (OCEL) by orders, items, invoices …, without forcing each event into one case.",
  options: {
    json: { help: "one JSON document on standard output" },
    svg: { value: "F", help: "write the combined graph of all types as a picture" },
    paths: { value: "0..1", help: "share of the steps of each type in the picture (default 0.9)" },
    "time-zone": readingOptions["time-zone"],
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const share = shareOption(options, "paths");
    const { log, read, rejected, notes: marked } = await readObjectLog(path, readOptionsOf(options));
    const notes = marked.map(onTerminal);
    const graph = objectGraph(log);
    if (typeof options["svg"] === "string")
      writeOutput(options["svg"], "--svg", objectSvg(graph, basename(path).replace(/\.\w+$/, ""), share), [
        path,
      ]);
    const seconds = Math.round(performance.now() - began) / 1000;
    if (options["json"]) {
      process.stdout.write(JSON.stringify({ read, rejected, ...documentOf(graph), notes, seconds }) + "\n");
      return 0;
    }
    process.stdout.write(
      `Read ${formatCount(read)} events = ${formatCount(log.eventCount)} kept + ${formatCount(rejected)} rejected.\n${notes.map((note) => `${note}\n`).join("")}\n${textOf(graph)}\nDone in ${seconds} s.\n`,
    );
    return 0;
  },
};

function documentOf({ types, ...graph }: ObjectGraph) {
  return {
    ...graph,
    types: types.map(({ edges, ...type }) => ({
      ...type,
      edges: edges.map(({ wait, ...edge }) => ({
        ...edge,
        medianWaitMs: wait.median,
        meanWaitMs: wait.mean,
        p90WaitMs: wait.p90,
      })),
    })),
  };
}

function textOf({ events, unrelated, types, interactions }: ObjectGraph): string {
  const parts = [
    table(
      ["type", "objects", "events", "rows if flattened"],
      types.map(({ type, objects: count, events: own, flattened }) => [
        type,
        formatCount(count),
        formatCount(own),
        flattened > own
          ? `${formatCount(flattened)} (${(flattened / own).toFixed(1)} × the events)`
          : formatCount(flattened),
      ]),
    ),
    `${formatCount(events)} events; ${formatCount(unrelated)} concern no object.`,
  ];
  for (const { type, edges } of types) {
    if (edges.length === 0) continue;
    const rows = edges
      .slice(0, 8)
      .map(({ from, to, count, eventPairs, objects: own, wait }) => [
        from,
        to,
        formatCount(count),
        formatCount(eventPairs),
        formatCount(own),
        formatDuration(wait.median),
      ]);
    parts.push(
      `${type}\n${table(["from", "to", "steps", "pairs of events", "objects", "median wait"], rows)}${edges.length > 8 ? `\n… and ${edges.length - 8} more (--json lists all)` : ""}`,
    );
  }
  if (interactions.length > 0)
    parts.push(
      `How objects meet in events\n${table(
        ["a", "b", "a:b", "pairs", "b for each a (mean, most)", "a for each b (mean, most)"],
        interactions.map((i) => [
          i.a,
          i.b,
          i.kind,
          formatCount(i.pairs),
          `${i.meanPerA.toFixed(1)}, ${formatCount(i.mostPerA)}`,
          `${i.meanPerB.toFixed(1)}, ${formatCount(i.mostPerB)}`,
        ]),
      )}`,
    );
  return `${parts.join("\n\n")}\n`;
}
