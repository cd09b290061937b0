import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openAsBlob, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { simulate } from "../src/simulate/simulate.ts";
import { writeProcess } from "../src/simulate/write.ts";
import { launch, prepare, type Place, type Started } from "../test/faults/processes.ts";
import { startPostgres } from "../test/setup-databases.ts";
import { markdown, measure, middle } from "./measure.ts";
import { sampleLog } from "./sample-log.ts";

const TUS = { "tus-resumable": "1.0.0" };
const CONCURRENT = 50;
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);

/**
 * The server as people and programs meet it: start, latency under load, a log from upload to report beside
 * the command line, background work, memory. Each is a process of its own.
 */
export async function server(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "plumbline-bench-server-"));
  const sections: string[] = [];
  const postgres = await startPostgres(join(root, "postgres"), { trusted: true });
  const kinds: [string, () => Place][] = [
    ["embedded", () => ({ directory: mkdtempSync(join(root, "embedded-")), url: undefined })],
  ];
  if (!("missing" in postgres))
    kinds.push([
      "PostgreSQL",
      () => {
        const name = `b${Date.now()}${Math.floor(performance.now())}`;
        execFileSync("psql", [postgres.url, "-c", `create database ${name}`], { stdio: "ignore" });
        return {
          directory: mkdtempSync(join(root, "grown-")),
          url: postgres.url.replace(/\/postgres$/, `/${name}`),
        };
      },
    ]);
  const rows: Record<"start" | "latency" | "whole" | "queue", string[][]> = {
    start: [],
    latency: [],
    whole: [],
    queue: [],
  };
  for (const [kind, place] of kinds) {
    const started = await starts(place());
    const here = place();
    const { organisation, headers, users } = await prepare(here, CONCURRENT);
    let running = await launch("serve", here);
    await settle();
    const atRest = rss(running);
    rows.start.push([kind, ...started.map((seconds) => `${seconds.toFixed(1)} s`), `${atRest} MiB`]);
    const base = `${running.address}/api/organisations/${organisation}`;
    const process_ = await smallProcess(base, headers);
    rows.latency.push(...(await latency(base, process_, users)).map((row) => [kind, ...row]));
    rows.queue.push([kind, ...(await throughput(base, headers))]);
    await running.kill("SIGTERM");
    running = await launch("serve", here);
    rows.whole.push([
      kind,
      ...(await whole(`${running.address}/api/organisations/${organisation}`, headers, running)),
    ]);
    await running.kill("SIGTERM");
  }
  if (!("missing" in postgres)) await postgres.stop();
  sections.push(
    "Start, from the command to the first answered request; memory of the whole process ten seconds later:",
    markdown(["database", "first start, empty directory", "next start", "memory at rest"], rows.start),
    `Latency with ${CONCURRENT} requests under way at any time, for ${SECONDS} s each, over one connection each, on the machine that also makes the load:`,
    markdown(["database", "request", "a second", "P50", "P99"], rows.latency),
    "A log of 1.01 million events from the first byte sent to the last report drawn, beside the same by command line (`plumbline audit LOG --html F --pdf F --json`); median of three, in turn:",
    markdown(["database", "server", "command line", "ratio", "peak memory of the server"], rows.whole),
    "Background work: small logs that were all sent before, each imported, audited and its report drawn (three pieces of work), one at a time:",
    markdown(["database", "pieces of work a second"], rows.queue),
  );
  rmSync(root, { recursive: true, force: true });
  return sections.join("\n\n");
}

const settle = () => new Promise((resolve_) => setTimeout(resolve_, 10_000));
const status = (one: Started, field: string) =>
  Math.round(
    Number(
      new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${one.child.pid}/status`, "utf8"))![1],
    ) / 1024,
  );
const rss = (one: Started) => status(one, "VmRSS");

async function starts(place: Place): Promise<number[]> {
  const seconds = [];
  for (let i = 0; i < 2; i++) {
    mkdirSync(place.directory, { recursive: true });
    const began = performance.now();
    const running = await launch("serve", place);
    await (await fetch(running.address)).text();
    seconds.push((performance.now() - began) / 1000);
    await running.kill("SIGTERM");
  }
  return seconds;
}

export async function send(base: string, headers: Record<string, string>, path: string): Promise<string> {
  const size = statSync(path).size;
  const begun = await fetch(`${base}/uploads`, {
    method: "POST",
    headers: {
      ...headers,
      ...TUS,
      "upload-length": String(size),
      "upload-metadata": `filename ${btoa(basename(path))}`,
    },
  });
  const id = begun.headers.get("location")!.split("/").at(-1)!;
  await fetch(`${base}/uploads/${id}`, {
    method: "PATCH",
    headers: { ...headers, ...TUS, "content-type": "application/offset+octet-stream", "upload-offset": "0" },
    body: await openAsBlob(path),
  });
  return id;
}

export async function post(base: string, headers: Record<string, string>, path: string, body: object) {
  const response = await fetch(`${base}${path}`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}

export async function reportsOf(base: string, headers: Record<string, string>, id: string): Promise<void> {
  for (;;) {
    const { items } = (await (await fetch(`${base}/processes/${id}/audits`, { headers })).json()) as {
      items: { reports: string[] }[];
    };
    if (items[0]?.reports.length === 2) return;
    await new Promise((resolve_) => setTimeout(resolve_, 50));
  }
}

async function smallProcess(base: string, headers: Record<string, string>): Promise<string> {
  const { log } = writeProcess(mkdtempSync(join(tmpdir(), "plumbline-bench-")), simulate({ seed: 1 })[0], 1);
  const { id } = await post(base, headers, "/processes", { name: "Small" });
  await post(base, headers, `/processes/${id}/imports`, { uploadId: await send(base, headers, log) });
  await reportsOf(base, headers, id);
  return id;
}

async function latency(base: string, process_: string, users: Record<string, string>[]): Promise<string[][]> {
  const [headers] = users;
  const { items } = (await (await fetch(`${base}/processes/${process_}/findings`, { headers })).json()) as {
    items: { id: string }[];
  };
  let made = 0;
  const requests: Record<string, (user: Record<string, string>) => Promise<Response>> = {
    "list of processes": (user) => fetch(`${base}/processes`, { headers: user }),
    "findings of a process": (user) => fetch(`${base}/processes/${process_}/findings`, { headers: user }),
    "cases of a finding": (user) =>
      fetch(`${base}/processes/${process_}/findings/${items[0].id}/cases`, { headers: user }),
    "add a process (a synced commit with its trail)": (user) =>
      fetch(`${base}/processes`, {
        method: "POST",
        headers: { ...user, "content-type": "application/json" },
        body: JSON.stringify({ name: `n${made++}` }),
      }),
  };
  const rows: string[][] = [];
  for (const [name, request] of Object.entries(requests)) {
    const times: number[] = [];
    const until = performance.now() + SECONDS * 1000;
    await Promise.all(
      users.map(async (user) => {
        while (performance.now() < until) {
          const began = performance.now();
          const response = await request(user);
          await response.arrayBuffer();
          if (!response.ok) throw new Error(`${name}: ${response.status}`);
          times.push(performance.now() - began);
        }
      }),
    );
    times.sort((a, b) => a - b);
    const at = (share: number) => `${times[Math.floor(times.length * share)].toFixed(0)} ms`;
    rows.push([name, (times.length / SECONDS).toFixed(0), at(0.5), at(0.99)]);
  }
  return rows;
}

async function throughput(base: string, headers: Record<string, string>): Promise<string[]> {
  const { log } = writeProcess(
    mkdtempSync(join(tmpdir(), "plumbline-bench-")),
    simulate({ seed: 2, cases: 40 })[0],
    2,
  );
  const count = 15;
  const wanted: [string, string][] = [];
  for (let i = 0; i < count; i++) {
    const { id } = await post(base, headers, "/processes", { name: `Queue ${i}` });
    wanted.push([id, await send(base, headers, log)]);
  }
  const began = performance.now();
  for (const [id, uploadId] of wanted) await post(base, headers, `/processes/${id}/imports`, { uploadId });
  for (const [id] of wanted) await reportsOf(base, headers, id);
  return [((count * 3) / ((performance.now() - began) / 1000)).toFixed(1)];
}

async function whole(base: string, headers: Record<string, string>, running: Started): Promise<string[]> {
  const path = sampleLog(100_000);
  const out = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  const main = resolve(import.meta.dirname, "../src/cli/main.ts");
  const [byServer, byCommand]: number[][] = [[], []];
  for (let round = 0; round < 3; round++) {
    byCommand.push(
      measure(main, [
        "audit",
        path,
        "--json",
        "--html",
        join(out, `${round}.html`),
        "--pdf",
        join(out, `${round}.pdf`),
      ]).wall,
    );
    const { id } = await post(base, headers, "/processes", { name: `Whole ${round} ${Date.now()}` });
    const began = performance.now();
    await post(base, headers, `/processes/${id}/imports`, { uploadId: await send(base, headers, path) });
    await reportsOf(base, headers, id);
    byServer.push((performance.now() - began) / 1000);
  }
  rmSync(out, { recursive: true });
  return [
    `${middle(byServer).toFixed(1)} s`,
    `${middle(byCommand).toFixed(1)} s`,
    (middle(byServer) / middle(byCommand)).toFixed(2),
    `${status(running, "VmHWM")} MiB`,
  ];
}
