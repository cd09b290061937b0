import { htmlReport } from "../reports/html-report.ts";
import { InputError } from "../input-error.ts";
import { gateAccount } from "../readiness/gate.ts";
import { asItStands, type KeptStep } from "../readiness/as-it-stands.ts";
import { readWhole } from "../store/blobs.ts";
import { wordedAudit } from "../wording/worded-audit.ts";
import { defineJob } from "./job.ts";
import { toldDocument, type KeptDocument } from "./told-document.ts";
import { jsonText } from "../store/columns.ts";

/** Reports of versions that quoted files are called otherwise, and drawn anew when they are read. */
const TOLD = "told-report";
export const quotesNothing = (key: string): boolean => key.includes(`/${TOLD}.`);

interface Input {
  folder: string;
}

/** Draws the report of an audit, as a page and as PDF. */
export const renderReports = defineJob<Input, Record<string, string>>({
  kind: "render",
  what: "draws the report",
  minutes: () => 10,

  async prepare(db, work) {
    const { auditId } = work.input as { auditId: string };
    const audit = await db
      .selectFrom("audit")
      .select("blob")
      .where("organisation_id", "=", work.organisation_id)
      .where("id", "=", auditId)
      .executeTakeFirst();
    if (!audit) throw new InputError("gone", "audit", "The audit was removed before its report was drawn.");
    return { folder: audit.blob };
  },

  async compute({ folder }, { blobs, progress }) {
    const whole = await readWhole(blobs, `${folder}/document.json`);
    const { account, document: told } = toldDocument(JSON.parse(whole.toString()) as KeptDocument, true);
    // who let steps pass since is added when it is read
    const judged = await readWhole(blobs, `${folder}/readiness.json`);
    const gate = gateAccount(asItStands(JSON.parse(judged.toString()) as KeptStep[]), [], null);
    const document = wordedAudit({ ...told, gate });
    progress(0.3, "drawing the page");
    await blobs.put(`${folder}/${TOLD}.html`, Buffer.from(htmlReport(document, account)));
    progress(0.6, "drawing the PDF");
    const { pdfReport } = await import("../reports/pdf-report.ts");
    await blobs.put(`${folder}/${TOLD}.pdf`, pdfReport(document, account));
    return { html: `${folder}/${TOLD}.html`, pdf: `${folder}/${TOLD}.pdf` };
  },

  async finish(trx, work, reports) {
    const { auditId } = work.input as { auditId: string };
    await trx
      .updateTable("audit")
      .set({ reports: jsonText(reports) })
      .where("id", "=", auditId)
      .execute();
    return { result: { auditId } };
  },
});
