import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sql } from "kysely";
import { Upload } from "tus-js-client";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openDatabase, transact } from "../../src/store/database.ts";
import { addOrganisation } from "../../src/store/organisations.ts";
import { openBlobs, readWhole } from "../../src/store/blobs.ts";
import { addWork, takeWork } from "../../src/store/work.ts";
import { partsOf } from "../../src/store/uploads.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { freshDatabase, freshPlace, KINDS, missing } from "../databases.ts";
import { startServer } from "../../src/server/serve.ts";
import { settingsOf } from "../../src/server/settings.ts";
import { startPostgres } from "../setup-databases.ts";
import { launch, prepare, type Started } from "./processes.ts";

const strace = spawnSync("strace", ["-V"]).status === 0;
const QUIET = { info() {}, warn() {}, error() {} };
const here = resolve(import.meta.dirname);

/** A directory of its own with an empty embedded database. */
function embeddedPlace(): { directory: string; url: undefined } {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-fault-"));
  cpSync(inject("embeddedTemplate"), directory, { recursive: true });
  return { directory, url: undefined };
}

describe("what is acknowledged is on the disk", () => {
  test.skipIf(!strace)(
    "every commit of the embedded database and every blob is synced (strace; skipped without it)",
    () => {
      const { directory } = embeddedPlace();
      const out = join(directory, "strace.txt");
      const script = join(directory, "commits.ts");
      const src = resolve(here, "../../src");
      writeFileSync(
        script,
        `import { openDatabase } from ${JSON.stringify(join(src, "store/database.ts"))};
       import { openBlobs } from ${JSON.stringify(join(src, "store/blobs.ts"))};
       import { writeSync } from "node:fs";
       const { db, close } = await openDatabase(${JSON.stringify(directory)}, undefined);
       writeSync(1, "commits begin\\n");
       for (let i = 0; i < 40; i++) await db.insertInto("installation").values({ name: "n" + i, value: "v" }).execute();
       writeSync(1, "commits end\\n");
       const blobs = openBlobs(${JSON.stringify(directory)}, undefined);
       await blobs.put("o/k/first", Buffer.from("x"));
       writeSync(1, "blobs begin\\n");
       for (let i = 0; i < 10; i++) await blobs.put("o/k/" + i, Buffer.from("x"));
       writeSync(1, "blobs end\\n");
       await close();`,
      );
      execFileSync(
        "strace",
        ["-f", "-y", "-o", out, "-e", "trace=fsync,fdatasync,write", process.execPath, script],
        { stdio: "pipe" },
      );
      const lines = readFileSync(out, "utf8").split("\n");
      const between = (from: string, to: string) =>
        lines.slice(
          lines.findIndex((line) => line.includes(from)),
          lines.findIndex((line) => line.includes(to)),
        );
      const walSyncs = between("commits begin", "commits end").filter((line) =>
        /fdatasync\(\d+<[^>]*pg_wal/.test(line),
      );
      expect(walSyncs.length).toBeGreaterThanOrEqual(40);
      const blobSyncs = between("blobs begin", "blobs end").filter((line) =>
        /fsync\(\d+<[^>]*\/blobs\/(\.unfinished\/|o\/k)/.test(line),
      );
      expect(blobSyncs.length).toBeGreaterThanOrEqual(20); // the file, and its entry in the folder
    },
  );

  test("PostgreSQL is asked to sync, and the embedded database is too", async () => {
    const database = await freshDatabase("embedded");
    const { rows } = await sql<{
      fsync: string;
      commit: string;
    }>`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`.execute(
      database.db,
    );
    expect(rows[0]).toEqual({ fsync: "on", commit: "on" });
    await database.remove();
  });
});

describe("a database that was begun and never finished", () => {
  test("is made anew: nothing was in it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "plumbline-half-"));
    mkdirSync(join(directory, "database/base"), { recursive: true });
    writeFileSync(join(directory, "database/PG_VERSION"), "18\n");
    const { db, close } = await openDatabase(directory, undefined);
    await transact(db, (trx) => addOrganisation(trx, "There"));
    await close();
    const again = await openDatabase(directory, undefined);
    expect(
      (await again.db.selectFrom("organisation").select("name").execute()).map(({ name }) => name),
    ).toEqual(["There"]);
    await again.close();
  });
});

describe.each(KINDS)("clocks that jump, on %s", (kind) => {
  test.skipIf(missing(kind) !== undefined)(
    "work of a runner that died is taken over though the clock went back an hour",
    async () => {
      const database = await freshDatabase(kind);
      const { db } = database;
      const { id } = await transact(db, async (trx) =>
        addWork(trx, {
          organisationId: await addOrganisation(trx, "C"),
          kind: "render",
          input: { auditId: "a" },
          requestedBy: "p",
        }),
      );
      expect((await takeWork(db, id, "one"))?.attempt).toBe(1);
      await sql`update work set changed_at = now() + interval '1 hour' where id = ${id}`.execute(db);
      expect((await takeWork(db, id, "two"))?.attempt).toBe(2);
      await database.remove();
    },
  );
});

describe("a PostgreSQL that goes away and comes back", () => {
  const reason = missing("postgres");
  test.skipIf(reason !== undefined)(
    "the server says so, keeps running, and goes on by itself; background work is finished",
    async () => {
      const root = mkdtempSync(join(tmpdir(), "plumbline-away-"));
      const postgres = (await startPostgres(join(root, "postgres"), { trusted: true })) as Exclude<
        Awaited<ReturnType<typeof startPostgres>>,
        { missing: string }
      >;
      const place = { directory: join(root, "data"), url: postgres.url };
      const { organisation, headers } = await prepare(place);
      const server = await launch("serve", place);
      const base = `${server.address}/api/organisations/${organisation}`;
      const json = { ...headers, "content-type": "application/json" };
      const log = readFileSync(writeProcess(root, simulate({ seed: 2, cases: 4000 })[0], 2).log);
      const made = (await (
        await fetch(`${base}/processes`, { method: "POST", headers: json, body: '{"name":"P"}' })
      ).json()) as { id: string };
      const begun = await fetch(`${base}/uploads`, {
        method: "POST",
        headers: { ...headers, "tus-resumable": "1.0.0", "upload-length": String(log.length) },
      });
      const upload = begun.headers.get("location")!.split("/").at(-1)!;
      await fetch(`${base}/uploads/${upload}`, {
        method: "PATCH",
        headers: {
          ...headers,
          "tus-resumable": "1.0.0",
          "upload-offset": "0",
          "content-type": "application/offset+octet-stream",
        },
        body: log,
      });
      const { workId } = (await (
        await fetch(`${base}/processes/${made.id}/imports`, {
          method: "POST",
          headers: json,
          body: JSON.stringify({ uploadId: upload }),
        })
      ).json()) as { workId: string };
      for (let i = 0; i < 200; i++) {
        const { state } = (await (await fetch(`${base}/work/${workId}`, { headers })).json()) as {
          state: string;
        };
        if (state !== "waiting") break;
        await new Promise((again) => setTimeout(again, 20));
      }
      await postgres.kill();
      await new Promise((away) => setTimeout(away, 4000));
      const refused = await fetch(`${base}/processes`, { headers });
      expect([
        refused.status,
        ((await refused.json()) as { code: string }).code,
        refused.headers.get("retry-after"),
      ]).toEqual([503, "database-away", "5"]);
      expect((await fetch(`${server.address}/healthz`)).status).toBe(200);
      expect((await fetch(`${server.address}/readyz`)).status).toBe(503);
      await postgres.start();
      let state = "";
      for (let i = 0; i < 900 && state !== "done"; i++) {
        const answer = await fetch(`${base}/work/${workId}`, { headers }).catch(() => undefined);
        if (answer?.ok) ({ state } = (await answer.json()) as { state: string });
        await new Promise((again) => setTimeout(again, 100));
      }
      expect(state).toBe("done");
      expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
      await server.kill("SIGTERM");
      expect(server.child.exitCode).toBe(0);
      await postgres.stop();
      rmSync(root, { recursive: true, force: true });
    },
  );
});

/** A small disk of its own, where this machine allows to mount one. */
function smallDisk(megabytes: number): { path: string; remove(): void } | undefined {
  const path = mkdtempSync(join(tmpdir(), "plumbline-disk-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path]).status !== 0)
    return undefined;
  return { path, remove: () => execFileSync("umount", ["-l", path]) };
}

describe("a full disk", () => {
  const disk = smallDisk(140);
  afterAll(() => disk?.remove());
  test.skipIf(!disk)(
    "what does not fit is refused with the reason, what was acknowledged stays, and with room again all goes on (skipped where no disk can be mounted)",
    async () => {
      const directory = join(disk!.path, "data");
      cpSync(inject("embeddedTemplate"), directory, { recursive: true });
      const place = { directory, url: undefined };
      const { organisation, headers } = await prepare(place);
      let server = await launch("serve", place);
      const begin = async (bytes: number) => {
        const begun = await fetch(`${server.address}/api/organisations/${organisation}/uploads`, {
          method: "POST",
          headers: { ...headers, "tus-resumable": "1.0.0", "upload-length": String(bytes) },
        });
        return begun.headers.get("location")!.replace(/^http:\/\/[^/]+/, "");
      };
      const upload = await begin(400_000_000);
      const part = Buffer.alloc(8_000_000, "x");
      let at = 0;
      let refused: Response | undefined;
      for (let i = 0; i < 40 && !refused; i++) {
        const sent = await fetch(server.address + upload, {
          method: "PATCH",
          headers: {
            ...headers,
            "tus-resumable": "1.0.0",
            "upload-offset": String(at),
            "content-type": "application/offset+octet-stream",
          },
          body: part,
        });
        if (sent.status === 204) at = Number(sent.headers.get("upload-offset"));
        else refused = sent;
      }
      expect(refused?.status).toBe(503);
      expect(((await refused!.json()) as { code: string }).code).toBe("disk-full");
      expect(at).toBeGreaterThan(8_000_000);
      const stands = await fetch(server.address + upload, { headers });
      expect(stands.headers.get("upload-offset")).toBe(String(at));
      // fill the rest to the last byte, so that the database has no room either
      const filler = join(disk!.path, "filler");
      spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"], { stdio: "ignore" });
      let acknowledged = 0;
      for (let i = 0; i < 60; i++) {
        const made = await fetch(`${server.address}/api/organisations/${organisation}/processes`, {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify({ name: `p${i} ${"x".repeat(90)}` }),
        }).catch(() => undefined);
        if (made?.status === 201) acknowledged++;
      }
      rmSync(filler);
      const alive = server.child.exitCode === null && server.child.signalCode === null;
      if (alive) await server.kill("SIGTERM");
      server = await launch("serve", place);
      const { items } = (await (
        await fetch(`${server.address}/api/organisations/${organisation}/processes?limit=500`, { headers })
      ).json()) as { items: unknown[] };
      expect(items.length).toBeGreaterThanOrEqual(acknowledged);
      expect((await fetch(server.address + upload, { headers })).headers.get("upload-offset")).toBe(
        String(at),
      );
      const made = await fetch(`${server.address}/api/organisations/${organisation}/processes`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: '{"name":"after"}',
      });
      expect(made.status).toBe(201);
      await server.kill("SIGTERM");
    },
  );
});

describe.each(KINDS)("an upload over a bad line, on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let server: Started;
  let place: Awaited<ReturnType<typeof freshPlace>>;
  let organisation: string;
  let headers: Record<string, string>;
  beforeAll(async () => {
    if (reason) return;
    place = await freshPlace(kind);
    ({ organisation, headers } = await prepare(place));
    server = await launch("serve", place);
  });
  afterAll(async () => {
    await server?.kill("SIGTERM");
    await place?.remove();
  });

  it("a client of another make (tus-js-client) sends a file through a line that breaks every megabyte", async () => {
    const content = Buffer.from(
      Uint32Array.from({ length: 2_500_000 }, (_, i) => Math.imul(i, 2654435761)).buffer,
    );
    // a line between client and server that breaks, again and again
    let passed = 0;
    const { port } = new URL(server.address);
    const line = createServer((asked, answer) => {
      const on = httpRequest(
        { host: "127.0.0.1", port, method: asked.method, path: asked.url, headers: asked.headers },
        (response) => {
          answer.writeHead(response.statusCode!, response.headers);
          response.pipe(answer);
        },
      );
      on.on("error", () => asked.socket.destroy());
      asked.on("data", (part: Buffer) => {
        // a piece goes on before the next is read: what a break takes with it is what a line would lose, not
        // what waited in this one's memory
        asked.pause();
        on.write(part, () => {
          passed += part.length;
          if (passed <= 1_000_000) asked.resume();
          else {
            passed = 0;
            on.destroy();
            asked.socket.destroy();
          }
        });
      });
      asked.on("end", () => on.end());
      asked.on("error", () => on.destroy());
    });
    await new Promise<void>((ready) => line.listen(0, "127.0.0.1", ready));
    const through = `http://127.0.0.1:${(line.address() as { port: number }).port}`;
    const url = await new Promise<string>((done, failed) => {
      const upload = new Upload(content, {
        endpoint: `${through}/api/organisations/${organisation}/uploads`,
        // the server needs a moment to keep what came before the line broke
        retryDelays: Array.from({ length: 100 }, () => 150),
        metadata: { filename: "numbers.bin" },
        headers,
        chunkSize: 4_000_000,
        // the address that the server gives is its own; the line is another one
        onBeforeRequest: (request) => {
          const raw = request.getURL();
          if (raw.startsWith(server.address))
            (request as unknown as { _url: string })._url = raw.replace(server.address, through);
        },
        onSuccess: () => done(upload.url!),
        onError: failed,
      });
      upload.start();
    });
    const id = url.split("/").at(-1)!;
    const { db, close } =
      kind === "postgres"
        ? await openDatabase(place.directory, place.url)
        : { db: undefined, close: async () => {} };
    const head = await fetch(`${server.address}/api/organisations/${organisation}/uploads/${id}`, {
      headers,
    });
    expect(head.headers.get("upload-offset")).toBe(String(content.length));
    if (db) {
      const blobs = openBlobs(place.directory, undefined);
      const parts = await Promise.all((await partsOf(db, id)).map((key) => readWhole(blobs, key)));
      expect(parts.length).toBeGreaterThan(3);
      expect(Buffer.concat(parts).equals(content)).toBe(true);
    }
    await close();
    await new Promise((closed) => line.close(closed));
  });

  it("half a request is kept, and a request that never ends holds nobody else up", async () => {
    const begun = await fetch(`${server.address}/api/organisations/${organisation}/uploads`, {
      method: "POST",
      headers: { ...headers, "tus-resumable": "1.0.0", "upload-length": "1000" },
    });
    const path = begun.headers.get("location")!.replace(server.address, "");
    const { port } = new URL(server.address);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(
      `PATCH ${path} HTTP/1.1\r\nHost: x\r\nauthorization: ${headers["authorization"]}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 1000\r\n\r\n${"y".repeat(400)}`,
    );
    await new Promise((sent) => setTimeout(sent, 300));
    expect(
      (await fetch(`${server.address}/api/organisations/${organisation}/processes`, { headers })).status,
    ).toBe(200);
    socket.destroy();
    let offset = "0";
    for (let i = 0; i < 100 && offset === "0"; i++) {
      await new Promise((again) => setTimeout(again, 20));
      offset = (await fetch(server.address + path, { headers })).headers.get("upload-offset")!;
    }
    expect(offset).toBe("400");
  });

  it("stops in order when it is asked to: what runs is given back, nothing is left open", async () => {
    const extra = await launch("serve", kind === "postgres" ? place : embeddedPlace());
    await extra.kill("SIGTERM");
    expect(extra.child.exitCode).toBe(0);
  });
});

describe("a server that cannot start says what to do", () => {
  const start = (environment: Record<string, string | undefined>) =>
    startServer(settingsOf(environment), QUIET);
  const kept = join(mkdtempSync(join(tmpdir(), "plumbline-no-start-")), "a file");
  writeFileSync(kept, "kept");

  test("on a port that is taken, in a place that is no directory, with settings that cannot be meant", async () => {
    const { directory } = embeddedPlace();
    const taken = createServer();
    await new Promise<void>((ready) => taken.listen(0, "127.0.0.1", ready));
    const port = String((taken.address() as { port: number }).port);
    await expect(start({ PLUMBLINE_DATA: directory, PORT: port })).rejects.toThrow(
      new RegExp(`port ${port}: is in use by another program.*PORT`),
    );
    await new Promise((closed) => taken.close(closed));
    await expect(start({ PLUMBLINE_DATA: directory, PORT: "0", HOST: "192.0.2.1" })).rejects.toThrow(
      "Correct HOST",
    );
    await expect(start({ PLUMBLINE_DATA: kept })).rejects.toThrow(
      /cannot be a data directory.*PLUMBLINE_DATA/,
    );
    for (const [wrong, said] of [
      [{ PORT: "many" }, "PORT: expected a whole number"],
      [{ OIDC_ISSUER: "https://x" }, "all three or none"],
      [{ PLUMBLINE_URL: "plumbline.example" }, "PLUMBLINE_URL: expected the address"],
      [
        { PLUMBLINE_DATA: directory, DATABASE_URL: "mysql://x" },
        "DATABASE_URL: expected an address like postgres://",
      ],
      [{ PLUMBLINE_DATA: directory, DATABASE_URL: "postgres://127.0.0.1:1/x" }, "No PostgreSQL answers at"],
    ] as const)
      await expect((async () => start(wrong))()).rejects.toThrow(said);
    // what could not start has given everything back
    const running = await start({ PLUMBLINE_DATA: directory, PORT: "0" });
    await running.stop();
  });

  test.skipIf(missing("postgres") !== undefined)(
    "with a database that PostgreSQL does not have",
    async () => {
      const { url } = inject("postgres") as { url: string };
      const { directory } = embeddedPlace();
      const absent = { PLUMBLINE_DATA: directory, DATABASE_URL: url.replace(/\/postgres$/, "/absent") };
      await expect(start(absent)).rejects.toThrow(/refuses: database "absent" does not exist.*DATABASE_URL/);
    },
  );
});
