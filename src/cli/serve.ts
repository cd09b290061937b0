import { join } from "node:path";
import { settingsOf } from "../server/settings.ts";
import { startServer } from "../server/serve.ts";
import { askedToStop } from "./asked-to-stop.ts";
import type { Command } from "./command.ts";
import { serverLog } from "./server-log.ts";

/** `plumbline serve`: the server, for production. */
export const serve: Command = {
  name: "serve",
  usage: "serve [--sample]",
  summary:
    "Runs the server: pages, API and background work. It logs to standard error, one JSON document per line.",
  options: { sample: { help: "add the sample organisation, once" } },
  minArgs: 0,
  maxArgs: 0,
  async run(_, options) {
    const settings = settingsOf(process.env);
    const log = serverLog(process.env["LOG_LEVEL"] || "info");
    const running = await startServer(settings, log);
    const stop = askedToStop();
    if (options["sample"]) {
      const { addSample } = await import("../server/sample.ts");
      await addSample(running.services, join(settings.directory, "sample"));
    }
    log.info({ address: running.address, database: running.services.database.kind }, "ready");
    process.stdout.write(`${running.address}\n`);
    if (running.firstAdminLink)
      process.stdout.write(
        `Make the first admin within a day, with this link, which works once:\n${running.firstAdminLink}\n`,
      );
    if (settings.address.startsWith("http:") && !/^(127\.|localhost$|::1$)/.test(settings.host))
      log.warn(
        { host: settings.host },
        "people reach this server without TLS: put a proxy with TLS before it and set PLUMBLINE_URL to its https address",
      );
    await stop;
    await running.stop();
    log.info({}, "stopped");
    return 0;
  },
};
