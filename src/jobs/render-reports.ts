import { htmlReport } from "../reports/html-report.ts";
import { InputError } from "../input-error.ts";
import { gateAccount } from "../readiness/gate.ts";
import { asItStands } from "../readiness/as-it-stands.ts";
import { auditFiles, readAuditFile } from "../store/audit-files.ts";
import { auditOf, keepReports } from "../store/audits.ts";
import { wordedAudit } from "../wording/worded-audit.ts";
import { defineJob } from "./job.ts";
import { toldDocument } from "./told-document.ts";

/** Reports of versions that quoted files are called otherwise, and drawn anew when they are read. */
const TOLD = "told-report";
export const quotesNothing = (key: string): boolean => key.includes(`/${TOLD}.`);

interface Input {
  folder: string;
}

/** Draws the report of an audit, as a page and as PDF. */
export const renderReports = defineJob<Input, Record<string, string>>()({
  kind: "render",
  what: "draws the report",
  minutes: () => 10,

  async prepare(db, work) {
    const { auditId } = work.input;
    const audit = await auditOf(db, work.organisation_id, work.process_id!, auditId);
    if (!audit) throw new InputError("gone", "audit", "The audit was removed before its report was drawn.");
    return { folder: audit.blob };
  },

  async compute({ folder }, { blobs, progress }) {
    const kept = await readAuditFile(blobs, folder, auditFiles.document);
    const { account, document: told } = toldDocument(kept, true);
    // who let steps pass since is added when it is read
    const judged = await readAuditFile(blobs, folder, auditFiles.readiness);
    const gate = gateAccount(asItStands(judged), [], null);
    const document = wordedAudit(told);
    progress(0.3, "drawing the page");
    await blobs.put(`${folder}/${TOLD}.html`, Buffer.from(htmlReport(document, account, gate)));
    progress(0.6, "drawing the PDF");
    const { pdfReport } = await import("../reports/pdf-report.ts");
    await blobs.put(`${folder}/${TOLD}.pdf`, pdfReport(document, account, gate));
    return { html: `${folder}/${TOLD}.html`, pdf: `${folder}/${TOLD}.pdf` };
  },

  async finish(trx, work, reports) {
    const { auditId } = work.input;
    await keepReports(trx, auditId, reports);
    return { result: { auditId } };
  },
});
