import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { auditLog } from "../audit/audit-log.ts";
import { htmlReport } from "../audit/html-report.ts";
import { pdfReport } from "../audit/pdf-report.ts";
import { headline } from "../audit/text-report.ts";
import { simulate } from "../simulate/simulate.ts";
import { writeProcess } from "../simulate/write.ts";
import { readLog } from "../sources/index.ts";
import { readRecords, type RecordReading } from "../sources/records.ts";
import type { Command } from "./command.ts";
import { readDescription } from "./description-file.ts";
import { dataDirectory, keepAudit, keptVerdicts } from "./kept-audit.ts";
import { logSummary } from "../sources/log-summary.ts";
import { accountOf, takenAs } from "../sources/account.ts";

/** `plumbline start`: the sample organisation, simulated and audited, as pages to open. */
export const start: Command = {
  name: "start",
  usage: "start",
  summary: "Simulates the sample organisation, audits it and writes the reports to open.",
  options: {},
  minArgs: 0,
  maxArgs: 0,
  async run() {
    const directory = join(dataDirectory(), "sample");
    mkdirSync(directory, { recursive: true });
    process.stdout.write(
      "The sample organisation: six processes with people, calendars and known leaks (simulated, seed 1).\n\n",
    );
    for (const simulated of simulate({ seed: 1 })) {
      const written = writeProcess(directory, simulated, 1);
      const { log, report } = await readLog(written.log);
      const records: RecordReading[] = [];
      for (const file of written.records) {
        const [name, tag] = basename(file, ".csv").split("@");
        records.push(await readRecords(file, name, tag));
      }
      const document = auditLog(log, {
        summary: logSummary(log, report),
        source: written.log,
        notes: [takenAs(report), ...report.notes],
        now: Date.now(),
        description: readDescription(written.description).description,
        records: records.map(({ table }) => table),
        verdicts: keptVerdicts(),
      });
      keepAudit(document);
      const page = join(written.directory, "report.html");
      writeFileSync(page, htmlReport(document, accountOf(report)));
      writeFileSync(join(written.directory, "report.pdf"), pdfReport(document, accountOf(report)));
      process.stdout.write(
        `${simulated.plan.name}: ${headline(document).slice(0, 2).join(" ")}\n  open ${resolve(page)} (and report.pdf beside it)\n`,
      );
    }
    process.stdout.write(
      `\nWhat was planted stands in truth.json beside each log. Audit your own export with:\n  npm run -s plumbline -- audit YOUR-LOG.csv --html report.html\n`,
    );
    return 0;
  },
};
