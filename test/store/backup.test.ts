import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip, gunzipSync, gzipSync } from "node:zlib";
import { sql } from "kysely";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkBackup, readBackup, writeBackup, type Manifest } from "../../src/store/backup.ts";
import { openBlobs, readWhole, type Blobs } from "../../src/store/blobs.ts";
import { openDatabase, transact, type Db } from "../../src/store/database.ts";
import { addGapNote } from "../../src/store/gap-notes.ts";
import { LATEST } from "../../src/store/migrate.ts";
import { addOrganisation } from "../../src/store/organisations.ts";
import { addProcess } from "../../src/store/processes.ts";
import { addReview } from "../../src/store/reviews.ts";
import { TABLES } from "../../src/store/tables.ts";
import { addToTrail, trails, verifyTrail } from "../../src/store/trail.ts";
import { addUpload, addUploadPart } from "../../src/store/uploads.ts";
import { addWork } from "../../src/store/work.ts";
import { freshDatabase, freshPlace, KINDS, missing } from "../databases.ts";

/** Every row of every table, as text. */
async function everything(db: Db): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of TABLES) {
    const { rows } = await sql<{
      line: string;
    }>`select to_jsonb(t)::text as line from ${sql.table(table)} t`.execute(db);
    all[table] = rows.map(({ line }) => line).sort();
  }
  return all;
}

/**
 * The archive of a version whose tables had other names, from one of this version: each row as that version
 * would have kept it.
 */
async function asBefore(file: string, folder: string): Promise<string> {
  const old: Record<string, [name: string, row: (text: string) => string]> = {
    import: ["source", (row) => row],
    log: ["log", (row) => row.replace('"import_id"', '"source_id"')],
    review: ["verdict", (row) => row.replace('"said"', '"verdict"')],
    gap_note: ["implementation_decision", (row) => row.replace('"kind": "note"', '"kind": "decision"')],
    work: ["work", (row) => row.replace('"importId"', '"sourceId"')],
    finding: ["finding", (row) => row.replace('"review"', '"verdict"')],
  };
  const out = mkdtempSync(join(folder, "before-"));
  execFileSync("tar", ["-xzf", file, "-C", out]);
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
  const archive = pack();
  const path = join(out, "before.tar.gz");
  const written = pipeline(archive, createGzip(), createWriteStream(path));
  for (const [name, hash] of Object.entries(manifest.sha256)) {
    const [table, row] = old[name.slice("tables/".length, -".jsonl".length)] ?? [];
    const content = readFileSync(join(out, name));
    if (!table || !row) {
      archive.entry({ name }, content);
      continue;
    }
    delete manifest.sha256[name];
    const text = content.toString().split("\n").map(row).join("\n");
    manifest.sha256[`tables/${table}.jsonl`] = createHash("sha256").update(text).digest("hex");
    expect(hash === manifest.sha256[`tables/${table}.jsonl`]).toBe(table === "source");
    archive.entry({ name: `tables/${table}.jsonl` }, text);
  }
  archive.entry({ name: "manifest.json" }, JSON.stringify({ ...manifest, tables: "0007-quoting" }));
  archive.finalize();
  await written;
  return path;
}

async function fill(db: Db, blobs: Blobs): Promise<string> {
  const organisationId = await transact(db, async (trx) => {
    const id = await addOrganisation(trx, 'Ü "quoted" \\ back\nline', { timeZone: "Europe/Berlin" });
    await addToTrail(
      trx,
      {
        organisationId: id,
        actor: "plumbline",
        act: "began",
        subject: "x",
        details: { n: 1.5, s: "é\\u0041" },
      },
      new Date("2025-01-02T03:04:05.678Z"),
    );
    return id;
  });
  for (let i = 0; i < 3; i++)
    await transact(db, async (trx) => {
      await addProcess(trx, organisationId, `process ${i}`, { approvals: ["A", "B"] });
      await addToTrail(trx, { organisationId, actor: "plumbline", act: "added", subject: `process ${i}` });
    });
  const blob = `${organisationId}/uploads/u/0`;
  await blobs.put(blob, Buffer.alloc(3_000_000, "evidence\n"));
  await transact(db, async (trx) => {
    const upload = await addUpload(trx, organisationId, "p", "a.csv", 5_000_000_000);
    await addUploadPart(trx, upload, { at_byte: 0, bytes: 3_000_000, blob });
  });
  await fillWhatHadAnotherName(db, organisationId);
  return blob;
}

/** One row of each table that had another name, and of what refers to them. */
async function fillWhatHadAnotherName(db: Db, organisationId: string): Promise<void> {
  const [tool, process, way, log] = Array.from({ length: 4 }, () => randomUUID());
  await transact(db, async (trx) => {
    const upload = await addUpload(trx, organisationId, "p", "b.csv", 0);
    const { id: processId } = await trx
      .insertInto("process")
      .values({ id: process, organisation_id: organisationId, name: "named" })
      .returning("id")
      .executeTakeFirstOrThrow();
    const own = { organisation_id: organisationId, process_id: processId };
    await trx
      .insertInto("import")
      .values({ ...own, id: way, kind: "events", name: "e" })
      .execute();
    await sql`insert into log (id, organisation_id, process_id, import_id, upload_id, file, options, blob, bytes, summary, account, notes)
      values (${log}, ${organisationId}, ${processId}, ${way}, ${upload}, 'b.csv', '{}', 'none', 1, '{"read": 1}', 'Read 1.', '[]')`.execute(
      trx,
    );
    await sql`insert into finding (organisation_id, process_id, id, detector, subject, content, rank, first_audit, last_audit)
      values (${organisationId}, ${processId}, 'f', 'rework', 'A', '{"review": "confirmed"}', 1, ${log}, ${log})`.execute(
      trx,
    );
    const about = { finding_id: "f", detector: "rework", subject: "A", said_by: "person:p" };
    await addReview(trx, { ...own, ...about, said: "confirmed" });
    await sql`insert into implementation (id, organisation_id, name, state, made_by) values (${tool}, ${organisationId}, 'T', 'planned', 'p')`.execute(
      trx,
    );
    for (const kind of ["note", "meeting"] as const)
      await addGapNote(trx, {
        organisation_id: organisationId,
        implementation_id: tool,
        kind,
        text: "words",
        made_by: "person:p",
        made_by_name: "P",
        made_at: new Date("2026-01-02T00:00:00Z"),
      });
    await addWork(trx, {
      organisationId,
      processId,
      kind: "import",
      input: { uploadId: upload, importId: way },
      requestedBy: "person:p",
    });
  });
}

describe.each(KINDS)("a backup of %s", (from) => {
  const reason = missing(from);
  const it = test.skipIf(reason !== undefined);
  let source: Awaited<ReturnType<typeof freshDatabase>>;
  let blobs: Blobs;
  let blob: string;
  let file: string;
  const folder = mkdtempSync(join(tmpdir(), "backup-"));

  beforeAll(async () => {
    if (reason) return;
    source = await freshDatabase(from);
    blobs = openBlobs(source.directory, undefined);
    blob = await fill(source.db, blobs);
    file = join(folder, "backup.tar.gz");
    const result = await writeBackup(source.db, blobs, file, new Date());
    expect(result).toMatchObject({ blobs: 1, file });
  });
  afterAll(async () => source?.remove());

  it.each(KINDS.filter((kind) => missing(kind) === undefined))(
    "restored into %s is the same, row for row and byte for byte",
    async (to) => {
      const place = await freshPlace(to);
      const manifest = await checkBackup(file);
      const target = await openDatabase(place.directory, place.url, manifest.tables);
      const there = openBlobs(place.directory, undefined);
      await readBackup(target.db, there, file, manifest);
      expect(await everything(target.db)).toEqual(await everything(source.db));
      expect(await readWhole(there, blob)).toEqual(await readWhole(blobs, blob));
      for (const { organisation_id } of await target.db
        .selectFrom("trail_head")
        .select("organisation_id")
        .execute())
        expect((await verifyTrail(target.db, organisation_id)).broken).toBeUndefined();
      // and not a second time
      await expect(readBackup(target.db, there, file, manifest)).rejects.toThrow("not empty");
      await target.close();
      await place.remove();
    },
  );

  it("of a version whose tables had other names is put back and brought up to date", async () => {
    const older = await asBefore(file, folder);
    const place = await freshPlace(from);
    // the embedded one of a fresh place has the tables of this version
    rmSync(join(place.directory, "database"), { recursive: true, force: true });
    const manifest = await checkBackup(older);
    const target = await openDatabase(place.directory, place.url, manifest.tables);
    const there = openBlobs(place.directory, undefined);
    await readBackup(target.db, there, older, manifest);
    expect(await everything(target.db)).toEqual(await everything(source.db));
    for (const id of await trails(target.db))
      expect((await verifyTrail(target.db, id)).broken).toBeUndefined();
    await target.close();
    await place.remove();
  });

  it("one that was cut off, changed, added to or is none is refused, and says why", async () => {
    const damaged = (name: string, content: Uint8Array) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return checkBackup(path);
    };
    const whole = readFileSync(file);
    await expect(damaged("cut.tar.gz", whole.subarray(0, whole.length - 400))).rejects.toThrow(
      "Nothing was restored",
    );
    const tar = Buffer.from(gunzipSync(whole));
    const changed = Buffer.from(tar);
    const at = changed.indexOf("process 1");
    changed.write("process 9", at);
    await expect(damaged("changed.tar.gz", gzipSync(changed))).rejects.toThrow("is not what was backed up");
    await expect(damaged("none.tar.gz", Buffer.from("case,activity\n"))).rejects.toThrow("expected a backup");
    await expect(
      damaged(
        "newer.tar.gz",
        gzipSync(
          Buffer.from(
            tar.toString("latin1").replace(`"tables":"${LATEST}"`, `"tables":"9999${LATEST.slice(4)}"`),
            "latin1",
          ),
        ),
      ),
    ).rejects.toThrow("newer Plumbline");
    await expect(checkBackup(join(folder, "absent"))).rejects.toThrow("is not there");
    await expect(writeBackup(source.db, blobs, file, new Date())).rejects.toThrow("is there already");
  });

  it("taken while others write is of one instant: no table knows more than another", async () => {
    const { db } = source;
    const state = { writing: true };
    const organisationId = await transact(db, (trx) => addOrganisation(trx, `Busy ${from}`));
    const writer = (async () => {
      for (let i = 0; state.writing; i++)
        await transact(db, async (trx) => {
          await addProcess(trx, organisationId, `busy ${i}`);
          await addToTrail(trx, { organisationId, actor: "plumbline", act: "added", subject: `busy ${i}` });
        });
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const busy = join(folder, `busy-${from}.tar.gz`);
    await writeBackup(db, blobs, busy, new Date());
    state.writing = false;
    await writer;
    const out = mkdtempSync(join(tmpdir(), "busy-"));
    execFileSync("tar", ["-xzf", busy, "-C", out]);
    const lines = (table: string) =>
      readFileSync(join(out, "tables", `${table}.jsonl`), "utf8")
        .split("\n")
        .filter((line) => line.includes(organisationId));
    expect(lines("process").length).toBeGreaterThan(3);
    expect(lines("trail")).toHaveLength(lines("process").length);
    expect(JSON.parse(lines("trail_head")[0])).toMatchObject({ number: lines("process").length });
  });

  it("that cannot be finished leaves no file", async () => {
    const place = mkdtempSync(join(tmpdir(), "unfinished-"));
    const broken: Blobs = {
      ...blobs,
      list: blobs.list.bind(blobs),
      put: blobs.put.bind(blobs),
      remove: blobs.remove.bind(blobs),
      pathOf: () => undefined,
      removeUnfinished: async () => {},
      read: () => Promise.reject(new Error("the store is away")),
    };
    await expect(writeBackup(source.db, broken, join(place, "b.tar.gz"), new Date())).rejects.toThrow(
      "the store is away",
    );
    expect(readdirSync(place)).toEqual([]);
    expect(existsSync(join(place, "b.tar.gz"))).toBe(false);
  });
});

test("a blob that was cut off after it was written is what it is: the reader says so", async () => {
  const directory = mkdtempSync(join(tmpdir(), "blobs-"));
  const blobs = openBlobs(directory, undefined);
  await blobs.put("o/k/1", Buffer.alloc(1000, "x"));
  truncateSync(blobs.pathOf("o/k/1")!, 10);
  expect((await readWhole(blobs, "o/k/1")).length).toBe(10);
  await expect(blobs.put("../../etc/passwd", Buffer.from("x"))).rejects.toThrow(RangeError);
  await expect(blobs.read("o/k/2")).rejects.toThrow();
  await expect(
    blobs.put(
      "o/k/3",
      (async function* () {
        yield Buffer.from("abc");
        throw new Error("broke");
      })(),
    ),
  ).rejects.toThrow("broke");
  const keys = [];
  for await (const key of blobs.list("o/")) keys.push(key);
  expect(keys).toEqual(["o/k/1"]);
});
