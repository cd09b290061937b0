import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { transact, openDatabase } from "../../src/store/database.ts";
import { addOrganisation } from "../../src/store/organisations.ts";
import { addToken } from "../../src/store/tokens.ts";

const MAIN = resolve(import.meta.dirname, "../../src/cli/main.ts");

/** Where processes keep their data: an own directory each, or one, and one PostgreSQL or none. */
export interface Place {
  directory: string;
  url: string | undefined;
  blobs?: string;
}

/** A process of Plumbline that runs by itself, to be killed. */
export interface Started {
  child: ChildProcess;
  /** of a server */
  address: string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts `plumbline serve` or `plumbline worker` as a process of its own and waits until it is ready. */
export async function launch(
  command: "serve" | "worker",
  place: Place,
  environment: Record<string, string> = {},
  prefix: string[] = [],
): Promise<Started> {
  const words = [...prefix, process.execPath, MAIN, command];
  const child = spawn(words[0], words.slice(1), {
    env: {
      ...process.env,
      PLUMBLINE_DATA: place.directory,
      ...(place.url ? { DATABASE_URL: place.url } : {}),
      ...(place.blobs ? { PLUMBLINE_BLOBS: place.blobs } : {}),
      PORT: "0",
      LOG_LEVEL: "info",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, log] = ["", ""];
  child.stdout!.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr!.on("data", (text: Buffer) => {
    log = (log + text.toString()).slice(-20_000);
    if (process.env["TRACE"]) process.stderr.write(text);
  });
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const began = performance.now();
  for (;;) {
    if (log.includes('"ready"') && (command === "worker" || out.includes("http://"))) break;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${command} ended (${child.exitCode ?? child.signalCode}): ${out}${log}`);
    if (performance.now() - began > 60_000) throw new Error(`${command} is not ready: ${out}${log}`);
    await new Promise((again) => setTimeout(again, 20));
  }
  return {
    child,
    address: /http:\/\/\S+/.exec(out)?.[0] ?? "",
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await exited;
    },
  };
}

/** An organisation with tokens that may do everything programs may, made before any process runs. */
export async function prepare(
  place: Place,
  tokens = 1,
): Promise<{ organisation: string; headers: Record<string, string>; users: Record<string, string>[] }> {
  const { db, close } = await openDatabase(place.directory, place.url);
  try {
    return await transact(db, async (trx) => {
      const organisation = await addOrganisation(trx, "Faults");
      const users: Record<string, string>[] = [];
      for (let i = 0; i < tokens; i++) {
        const { secret } = await addToken(trx, {
          organisationId: organisation,
          name: `faults ${i}`,
          role: "analyst",
          madeBy: null,
          expiresAt: new Date(Date.now() + 86_400_000),
        });
        users.push({ authorization: `Bearer ${secret}` });
      }
      return { organisation, headers: users[0], users };
    });
  } finally {
    await close();
  }
}
