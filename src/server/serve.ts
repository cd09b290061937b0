import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Server as HttpServer } from "node:http";
import { serve as listen } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { InputError } from "../input-error.ts";
import type { ComputeSettings } from "../jobs/compute.ts";
import { openQueue, type Queue } from "../jobs/queue.ts";
import { startRunner } from "../jobs/runner.ts";
import { tidy } from "../jobs/tidy.ts";
import { mailSettings, enqueueBriefs } from "../jobs/weekly-brief.ts";
import { openBlobs } from "../store/blobs.ts";
import { openDatabase, transact, type Database } from "../store/database.ts";
import { makeDirectory } from "../store/directory-lock.ts";
import { askDatabase, cookieSecret } from "../store/installation.ts";
import { hasAnyAdmin } from "../store/memberships.ts";
import { addOneTimeLink, removeFirstAdminLinks } from "../store/one-time-links.ts";
import { appOf } from "./app.ts";
import type { Services } from "./context.ts";
import { openControl } from "./control.ts";
import { Explorer } from "./explorer.ts";
import { metricsOf } from "./metrics.ts";
import { pagesFrom } from "./pages.ts";
import { problemResponse, Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import { signInOn } from "./sign-in.ts";

export type ServerLog = Services["log"];

/** A running server. */
export interface Running {
  address: string;
  services: Services;
  /** the link with which the first admin is made; undefined once there is one */
  firstAdminLink: string | undefined;
  stop(): Promise<void>;
}

const FIRST_LINK_MS = 24 * 3_600_000;

/**
 * Starts a server: opens the database, the queue and the port, and does background work unless the settings
 * leave that to others.
 */
export async function startServer(settings: Settings, log: ServerLog): Promise<Running> {
  makeDirectory(settings.directory);
  const database = await openDatabase(settings.directory, settings.databaseUrl);
  const ends: (() => Promise<void>)[] = [() => database.close()];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    if (database.kind === "embedded")
      rmSync(join(settings.directory, "tmp"), { recursive: true, force: true });
    database.onLost((error) => {
      log.error(
        { error: error.stack },
        "the embedded database has ended, or its directory was lost; so this process ends, to be started again",
      );
      process.exit(1);
    });
    const blobs = openBlobs(settings.directory, settings.blobs);
    const queue = await openQueue(database, (error) => log.warn({ error: error.message }, "the queue"));
    ends.push(() => queue.stop());
    const runner = await startWork(database, queue, settings, log);
    ends.push(() => runner.stop());
    // what this machine's other processes are writing now is young
    const dayAgo = () => new Date(Date.now() - 86_400_000);
    await blobs.removeUnfinished(database.kind === "embedded" ? new Date() : dayAgo());
    const tidyNow = () =>
      Promise.all([tidy(database.db, queue, new Date()), blobs.removeUnfinished(dayAgo())]).catch(
        (error: Error) => log.warn({ error: error.message }, "tidying up; it is tried again"),
      );
    const tidying = setInterval(() => void tidyNow(), 3_600_000);
    ends.push(async () => clearInterval(tidying));
    if (process.env["SMTP_URL"]) {
      mailSettings(process.env);
      const briefing = setInterval(
        () =>
          void enqueueBriefs(database.db, queue, new Date()).catch((error: Error) =>
            log.warn({ error: error.message }, "wanting briefs; it is tried again"),
          ),
        5 * 60_000,
      );
      ends.push(async () => clearInterval(briefing));
    }
    const explorer = new Explorer(computeSettings(settings));
    ends.push(() => explorer.end());
    const services: Services = {
      database,
      blobs,
      queue,
      explorer,
      signIn: signInOn(database.db, {
        address: settings.address,
        secret: await cookieSecret(database.db),
        oidc: settings.oidc,
      }),
      address: settings.address,
      hasOidc: settings.oidc !== undefined,
      uploadLimit: settings.uploadLimit,
      proxies: settings.proxies,
      now: () => new Date(),
      log,
    };
    const metrics = metricsOf(
      () => queue.waiting(),
      () => runner.running(),
    );
    const app = appOf(services, { metrics, pages: pagesFrom() });
    let stopping = false;
    app.get("/healthz", (context) => context.text("alive\n"));
    app.get("/readyz", async (context) => {
      if (stopping) return context.text("stopping\n", 503);
      await askDatabase(database.db);
      return context.text("ready\n");
    });
    app.get("/metrics", async (context) => {
      const { address = "" } = getConnInfo(context).remote;
      // what a proxy of this machine passes on comes from elsewhere
      const passedOn = context.req.header("x-forwarded-for") ?? context.req.header("forwarded");
      const near = passedOn === undefined && /^(::ffff:)?127\.|^::1$/.test(address);
      const token = settings.metricsToken;
      if (!near && (!token || context.req.header("authorization") !== `Bearer ${token}`))
        return problemResponse(
          new Problem(
            403,
            "no-metrics",
            "/metrics answers this machine alone, or whoever sends METRICS_TOKEN as Bearer.",
          ),
        );
      return context.text(await metrics.text());
    });
    const server = await new Promise<HttpServer>((resolve, reject) => {
      const opened = listen(
        { fetch: app.fetch, hostname: settings.host, port: settings.port, overrideGlobalObjects: false },
        () => resolve(opened as HttpServer),
      );
      opened.once("error", (error) => reject(portProblem(error, settings)));
    });
    // a request has time for a slow connection, not for ever
    server.requestTimeout = 6 * 3_600_000;
    server.headersTimeout = 30_000;
    ends.push(async () => {
      stopping = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const hurry = setTimeout(() => server.closeAllConnections(), 10_000);
      await closed;
      clearTimeout(hurry);
    });
    if (database.kind === "embedded") {
      const control = await openControl(settings.directory, services);
      ends.push(() => control.stop());
    }
    const { port } = server.address() as { port: number };
    const address = settings.port === 0 ? settings.address.replace(/:0$/, `:${port}`) : settings.address;
    services.address = address;
    return { address, services, firstAdminLink: await firstAdminLink(services), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a person can do about a port that does not open. */
function portProblem(cause: Error, { host, port }: Settings): Error {
  const what = {
    EADDRINUSE: "is in use by another program. Stop that one, or choose another port with PORT",
    EACCES: "is not for this user. Choose one above 1023 with PORT, and put a proxy before it",
    EADDRNOTAVAIL: "is no address of this machine. Correct HOST",
    ENOTFOUND: "is no address of this machine. Correct HOST",
  }[(cause as { code?: string }).code ?? ""];
  if (!what) return cause;
  return new InputError("no-port", "PORT", `${host}, port ${port}: ${what}.`, { cause });
}

/** Background work in this process, or none. */
export async function startWork(database: Database, queue: Queue, settings: Settings, log: ServerLog) {
  if (settings.atOnce === 0) return { stop: async () => {}, running: () => 0 };
  return startRunner(database, queue, computeSettings(settings), log, settings.atOnce);
}

const computeSettings = ({ directory, blobs, memoryMb, workMinutes }: Settings): ComputeSettings => ({
  directory,
  blobs,
  memoryMb,
  workMinutes,
});

/**
 * While nobody is admin of an organisation of their own, each start makes a new link; the ones before stop
 * working.
 */
async function firstAdminLink({ database, address, now }: Services): Promise<string | undefined> {
  return transact(database.db, async (trx) => {
    if (await hasAnyAdmin(trx, now())) return undefined;
    await removeFirstAdminLinks(trx);
    const secret = await addOneTimeLink(trx, {
      purpose: "first-admin",
      expires_at: new Date(now().getTime() + FIRST_LINK_MS),
    });
    return `${address}/#first-admin=${secret}`;
  });
}
