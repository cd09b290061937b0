import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Random } from "../src/statistics/random.ts";
import { readLog } from "../src/formats/index.ts";
import { allNames } from "../src/eventlog/strings.ts";
import { measure, markdown } from "./measure.ts";
import { sampleLog } from "./sample-log.ts";

/**
 * The whole command: reading, all detectors with a description and records, claims, questions, report; as a
 * process of its own.
 */
export async function wholeAudit(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const rows: string[][] = [];
  const main = resolve(import.meta.dirname, "../src/cli/main.ts");
  for (const [cases, invoices] of [
    [10_000, 10_000],
    [100_000, 100_000],
    [100_000, 1_000_000],
  ]) {
    const path = sampleLog(cases);
    const description = join(directory, "description.yaml");
    writeFileSync(description, await describe(path));
    const [invoiceFile, vendorFile] = [join(directory, "invoices.csv"), join(directory, "vendors.csv")];
    const planted = writeInvoices(invoiceFile, vendorFile, invoices);
    const args = [
      "audit",
      path,
      "--description",
      description,
      "--records",
      `invoices=${invoiceFile}`,
      "--records",
      `vendors=${vendorFile}`,
      "--json",
      "--html",
      join(directory, "r.html"),
      "--pdf",
      join(directory, "r.pdf"),
    ];
    const { wall, cpu, peakMiB, stdout } = measure(main, args);
    const audit = JSON.parse(stdout) as {
      log: { events: number };
      findings: { detector: string; records: string[][] }[];
    };
    const pairs = audit.findings.find(({ detector }) => detector === "duplicate-payment")?.records ?? [];
    const found = pairs.filter(([a, b]) => planted.has(`${a}/${b}`)).length;
    rows.push([
      audit.log.events.toLocaleString("en-GB"),
      invoices.toLocaleString("en-GB"),
      `${wall.toFixed(1)} s`,
      `${cpu.toFixed(1)} s`,
      `${peakMiB} MiB`,
      `${found} of ${planted.size}, ${pairs.length - found} more`,
    ]);
  }
  rmSync(directory, { recursive: true });
  return markdown(["events", "invoices", "wall", "CPU", "peak memory", "planted duplicates found"], rows);
}

/** A description of the log with its activities in their usual order, roles unknown, and some rules. */
async function describe(path: string): Promise<string> {
  const { log } = await readLog(path);
  const position = new Float64Array(log.activities.length);
  const count = new Float64Array(log.activities.length);
  for (let c = 0; c < log.caseCount; c++)
    for (let e = log.caseStart[c]; e < log.caseStart[c + 1]; e++) {
      position[log.activity[e]] += e - log.caseStart[c];
      count[log.activity[e]]++;
    }
  const names = allNames(log.activities)
    .map((name, a) => ({ name, at: position[a] / count[a], share: count[a] / log.caseCount }))
    .sort((a, b) => a.at - b.at);
  const steps = names.map(({ name }) => `  ${JSON.stringify(name)}: { role: Everybody }`);
  const flow = names.map(({ name, share }) =>
    share >= 0.97 ? `  - ${JSON.stringify(name)}` : `  - optional: ${JSON.stringify(name)}`,
  );
  const [first, second] = names.filter(({ share }) => share >= 0.97);
  return `process: Purchase to pay\nroles: { Everybody: ["*"] }\nsteps:\n${steps.join("\n")}\nflow:\n${flow.join("\n")}\nrules:\n  - { before: ${JSON.stringify(second.name)}, must: ${JSON.stringify(first.name)} }\n  - { separate: [${JSON.stringify(first.name)}, ${JSON.stringify(second.name)}] }\n  - { deadline: ${JSON.stringify(second.name)}, within: 10d }\n`;
}

/** Invoices of 5,000 vendors, one in 500 entered twice in one of four ways; returns the pairs. */
function writeInvoices(path: string, vendorPath: string, count: number): Set<string> {
  const random = new Random("invoices");
  const planted = new Set<string>();
  const lines = ["invoice_id,vendor_id,vendor_name,reference,date,amount,currency,due_date,paid_at"];
  const day = (d: number) => new Date(Date.UTC(2024, 0, 1) + d * 86_400_000).toISOString().slice(0, 10);
  for (let i = 0; i < count; i++) {
    const v = random.below(5000);
    const d = random.below(360);
    const row = [
      `I${i}`,
      `V${v}`,
      `Vendor ${v} GmbH`,
      `RE-${v}-${i}`,
      day(d),
      random.logNormal(800, 1.2).toFixed(2),
      "EUR",
      day(d + 30),
      day(d + 25),
    ];
    lines.push(row.join(","));
    if (!random.chance(0.002)) continue;
    const copy = [...row];
    copy[0] = `D${i}`;
    const way = random.below(4);
    if (way === 0) copy[3] = row[3].replaceAll("-", "");
    else if (way === 1) copy[4] = day(d + 1 + random.below(30));
    else if (way === 2) copy[3] = `${row[3]}X`;
    lines.push(copy.join(","));
    planted.add(`${row[0]}/${copy[0]}`);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
  const vendors = Array.from(
    { length: 5000 },
    (_, v) =>
      `V${v},Vendor ${v} GmbH,DE${100_000_000 + v * 7919},DE${10 + (v % 80)}${String(v * 104_729).padStart(18, "0")}`,
  );
  writeFileSync(vendorPath, `vendor_id,name,tax_id,bank_account\n${vendors.join("\n")}\n`);
  return planted;
}
