import { Evidence } from "../src/evidence/evidence.ts";
import { runAudit } from "../src/audit/run-audit.ts";
import { readLog } from "../src/formats/index.ts";
import { markdown, middle } from "./measure.ts";
import { sampleLog } from "./sample-log.ts";

/** All detectors on logs in memory, and how the time grows with the log. */
export async function audit(): Promise<string> {
  const rows: string[][] = [];
  for (const cases of [10_000, 100_000, 1_000_000]) {
    const { log } = await readLog(sampleLog(cases));
    const times: number[] = [];
    let findings = 0;
    for (let round = 0; round < (cases > 500_000 ? 1 : 3); round++) {
      const began = performance.now();
      findings = runAudit(new Evidence(log)).findings.length;
      times.push((performance.now() - began) / 1000);
    }
    const seconds = middle(times);
    const perEvent = (seconds / log.eventCount) * 1e9;
    rows.push([
      log.eventCount.toLocaleString("en-GB"),
      `${seconds.toFixed(2)} s`,
      `${perEvent.toFixed(0)} ns`,
      `${(perEvent / Math.log2(log.eventCount)).toFixed(0)} ns`,
      String(findings),
      `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
    ]);
  }
  return markdown(
    [
      "events in memory",
      "all detectors",
      "per event",
      "per event and log2 of their number",
      "findings",
      "peak memory so far",
    ],
    rows,
  );
}
