// Two servers and two workers on one PostgreSQL, killed with -9 at random while they import the largest real
// log; what comes of it must equal the undisturbed import. Usage: node test/faults/cluster.ts [LOG] [--seed
// N] [--kills N]
import { mkdtempSync, openAsBlob, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../src/statistics/random.ts";
import { openBlobs, readWhole } from "../../src/store/blobs.ts";
import { openDatabase } from "../../src/store/database.ts";
import { trails, verifyTrail } from "../../src/store/trail.ts";
import { startPostgres } from "../setup-databases.ts";
import { shared } from "../shared.ts";
import { launch, prepare, type Place, type Started } from "./processes.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, kills: { type: "string", default: "12" } },
});
const file = positionals[0] ?? (shared ? `${shared}/data/logs/road_traffic_fines.csv.gz` : undefined);
const TUS = { "tus-resumable": "1.0.0" };
const PART = 1 << 19;

/** Everything that an import and its audit left, without what differs by its nature (times, ids). */
async function resultOf(place: Place): Promise<string> {
  const { db, close } = await openDatabase(place.directory, place.url);
  const blobs = openBlobs(place.directory, place.blobs);
  const logs = await db.selectFrom("log").selectAll().execute();
  const audits = await db.selectFrom("audit").selectAll().execute();
  if (logs.length !== 1 || audits.length !== 1)
    throw new Error(`expected one log and one audit, got ${logs.length} and ${audits.length}`);
  const findings = await db
    .selectFrom("finding")
    .select(["id", "content", "state"])
    .orderBy("rank")
    .execute();
  const claims = await db.selectFrom("claim").select(["id", "verdict"]).orderBy("rank").execute();
  const { createHash } = await import("node:crypto");
  const columns = createHash("sha256")
    .update(await readWhole(blobs, logs[0].blob))
    .digest("hex");
  const cases = createHash("sha256");
  for (const { id } of findings)
    cases.update(await readWhole(blobs, `${audits[0].blob}/findings/${id}.json`));
  for (const organisation of await trails(db)) {
    const { broken } = await verifyTrail(db, organisation);
    if (broken) throw new Error(`trail: ${broken}`);
  }
  await close();
  const { summary, account } = logs[0];
  return JSON.stringify({ summary, account, columns, findings, claims, cases: cases.digest("hex") });
}

/** Imports the file over whichever server answers, until its audit and report are there. */
async function importFile(
  addresses: () => string[],
  organisation: string,
  headers: Record<string, string>,
): Promise<void> {
  /** Asks one server after the other until one answers. */
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    for (let i = 0; ; i++) {
      const all = addresses();
      try {
        const response = await fetch(`${all[i % all.length]}/api/organisations/${organisation}${path}`, {
          ...init,
          headers: { ...headers, ...(init.headers as Record<string, string>) },
        });
        if (response.status < 500) return response;
      } catch {
        // killed: the next one
      }
      if (i > 3000) throw new Error(`no server answers ${path}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const post = async (path: string, body: object) =>
    (
      await ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    ).json() as Promise<Record<string, string>>;
  let { id } = await post("/processes", { name: "Fines" });
  if (!id) {
    // the answer was lost with its server, the process was not
    const { items } = (await (await ask("/processes")).json()) as { items: { id: string }[] };
    id = items[0].id;
  }
  const size = statSync(file!).size;
  const begun = await ask("/uploads", {
    method: "POST",
    headers: {
      ...TUS,
      "upload-length": String(size),
      "upload-metadata": `filename ${btoa(basename(file!))}`,
    },
  });
  const upload = begun.headers.get("location")!.split("/").at(-1)!;
  const content = await openAsBlob(file!);
  for (let at = 0; at < size;) {
    const sent = await ask(`/uploads/${upload}`, {
      method: "PATCH",
      headers: { ...TUS, "content-type": "application/offset+octet-stream", "upload-offset": String(at) },
      body: content.slice(at, at + PART),
    });
    at = Number((sent.status === 204 ? sent : await ask(`/uploads/${upload}`)).headers.get("upload-offset"));
  }
  const { workId } = await post(`/processes/${id}/imports`, { uploadId: upload });
  if (!workId) throw new Error("the import was refused");
  for (;;) {
    const { items } = (await (await ask(`/processes/${id}/audits`)).json()) as {
      items: { reports: string[] }[];
    };
    if (items[0]?.reports.length === 2) return;
    const { items: ended } = (await (await ask("/work")).json()) as {
      items: { state: string; error: unknown }[];
    };
    const bad = ended.find(({ state }) => ["failed", "set aside", "cancelled"].includes(state));
    if (bad) throw new Error(`work ended badly: ${JSON.stringify(bad)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function run(
  root: string,
  kills: number,
): Promise<{ result: string; seconds: number; killed: number }> {
  const postgres = await startPostgres(join(root, "postgres"), { trusted: true });
  if ("missing" in postgres) throw new Error(postgres.missing);
  const blobs = join(root, "blobs");
  const places = ["server 1", "server 2", "worker 1", "worker 2"].map((name): Place => ({
    directory: join(root, name),
    url: postgres.url,
    blobs,
  }));
  const { organisation, headers } = await prepare(places[0]);
  const start = (i: number) =>
    launch(i < 2 ? "serve" : "worker", places[i], i < 2 ? { PLUMBLINE_AT_ONCE: "0" } : {});
  const running: Started[] = await Promise.all(places.map((_, i) => start(i)));
  const began = performance.now();
  const state = { done: false, killed: 0 };
  const killing = (async () => {
    const random = new Random(`cluster ${values.seed}`);
    while (!state.done && state.killed < kills) {
      await new Promise((resolve) => setTimeout(resolve, 100 + random.below(900)));
      if (state.done) return;
      const i = random.below(4);
      await running[i].kill();
      state.killed++;
      running[i] = await start(i);
    }
  })();
  await importFile(() => running.slice(0, 2).map(({ address }) => address), organisation, headers);
  state.done = true;
  await killing;
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(running.map((one) => one.kill("SIGTERM")));
  const result = await resultOf(places[0]);
  await postgres.stop();
  return { result, seconds, killed: state.killed };
}

if (!file) console.log("skipped: no shared material (PLUMBLINE_SHARED), and no LOG was named");
else {
  const root = mkdtempSync(join(tmpdir(), "plumbline-cluster-"));
  const [calm, wild] = ["calm", "wild"].map((name) => mkdtempSync(join(root, `${name}-`)));
  const undisturbed = await run(calm, 0);
  const disturbed = await run(wild, Number(values.kills));
  if (disturbed.result !== undisturbed.result) throw new Error(`the results differ; both are under ${root}`);
  console.log(
    `${basename(file)}: ${disturbed.killed} processes killed in ${disturbed.seconds.toFixed(1)} s (undisturbed ${undisturbed.seconds.toFixed(1)} s); the same log, findings, claims and cases`,
  );
  rmSync(root, { recursive: true, force: true });
}
