import { createHash } from "node:crypto";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { InputError } from "../input-error.ts";
import { writeBackup, type BackupResult } from "../store/backup.ts";
import { trails, verifyTrail, type TrailCheck } from "../store/trail.ts";
import type { Services } from "./context.ts";

/** What the commands of the same machine and user ask of a running server whose embedded database they cannot open. */
export type ControlRequest = { do: "backup"; file: string } | { do: "verify-trail" };
export type ControlAnswer<R> = R extends { do: "backup" } ? BackupResult : TrailCheck[];

/** A socket in the data directory: only who can read that directory reaches it. */
function socketOf(directory: string): string {
  const path = resolve(directory, "control.sock");
  // longer paths are cut off by the operating system
  if (path.length < 100) return path;
  return join(tmpdir(), `plumbline-${createHash("sha256").update(path).digest("hex").slice(0, 16)}.sock`);
}

export async function openControl(directory: string, services: Services): Promise<{ stop(): Promise<void> }> {
  const path = socketOf(directory);
  rmSync(path, { force: true }); // the directory is locked: whoever left it is gone
  const server: Server = createServer((asked, answer) => {
    let text = "";
    asked.setEncoding("utf8");
    asked.on("data", (part: string) => (text += part));
    asked.on("end", () => {
      act(JSON.parse(text) as ControlRequest, services).then(
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

async function act(asked: ControlRequest, { database, blobs, now }: Services) {
  if (asked.do === "backup") return writeBackup(database.db, blobs, asked.file, now());
  const checks: TrailCheck[] = [];
  for (const organisation of await trails(database.db))
    checks.push(await verifyTrail(database.db, organisation));
  return checks;
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
