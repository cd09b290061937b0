import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { InputError } from "../input-error.ts";
import { writeBackup, type BackupResult } from "../store/backup.ts";
import { headStands, trails, verifyTrail, type TrailCheck } from "../store/trail.ts";
import type { Db } from "../store/database.ts";
import type { Services } from "./context.ts";

/**
 * What the commands of the same machine and user ask of a running server whose embedded database they cannot
 * open.
 */
export type ControlRequest = { do: "backup"; file: string } | { do: "verify-trail"; head?: string };
export type ControlAnswer<R> = R extends { do: "backup" } ? BackupResult : TrailsChecked;
/** What came of verifying every trail. */
export interface TrailsChecked {
  trails: TrailCheck[];
  /** whether the head that was asked about still stands; true when none was */
  headStands: boolean;
}

/** A socket in the data directory: only who can read that directory reaches it. */
function socketOf(directory: string): string {
  const path = resolve(directory, "control.sock");
  // longer paths are cut off by the operating system
  if (path.length < 100) return path;
  const folder = join(tmpdir(), `plumbline-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${createHash("sha256").update(path).digest("hex").slice(0, 16)}.sock`);
}

export async function openControl(directory: string, services: Services): Promise<{ stop(): Promise<void> }> {
  const path = socketOf(directory);
  rmSync(path, { force: true }); // the directory is locked: whoever left it is gone
  const server: Server = createServer((asked, answer) => {
    let text = "";
    asked.setEncoding("utf8");
    asked.on("data", (part: string) => (text += part));
    asked.on("end", () => {
      act(text, services).then(
        (result) => answer.end(JSON.stringify({ result })),
        (error: Error) => {
          const { code, where } = error as InputError;
          answer.statusCode = error instanceof InputError ? 422 : 500;
          answer.end(JSON.stringify({ code, where, message: error.message }));
        },
      );
    });
  });
  await new Promise<void>((ready, failed) => {
    server.once("error", failed);
    server.listen(path, ready);
  });
  chmodSync(path, 0o600);
  return {
    stop: async () => {
      await new Promise((closed) => server.close(closed));
      rmSync(path, { force: true });
    },
  };
}

async function act(text: string, { database, blobs, now }: Services) {
  const asked = JSON.parse(text) as ControlRequest;
  if (asked.do === "backup") return writeBackup(database.db, blobs, asked.file, now());
  return checkTrails(database.db, asked.head);
}

/** Verifies every trail of an installation. */
export async function checkTrails(db: Db, head?: string): Promise<TrailsChecked> {
  const checks: TrailCheck[] = [];
  for (const organisation of await trails(db)) checks.push(await verifyTrail(db, organisation));
  return { trails: checks, headStands: head === undefined || (await headStands(db, head)) };
}

/** Asks the server that runs on a data directory; undefined when none runs. Throws its InputError. */
export async function askRunning<R extends ControlRequest>(
  directory: string,
  asked: R,
): Promise<ControlAnswer<R> | undefined> {
  const path = socketOf(directory);
  if (!existsSync(path)) return undefined;
  return new Promise((answered, failed) => {
    const sent = request({ socketPath: path, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.on("end", () => {
        const said = JSON.parse(text) as {
          result: ControlAnswer<R>;
          code: string;
          where: string;
          message: string;
        };
        if (response.statusCode === 200) answered(said.result);
        else if (response.statusCode === 422) failed(new InputError(said.code, said.where, said.message));
        else failed(new Error(said.message));
      });
    });
    sent.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" || error.code === "ENOENT" ? answered(undefined) : failed(error),
    );
    sent.end(JSON.stringify(asked));
  });
}
