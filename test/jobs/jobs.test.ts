import { mkdtempSync, readFileSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditDocument } from "../../src/audit/audit-document.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { judgeProcess } from "../../src/judgement/judge-process.ts";
import { jobs } from "../../src/jobs/index.ts";
import type { Work } from "../../src/jobs/job.ts";
import { openQueue, type Queue } from "../../src/jobs/queue.ts";
import { startRunner, type Runner } from "../../src/jobs/runner.ts";
import { tidy } from "../../src/jobs/tidy.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { readLog } from "../../src/formats/index.ts";
import { logSummary } from "../../src/formats/log-summary.ts";
import { openBlobs, readWhole, type Blobs } from "../../src/store/blobs.ts";
import { transact } from "../../src/store/database.ts";
import { addOrganisation } from "../../src/store/organisations.ts";
import { addProcess } from "../../src/store/processes.ts";
import { addUpload, addUploadPart } from "../../src/store/uploads.ts";
import { cancelWork, workOf, type WorkKind } from "../../src/store/work.ts";
import { verifyTrail } from "../../src/store/trail.ts";
import { freshDatabase, KINDS, missing } from "../databases.ts";

const QUIET = { info() {}, warn() {}, error() {} };
const simulated = simulate({ seed: 5, cases: 300 })[0];
const written = writeProcess(mkdtempSync(join(tmpdir(), "jobs-")), simulated, 5);

describe.each(KINDS)("background work on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let blobs: Blobs;
  let queue: Queue;
  let runner: Runner;
  let organisationId: string;
  const errors: Error[] = [];

  beforeAll(async () => {
    if (reason) return;
    database = await freshDatabase(kind);
    blobs = openBlobs(database.directory, undefined);
    queue = await openQueue(database, (error) => errors.push(error));
    runner = await startRunner(database, queue, { directory: database.directory, blobs: undefined }, QUIET);
    organisationId = await transact(database.db, (trx) => addOrganisation(trx, "Jobs"));
  });
  afterAll(async () => {
    await runner?.stop();
    await queue?.stop();
    await database?.remove();
    expect(errors).toEqual([]);
  });

  /** An upload of parts, a source and the import of it. */
  async function wantImport(name: string, parts: Uint8Array[], options: Record<string, string> = {}) {
    const ids = await transact(database.db, async (trx) => {
      const processId = await addProcess(trx, organisationId, name);
      const total = parts.reduce((sum, part) => sum + part.length, 0);
      return { processId, uploadId: await addUpload(trx, organisationId, "p", name, total) };
    });
    let at = 0;
    for (const [i, part] of parts.entries()) {
      const blob = `${organisationId}/uploads/${ids.uploadId}/${i}`;
      await blobs.put(blob, part);
      await transact(database.db, (trx) =>
        addUploadPart(trx, ids.uploadId, { at_byte: at, bytes: part.length, blob }),
      );
      at += part.length;
    }
    const importId = crypto.randomUUID();
    const workId = await transact(database.db, async (trx) => {
      await trx
        .insertInto("import")
        .values({
          id: importId,
          organisation_id: organisationId,
          process_id: ids.processId,
          kind: "events",
          name: "export",
          options: JSON.stringify(options),
        })
        .execute();
      return queue.enqueue(trx, {
        organisationId,
        processId: ids.processId,
        kind: "import",
        input: { uploadId: ids.uploadId, importId },
        requestedBy: "person:p",
      });
    });
    return { ...ids, importId, workId };
  }

  /** The work once it has ended. */
  async function ended(id: string) {
    for (let i = 0; i < 600; i++) {
      const work = await workOf(database.db, organisationId, id);
      if (!["waiting", "running"].includes(work!.state)) return work!;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the work did not end");
  }
  const workAfter = async (processId: string, kindOfWork: WorkKind) => {
    for (let i = 0; i < 100; i++) {
      const row = await database.db
        .selectFrom("work")
        .select("id")
        .where("process_id", "=", processId)
        .where("kind", "=", kindOfWork)
        .executeTakeFirst();
      if (row) return ended(row.id);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no ${kindOfWork} was wanted`);
  };

  it("a file in two parts becomes a log, an audit that says what the command line says, and its reports", async () => {
    const file = readFileSync(written.log);
    const half = file.length >> 1;
    const { processId, workId } = await wantImport("a log.csv", [
      file.subarray(0, half),
      file.subarray(half),
    ]);
    expect(await ended(workId)).toMatchObject({ state: "done", error: null, attempt: 1 });
    const audit = await workAfter(processId, "audit");
    expect(audit).toMatchObject({ state: "done", error: null });
    expect((await workAfter(processId, "render")).state).toBe("done");

    const { log, report } = await readLog(written.log);
    const direct = judgeProcess(new Evidence(log), {
      summary: logSummary(log, report),
      source: "a log.csv",
      notes: [],
      now: 0,
    }).audit;
    const rows = await database.db
      .selectFrom("finding")
      .selectAll()
      .where("process_id", "=", processId)
      .orderBy("rank")
      .execute();
    expect(rows.map(({ id, money }) => [id, money])).toEqual(
      direct.findings.map(({ id, money }) => [id, money?.mid ?? null]),
    );
    expect(rows.length).toBeGreaterThan(3);
    const kept = await database.db
      .selectFrom("audit")
      .selectAll()
      .where("process_id", "=", processId)
      .executeTakeFirstOrThrow();
    const document = JSON.parse(
      (await readWhole(blobs, `${kept.blob}/document.json`)).toString(),
    ) as AuditDocument;
    expect(document.findings.map(({ caseIds }) => caseIds)).toEqual(
      direct.findings.map(({ caseIds }) => caseIds),
    );
    // nobody is named in what everybody sees
    const people = new Set(direct.findings.flatMap((finding) => finding.people));
    expect(people.size).toBeGreaterThan(0);
    for (const finding of document.findings)
      for (const name of finding.people) expect(people).not.toContain(name);
    expect((await readWhole(blobs, kept.reports["html"])).toString()).toContain("<!doctype html>");
    expect((await readWhole(blobs, kept.reports["pdf"])).subarray(0, 5).toString()).toBe("%PDF-");
    expect((await verifyTrail(database.db, organisationId)).broken).toBeUndefined();
  });

  it("a file that is no log fails with what is wrong, under the name it came with", async () => {
    const { workId } = await wantImport("holiday.csv", [Buffer.from("name,days\nana,3\n")]);
    const work = await ended(workId);
    expect(work.state).toBe("failed");
    expect(work.error?.message).toContain("holiday.csv");
    expect(work.error?.message).not.toContain(database.directory);
  });

  it("what fails each time is set aside with its reason, and the runner goes on", async () => {
    const { processId, workId } = await wantImport("good.csv", [readFileSync(written.log)]);
    await ended(workId);
    await workAfter(processId, "audit");
    const log = await database.db
      .selectFrom("log")
      .selectAll()
      .where("id", "=", workId)
      .executeTakeFirstOrThrow();
    truncateSync(blobs.pathOf(log.blob)!, 2000);
    const poison = await transact(database.db, (trx) =>
      queue.enqueue(trx, {
        organisationId,
        processId,
        kind: "audit",
        input: { because: "p" },
        requestedBy: "person:p",
      }),
    );
    const work = await ended(poison);
    expect(work).toMatchObject({ state: "set aside", attempt: 3 });
    expect(work.error?.message).toContain("Set aside after 3 attempts");
    expect(work.error?.message).not.toContain(database.directory);
    const after = await wantImport("again.csv", [readFileSync(written.log)]);
    expect((await ended(after.workId)).state).toBe("done");
  });

  it("of audits that overlap, the one that saw the later state speaks for the process, though it ended first", async () => {
    const { db } = database;
    const { processId, workId } = await wantImport("overlap.csv", [readFileSync(written.log)]);
    await ended(workId);
    await workAfter(processId, "audit");
    const findings = () =>
      db.selectFrom("finding").selectAll().where("process_id", "=", processId).orderBy("id").execute();
    const before = await findings();
    expect(before.length).toBeGreaterThan(3);
    const late = {
      id: crypto.randomUUID(),
      organisation_id: organisationId,
      process_id: processId,
      attempt: 1,
      requested_by: "p",
    } as Work;
    const older = {
      blob: "o/audits/x",
      logId: workId,
      descriptionNumber: null,
      at: "2020-01-01T00:00:00.000Z",
      headline: {},
      past: {},
      findings: [],
      claims: [],
      fixed: before.map(({ id }) => id),
    };
    await transact(db, (trx) =>
      jobs.find(({ kind: one }) => one === "audit")!.finish(trx, late, older, new Date()),
    );
    expect(await findings()).toEqual(before);
    expect(
      await db.selectFrom("audit").select("id").where("process_id", "=", processId).execute(),
    ).toHaveLength(2);
  });

  it("evidence that a newer import has replaced goes after the months that the organisation says, and no other", async () => {
    const csv = Buffer.from("case,activity,time\n1,A,2025-03-01T09:00:00Z\n1,B,2025-03-02T09:00:00Z\n");
    const { processId, uploadId, importId, workId } = await wantImport("kept.csv", [csv]);
    await ended(workId);
    const again = await transact(database.db, (trx) =>
      queue.enqueue(trx, {
        organisationId,
        processId,
        kind: "import",
        input: { uploadId, importId },
        requestedBy: "person:p",
      }),
    );
    await ended(again);
    const logs = async () =>
      (await database.db.selectFrom("log").select("id").where("process_id", "=", processId).execute()).map(
        ({ id }) => id,
      );
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const set = (settings: object) =>
      database.db
        .updateTable("organisation")
        .set({ settings: JSON.stringify(settings) })
        .where("id", "=", organisationId)
        .execute();
    await tidy(database.db, queue, inDays(100));
    expect(new Set(await logs())).toEqual(new Set([workId, again])); // nobody has said how long
    await set({ keepEvidenceMonths: 2 });
    await tidy(database.db, queue, inDays(50));
    expect(await logs()).toHaveLength(2); // too young
    await tidy(database.db, queue, inDays(100));
    expect(await logs()).toEqual([again]);
    await set({});
    // what the newer import needs is there: it was the same upload
    expect(
      await database.db.selectFrom("upload").select("id").where("id", "=", uploadId).execute(),
    ).toHaveLength(1);
    const { act, details } = await database.db
      .selectFrom("trail")
      .select(["act", "details"])
      .where("organisation_id", "=", organisationId)
      .where("act", "=", "removed replaced evidence")
      .executeTakeFirstOrThrow();
    expect([act, details]).toEqual(["removed replaced evidence", expect.stringContaining("kept.csv")]);
  });

  it("work that is cancelled while it waits is not begun; while it runs, it stops and leaves nothing", async () => {
    const big = Buffer.concat([
      readFileSync(written.log),
      ...Array.from({ length: 400 }, () =>
        readFileSync(written.log).subarray(readFileSync(written.log).indexOf("\n") + 1),
      ),
    ]);
    const { workId, processId } = await wantImport("big.csv", [big]);
    for (let i = 0; i < 200; i++) {
      if ((await workOf(database.db, organisationId, workId))?.state === "running") break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const waiting = await wantImport("waits.csv", [readFileSync(written.log)]);
    expect(await cancelWork(database.db as never, organisationId, waiting.workId)).toMatchObject({
      state: "cancelled",
    });
    await cancelWork(database.db as never, organisationId, workId);
    expect((await ended(workId)).state).toBe("cancelled");
    expect(
      await database.db
        .selectFrom("log")
        .select("id")
        .where("process_id", "in", [processId, waiting.processId])
        .execute(),
    ).toEqual([]);
  });
});
