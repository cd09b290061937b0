// Kills servers and workers with -9 at random points while they are used, and checks after each round that
// nothing acknowledged was lost and nothing was done twice. Usage: node test/faults/kill.ts embedded|postgres
// [--rounds N] [--seed N]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { Random } from "../../src/statistics/random.ts";
import { openDatabase } from "../../src/store/database.ts";
import { trails, verifyTrail } from "../../src/store/trail.ts";
import { startPostgres } from "../setup-databases.ts";
import { launch, prepare, type Place, type Started } from "./processes.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
});
const kind = positionals[0] === "postgres" ? "postgres" : "embedded";
const rounds = Number(values.rounds);
const random = new Random(`kill ${values.seed}`);
const root = mkdtempSync(join(tmpdir(), "plumbline-kill-"));
const TUS = { "tus-resumable": "1.0.0" };

const log = readFileSync(writeProcess(root, simulate({ seed: 9, cases: 60 })[0], 9).log);

/** What the server has acknowledged: all of it must be there for ever. */
const acknowledged = {
  processes: new Set<string>(),
  offsets: new Map<string, number>(),
  imports: new Map<string, { process: string; work: string }>(),
};

async function main(): Promise<void> {
  const server =
    kind === "postgres" ? await startPostgres(join(root, "postgres"), { trusted: true }) : undefined;
  if (server && "missing" in server) {
    console.log(`skipped: ${server.missing}`);
    return;
  }
  const place: Place = { directory: join(root, "data"), url: server?.url };
  const { organisation, headers } = await prepare(place);
  const began = performance.now();
  let writes = 0;
  for (let round = 1; round <= rounds; round++) {
    const running: Started[] = [
      await launch("serve", place, kind === "postgres" ? { PLUMBLINE_AT_ONCE: "0" } : {}),
    ];
    if (kind === "postgres")
      running.push(
        await launch("worker", {
          ...place,
          blobs: join(place.directory, "blobs"),
          directory: join(root, "worker"),
        }),
      );
    await checkAcknowledged(running[0].address, organisation, headers);
    const lifetime = 150 + random.below(1600);
    const stop = { now: false };
    const work = use(running[0].address, organisation, headers, stop, () => writes++);
    await new Promise((resolve) => setTimeout(resolve, lifetime));
    // now the server, now the worker, now both
    const which = kind === "postgres" ? random.below(3) : 0;
    await Promise.all(running.filter((_, i) => which === 2 || which === i).map((one) => one.kill()));
    stop.now = true;
    await work;
    await Promise.all(running.map((one) => one.kill()));
    if (process.env["TRACE"] || round % 10 === 0) console.log(`${round} rounds, ${writes} acknowledged`);
  }
  const last = [await launch("serve", place)];
  await checkAcknowledged(last[0].address, organisation, headers);
  await untilDone(last[0].address, organisation, headers);
  await last[0].kill("SIGTERM");
  await checkOnce(place);
  await (server as { stop?(): Promise<void> } | undefined)?.stop?.();
  rmSync(root, { recursive: true, force: true });
  console.log(
    `${kind}: ${rounds} rounds of kill -9 in ${Math.round((performance.now() - began) / 1000)} s, ${writes} acknowledged writes (${acknowledged.processes.size} processes, ${acknowledged.offsets.size} uploads, ${acknowledged.imports.size} imports): nothing lost, nothing done twice`,
  );
}

/** Adds, uploads and imports without pause, until told to stop or the server is gone. */
async function use(
  address: string,
  organisation: string,
  headers: Record<string, string>,
  stop: { now: boolean },
  counted: () => void,
) {
  const base = `${address}/api/organisations/${organisation}`;
  const post = (path: string, body: object) =>
    fetch(`${base}${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  try {
    while (!stop.now) {
      const made = await post("/processes", {
        name: `p ${acknowledged.processes.size} ${random.below(1e9)}`,
      });
      const { id } = (await made.json()) as { id: string };
      if (made.status !== 201) throw new Error(`refused: ${made.status}`);
      acknowledged.processes.add(id);
      counted();
      const begun = await fetch(`${base}/uploads`, {
        method: "POST",
        headers: {
          ...headers,
          ...TUS,
          "upload-length": String(log.length),
          "upload-metadata": `filename ${btoa("log.csv")}`,
        },
      });
      const upload = begun.headers.get("location")!.split("/").at(-1)!;
      acknowledged.offsets.set(upload, 0);
      counted();
      for (let at = 0; at < log.length;) {
        const end = Math.min(log.length, at + 1 + random.below(log.length));
        const sent = await fetch(`${base}/uploads/${upload}`, {
          method: "PATCH",
          headers: {
            ...headers,
            ...TUS,
            "content-type": "application/offset+octet-stream",
            "upload-offset": String(at),
          },
          body: log.subarray(at, end),
        });
        if (sent.status !== 204) throw new Error(`refused: ${sent.status} ${await sent.text()}`);
        at = Number(sent.headers.get("upload-offset"));
        acknowledged.offsets.set(upload, at);
        counted();
      }
      // every import is a second of background work, and all of them must end
      if (random.below(12) > 0) continue;
      const wanted = await post(`/processes/${id}/imports`, { uploadId: upload });
      const { workId } = (await wanted.json()) as { workId: string };
      if (wanted.status !== 202) throw new Error(`refused: ${wanted.status}`);
      acknowledged.imports.set(upload, { process: id, work: workId });
      counted();
    }
  } catch (error) {
    // the connection broke: that is what this is about; a refusal is not
    if ((error as Error).message.startsWith("refused")) throw error;
  }
}

async function checkAcknowledged(
  address: string,
  organisation: string,
  headers: Record<string, string>,
): Promise<void> {
  const base = `${address}/api/organisations/${organisation}`;
  const there = new Set<string>();
  for (let after = ""; ;) {
    const page = (await (await fetch(`${base}/processes?limit=500${after}`, { headers })).json()) as {
      items: { id: string }[];
      next: string | null;
    };
    for (const { id } of page.items) there.add(id);
    if (!page.next) break;
    after = `&after=${page.next}`;
  }
  for (const id of acknowledged.processes) if (!there.has(id)) throw new Error(`LOST: process ${id}`);
  // the last few: the earlier ones were checked in earlier rounds
  for (const [upload, offset] of [...acknowledged.offsets].slice(-20)) {
    const head = await fetch(`${base}/uploads/${upload}`, { headers });
    const stands = Number(head.headers.get("upload-offset"));
    if (head.status !== 200 || stands < offset)
      throw new Error(`LOST: upload ${upload} stands at ${stands}, ${offset} was acknowledged`);
  }
  for (const [upload, { work }] of [...acknowledged.imports].slice(-20)) {
    const answer = await fetch(`${base}/work/${work}`, { headers });
    if (answer.status !== 200) throw new Error(`LOST: import of ${upload}`);
  }
}

/** Waits until all background work has ended. */
async function untilDone(
  address: string,
  organisation: string,
  headers: Record<string, string>,
): Promise<void> {
  const began = performance.now();
  for (;;) {
    const open = [];
    for (const state of ["waiting", "running"]) {
      const { items } = (await (
        await fetch(`${address}/api/organisations/${organisation}/work?state=${state}&limit=500`, { headers })
      ).json()) as { items: unknown[] };
      open.push(...items);
    }
    if (open.length === 0) return;
    if (performance.now() - began > 1_200_000)
      throw new Error(`LOST: ${open.length} pieces of work do not end`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Every acknowledged import is done once, and all that follows from it too. */
async function checkOnce(place: Place): Promise<void> {
  const { db, close } = await openDatabase(place.directory, place.url);
  for (const [upload, { process: id, work }] of acknowledged.imports) {
    const row = await db
      .selectFrom("work")
      .select(["state", "error"])
      .where("id", "=", work)
      .executeTakeFirst();
    if (row?.state !== "done")
      throw new Error(`import ${work} is ${row?.state}: ${JSON.stringify(row?.error)}`);
    const logs = await db.selectFrom("log").select("id").where("upload_id", "=", upload).execute();
    if (logs.length !== 1) throw new Error(`upload ${upload} was imported ${logs.length} times`);
    const audits = await db
      .selectFrom("audit")
      .select(["id", "reports"])
      .where("process_id", "=", id)
      .execute();
    if (audits.length !== 1 || Object.keys(audits[0].reports).length !== 2)
      throw new Error(`process ${id} has ${audits.length} audits, ${JSON.stringify(audits[0]?.reports)}`);
  }
  const findings = await db
    .selectFrom("finding")
    .select(["process_id", (eb) => eb.fn.agg<string>("string_agg", ["id", eb.val(",")]).as("ids")])
    .groupBy("process_id")
    .execute();
  const same = new Set(findings.map(({ ids }) => ids.split(",").sort().join()));
  // an import can be kept whose answer the kill cut off: it too is done, once
  const kept = await db.selectFrom("work").select(["id", "state"]).where("kind", "=", "import").execute();
  const unacknowledged = kept.length - acknowledged.imports.size;
  if (findings.length !== kept.length || same.size !== 1 || kept.some(({ state }) => state !== "done"))
    throw new Error(
      `${kept.length} imports (${unacknowledged} of them unacknowledged), ${findings.length} processes with ${same.size} different sets of findings`,
    );
  if (unacknowledged < 0 || unacknowledged > rounds)
    throw new Error(`${unacknowledged} imports more than acknowledged`);
  for (const organisation of await trails(db)) {
    const { broken } = await verifyTrail(db, organisation);
    if (broken) throw new Error(`trail: ${broken}`);
  }
  const trail = await db.selectFrom("trail").select("subject").where("act", "=", "import done").execute();
  if (new Set(trail.map(({ subject }) => subject)).size !== trail.length)
    throw new Error("an import is done twice in the trail");
  await close();
}

await main();
