import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../src/store/database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** a data directory with an empty embedded database, to be copied */
    embeddedTemplate: string;
    /** address of a PostgreSQL server, where one could be started; else why not */
    postgres: { url: string } | { missing: string };
  }
}

/** Makes one empty embedded database and starts one PostgreSQL for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  execFileSync("chmod", ["755", directory]);
  const template = join(directory, "template");
  mkdirSync(template);
  await (await openDatabase(template, undefined)).close();
  project.provide("embeddedTemplate", template);
  const server = await startPostgres(join(directory, "postgres"));
  project.provide("postgres", "missing" in server ? server : { url: server.url });
  return async () => {
    if ("stop" in server) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

/** Starts a PostgreSQL of its own on a free port of this machine. */
export async function startPostgres(
  directory: string,
  { trusted = false } = {},
): Promise<
  { url: string; stop(): Promise<void>; kill(): Promise<void>; start(): Promise<void> } | { missing: string }
> {
  const programs = ["18", "17", "16", "15"]
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((folder) => existsSync(join(folder, "initdb")));
  if (!programs) return { missing: "no PostgreSQL is installed (Debian: postgresql-15)" };
  const port = await freePort();
  // PostgreSQL does not run as root
  const asWhom =
    process.getuid?.() === 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  const run = (program: string, args: string[]) =>
    execFileSync(
      [...asWhom, join(programs, program)][0],
      [...asWhom.slice(1), ...(asWhom.length ? [join(programs, program)] : []), ...args],
      { stdio: "pipe" },
    );
  mkdirSync(directory);
  // nobody else reaches into the directory above, which root has made
  if (trusted) for (const above of ["..", "../.."]) execFileSync("chmod", ["go+x", join(directory, above)]);
  if (asWhom.length) execFileSync("chown", ["postgres:postgres", directory]);
  run("initdb", [
    "-D",
    directory,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
  ]);
  let server = launch();
  function launch() {
    const words = [
      ...asWhom,
      join(programs!, "postgres"),
      "-D",
      directory,
      "-p",
      String(port),
      "-h",
      "127.0.0.1",
      "-k",
      directory,
      "-c",
      "max_connections=200",
    ];
    return spawn(words[0], words.slice(1), { stdio: "ignore" });
  }
  const ready = async () => {
    for (let i = 0; i < 200; i++) {
      try {
        run("pg_isready", ["-h", "127.0.0.1", "-p", String(port)]);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    throw new Error("PostgreSQL did not start");
  };
  await ready();
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await ended;
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: () => end("SIGINT"),
    kill: () => end("SIGQUIT"),
    start: async () => {
      server = launch();
      await ready();
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
