import { logToBytes } from "../eventlog/log-bytes.ts";
import { csvLine } from "../figures.ts";
import { InputError } from "../input-error.ts";
import { accountOf, takenAs } from "../formats/account.ts";
import { readLog } from "../formats/index.ts";
import { logSummary } from "../formats/log-summary.ts";
import { readOptionsOf, strictFailure } from "../formats/read-options.ts";
import { readRecords } from "../formats/records.ts";
import type { ReadReport } from "../formats/format.ts";
import { forAnybody, forEvidence } from "../store/places.ts";
import { importOf } from "../store/imports.ts";
import { addLog } from "../store/logs.ts";
import { partsOf, uploadOf } from "../store/uploads.ts";
import { defineJob } from "./job.ts";
import { localFile } from "./local-file.ts";
import { auditToEnqueue } from "./enqueue-audit.ts";
import { jsonText, storable } from "../store/columns.ts";

interface Input {
  logId: string;
  folder: string;
  parts: string[];
  bytes: number;
  file: string;
  kind: "events" | "records";
  name: string;
  tag: string;
  options: Record<string, string | boolean>;
}

interface Computed {
  blob: string;
  bytes: number;
  summary: Record<string, unknown>;
  /** as anybody may read them */
  account: string;
  notes: string[];
  /** the same with the values that they quote */
  quoting: { account: string; notes: string[] };
  rejectedBlob: string | null;
  file: string;
  options: Record<string, string | boolean>;
}

/**
 * Reads an upload as its import says: of events the columns are kept as a blob, of records the file, once it
 * could be read.
 */
export const importFile = defineJob<Input, Computed>()({
  kind: "import",
  what: "reads a file",
  // the slowest formats are read at some MB a second, and unpack to ten times their size
  minutes: ({ bytes }) => 10 + Math.ceil(bytes / 10_000_000),

  async prepare(db, work) {
    const { uploadId, importId } = work.input;
    const upload = await uploadOf(db, work.organisation_id, uploadId);
    const way = await importOf(db, work.organisation_id, importId);
    if (!upload || !way)
      throw new InputError(
        "gone",
        upload ? "import" : "upload",
        `The ${upload ? "import" : "upload"} was removed before it was read. Import the file again.`,
      );
    return {
      logId: work.id,
      folder: `${work.organisation_id}/logs/${work.id}-${work.attempt}`,
      parts: await partsOf(db, uploadId),
      bytes: Number(upload.bytes),
      file: upload.name,
      kind: way.kind,
      name: way.name,
      tag: way.tag,
      options: work.input.options ?? way.options,
    };
  },

  async compute(input, at) {
    if (input.parts.length === 0)
      throw new InputError("empty-file", input.file, `${input.file} is empty. Export it again with data.`);
    const path = await localFile(at, input.parts, input.file);
    return input.kind === "events" ? readEvents(path, input, at) : readTable(path, input, at);
  },

  async finish(trx, work, computed, now) {
    const { uploadId, importId } = work.input;
    await addLog(trx, {
      id: work.id,
      organisation_id: work.organisation_id,
      process_id: work.process_id!,
      import_id: importId,
      upload_id: uploadId,
      file: computed.file,
      options: jsonText(computed.options),
      blob: computed.blob,
      bytes: computed.bytes,
      summary: jsonText(computed.summary),
      account: storable(computed.account),
      notes: jsonText(computed.notes),
      quoting: jsonText(computed.quoting),
      rejected_blob: computed.rejectedBlob,
      made_at: now,
    });
    const audit = await auditToEnqueue(trx, {
      organisationId: work.organisation_id,
      processId: work.process_id!,
      requestedBy: work.requested_by,
      because: `import ${work.id}`,
    });
    return { result: { logId: work.id, account: computed.account }, next: audit ? [audit] : [] };
  },
});

async function readEvents(
  path: string,
  input: Input,
  at: Parameters<typeof localFile>[0],
): Promise<Computed> {
  const { log, report } = await readLog(path, {
    ...readOptionsOf(input.options),
    onProgress: (share) => at.progress((share ?? 0) * 0.9, "reading"),
  });
  if (input.options["strict"] && report.rejected + report.emptied > 0) throw strictFailure(report);
  at.progress(0.9, "keeping the columns");
  const blob = `${input.folder}/columns`;
  const bytes = await at.blobs.put(blob, asyncChunks(logToBytes(log)));
  const rejectedBlob = report.rejections.length > 0 ? `${input.folder}/rejected.csv` : null;
  if (rejectedBlob) await at.blobs.put(rejectedBlob, Buffer.from(rejectionsAsCsv(report)));
  return {
    blob,
    bytes,
    summary: { ...logSummary(log, report) },
    ...told(accountOf(report), [takenAs(report), ...report.notes]),
    rejectedBlob,
    file: input.file,
    options: input.options,
  };
}

async function readTable(path: string, input: Input, at: Parameters<typeof localFile>[0]): Promise<Computed> {
  const { table, notes } = await readRecords(
    path,
    input.name,
    input.tag || undefined,
    readOptionsOf(input.options),
  );
  at.progress(0.9, "keeping the file");
  const blob = `${input.folder}/file`;
  const { blobs } = at;
  const content = async function* () {
    for (const key of input.parts) yield* (await blobs.read(key)) as AsyncIterable<Uint8Array>;
  };
  return {
    blob,
    bytes: await blobs.put(blob, content()),
    summary: {
      rows: table.rowCount,
      columns: table.columns.map(({ name, kind }) => ({ name, kind })),
      roles: Object.fromEntries(table.roles),
    },
    ...told(`Read ${table.rowCount} rows.`, notes),
    rejectedBlob: null,
    file: input.file,
    options: input.options,
  };
}

/**
 * An account in its two forms: what is told to everybody, and what is kept for those who may add evidence.
 */
const told = (account: string, notes: readonly string[]) => ({
  account: forAnybody(account),
  notes: notes.map(forAnybody),
  quoting: { account: forEvidence(account), notes: notes.map(forEvidence) },
});

async function* asyncChunks(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** The rows that were not taken, and why, as a table that opens in a spreadsheet. */
function rejectionsAsCsv(report: ReadReport): string {
  const lines = report.rejections.map(({ at, unit, column, expected, got }) =>
    csvLine([at, unit, column ?? "", forEvidence(expected), got]),
  );
  const more = report.rejected - report.rejections.length;
  return `${["at,unit,column,expected,got", ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n")}\n`;
}
