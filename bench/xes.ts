import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { compare, markdown } from "./measure.ts";

const main = resolve(import.meta.dirname, "../src/cli/main.ts");
const shared = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared");

/**
 * CPU seconds that pm4py 2.7.14 needed to read and format these logs, recorded on a machine of the same kind;
 * not measured in this run.
 */
const RECORDED: [file: string, events: number, pm4py: number][] = [
  ["receipt.xes.gz", 8_577, 1.15],
  ["bpic2020_DomesticDeclarations.xes.gz", 55_628, 10.1],
  ["bpic2012.xes.gz", 262_200, 22.2],
];

/** `show` of gzipped XES as a whole process, beside the recorded reading figures of pm4py. */
export function xes(): string {
  if (!existsSync(`${shared}/data/logs`)) return "Skipped: the real logs are not here; set PLUMBLINE_SHARED.";
  const rows = RECORDED.map(([file, events, pm4py]) => {
    const { show } = compare({ show: [main, ["show", `${shared}/data/logs/${file}`, "--json"]] }, 5);
    const { seconds } = JSON.parse(show.stdout) as { seconds: number };
    return [
      `${file} (${events.toLocaleString("en-GB")} events)`,
      `${show.cpu.toFixed(2)} s CPU, ${show.wall.toFixed(2)} s wall, ${show.peakMiB} MiB`,
      `${pm4py} s CPU`,
      `${(pm4py / show.cpu).toFixed(0)} ×`,
      `${seconds.toFixed(2)} s, ${(pm4py / seconds).toFixed(0)} ×`,
    ];
  });
  return markdown(
    [
      "XES, gzipped",
      "`plumbline show`, start-up included",
      "pm4py 2.7.14, recorded",
      "faster by CPU, start-up included",
      "reading alone, wall",
    ],
    rows,
  );
}
