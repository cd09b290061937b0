import { InputError } from "../input-error.ts";
import { openQueue } from "../jobs/queue.ts";
import { startWork } from "../server/serve.ts";
import { settingsOf } from "../server/settings.ts";
import { openDatabase } from "../store/database.ts";
import { askedToStop } from "./asked-to-stop.ts";
import type { Command } from "./command.ts";
import { numberOption } from "./number-option.ts";
import { serverLog } from "./server-log.ts";

/** `plumbline worker`: background work on another machine, or in another process. */
export const worker: Command = {
  name: "worker",
  usage: "worker [--at-once N]",
  summary: "Runs background work from a PostgreSQL database shared with servers and other workers.",
  options: {
    "at-once": { value: "N", help: "number of jobs to run at once (default PLUMBLINE_AT_ONCE, or 2)" },
  },
  minArgs: 0,
  maxArgs: 0,
  async run(_, options) {
    const settings = settingsOf(process.env);
    if (!settings.databaseUrl)
      throw new InputError(
        "no-database",
        "DATABASE_URL",
        "A worker shares a PostgreSQL with servers: set DATABASE_URL. The embedded database belongs to one process, and plumbline serve does its background work itself.",
      );
    const atOnce = numberOption(options, "at-once", 1, 64) ?? Math.max(1, settings.atOnce);
    const log = serverLog(process.env["LOG_LEVEL"] || "info");
    const database = await openDatabase(settings.directory, settings.databaseUrl);
    const queue = await openQueue(database, (error) => log.warn({ error: error.message }, "the queue"));
    const runner = await startWork(database, queue, { ...settings, atOnce }, log);
    const stop = askedToStop();
    log.info({ atOnce }, "ready");
    await stop;
    await runner.stop();
    await queue.stop();
    await database.close();
    return 0;
  },
};
