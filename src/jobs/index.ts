import { auditProcess } from "./audit-process.ts";
import { importFile } from "./import-file.ts";
import type { Job } from "./job.ts";
import { removeFiles } from "./remove-files.ts";
import { renderReports } from "./render-reports.ts";
import { sendWeeklyBrief } from "./weekly-brief.ts";

/** Every kind of background work. A new one is a file, a line here and a test. */
export const jobs: readonly Job[] = [importFile, auditProcess, renderReports, removeFiles, sendWeeklyBrief];
