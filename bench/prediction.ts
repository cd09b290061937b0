import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { predictCases } from "../src/prediction/predict-cases.ts";
import { readLog } from "../src/formats/index.ts";
import type { ReadOptions } from "../src/formats/format.ts";
import { markdown } from "./measure.ts";

const shared = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared");

/**
 * Accuracy of the next activity that others published for logs of this name: an LSTM (Tax et al. 2017) and
 * the ProcessTransformer (Bukhsh et al. 2021), as a later comparison of both quotes them. Their splits,
 * versions of the logs and prefixes differ from ours.
 */
const LOGS: [file: string, options: ReadOptions, published: string][] = [
  ["helpdesk.xes.gz", {}, "70.6 % LSTM, 78.5 % transformer"],
  ["sepsis.xes.gz", {}, "52.7 % LSTM, 59.2 % transformer"],
  ["bpic2012.xes.gz", { lifecycle: "complete" }, "70.9 % LSTM, 83.5 % transformer"],
  ["bpic2013_incidents.xes.gz", { lifecycle: "events" }, "55.0 % LSTM"],
  ["bpic2013_closed.xes.gz", { lifecycle: "events" }, "55.2 % LSTM"],
  ["bpic2020_DomesticDeclarations.xes.gz", {}, ""],
  ["receipt.xes.gz", {}, ""],
];

/** Forecasts judged on later cases: training on cases that had ended before the first test case began. */
export async function prediction(): Promise<string> {
  if (!existsSync(`${shared}/data/logs`)) return "Skipped: the real logs are not here; set PLUMBLINE_SHARED.";
  const rows: string[][] = [];
  for (const [file, options, published] of LOGS) {
    const { log } = await readLog(`${shared}/data/logs/${file}`, options);
    const began = performance.now();
    const judged = predictCases(log)?.judgement;
    const seconds = (performance.now() - began) / 1000;
    if (!judged) continue;
    const { remaining, next, late } = judged;
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    rows.push([
      file.replace(".xes.gz", ""),
      `${judged.trainingCases} / ${judged.testCases}`,
      `${remaining.maeDays.toFixed(2)} d`,
      `${remaining.baselineMaeDays.toFixed(2)} d`,
      percent(remaining.coverage),
      percent(next.accuracy),
      percent(next.baselineAccuracy),
      published,
      late.auc === undefined ? "–" : late.auc.toFixed(3),
      `${late.brier.toFixed(3)} (${late.baselineBrier.toFixed(3)})`,
      `${seconds.toFixed(1)} s`,
    ]);
  }
  return markdown(
    [
      "log",
      "cases: training / test",
      "remaining time, MAE",
      "usual time after the same step",
      "intervals meant to hold 90 % held",
      "next activity",
      "from the last step alone",
      "published accuracy",
      "late: AUC",
      "late: Brier (base rate)",
      "time",
    ],
    rows,
  );
}
