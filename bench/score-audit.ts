import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { runAudit, type Audit } from "../src/audit/run-audit.ts";
import { readDescription } from "../src/cli/description-file.ts";
import { Evidence } from "../src/evidence/evidence.ts";
import type { RecordTable } from "../src/eventlog/record-table.ts";
import type { SimulatedProcess } from "../src/simulate/simulate.ts";
import { writeProcess } from "../src/simulate/write.ts";
import { readLog } from "../src/formats/index.ts";
import { readRecords } from "../src/formats/records.ts";
import type { Finding } from "../src/audit/finding.ts";

/** A leak as truth.json tells it. */
export interface TruthLeak {
  detector: string;
  subjects: string[];
  strength?: number;
  caseIds?: string[];
  note: string;
}

export interface Truth {
  leaks: TruthLeak[];
  /** what is true because of a leak, and to find it no false alarm */
  alsoTrue: { detector: string; subjects: string[] }[];
}

/** Writes a simulated process, reads everything back and audits it with its description and records. */
export async function auditSimulated(
  simulated: SimulatedProcess,
  seed: number,
  directory: string,
): Promise<{ truth: Truth; audit: Audit }> {
  const written = writeProcess(directory, simulated, seed);
  const { log } = await readLog(written.log);
  const records: RecordTable[] = [];
  for (const file of written.records) {
    const [name, tag] = basename(file, ".csv").split("@");
    records.push((await readRecords(file, name, tag)).table);
  }
  const { description } = readDescription(written.description);
  const truth = JSON.parse(readFileSync(written.truth, "utf8")) as Truth;
  return { truth, audit: runAudit(new Evidence(log, { description, records })) };
}

/**
 * What of the truth was found, what was missed and what was a false alarm. A finding is right when detector
 * and subject are those of a planted leak; a leak that another finding keeps as the same cause counts as
 * found; what is true because of another leak counts neither way.
 */
export function scoreAudit(
  { leaks, alsoTrue }: Truth,
  { findings, absorbed }: Audit,
): { found: TruthLeak[]; missed: TruthLeak[]; alarms: Finding[] } {
  const fits = (
    planted: { detector: string; subjects: string[] },
    finding: { detector: string; subject: string },
  ) =>
    finding.detector === planted.detector &&
    (planted.subjects.includes("*") || planted.subjects.includes(finding.subject));
  const isFound = (leak: TruthLeak) => [...findings, ...absorbed].some((finding) => fits(leak, finding));
  return {
    found: leaks.filter(isFound),
    missed: leaks.filter((leak) => !isFound(leak)),
    alarms: findings.filter((finding) => ![...leaks, ...alsoTrue].some((planted) => fits(planted, finding))),
  };
}
