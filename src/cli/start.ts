import { join } from "node:path";
import { addSample } from "../server/sample.ts";
import { startServer } from "../server/serve.ts";
import { settingsOf } from "../server/settings.ts";
import { askedToStop } from "./asked-to-stop.ts";
import type { Command } from "./command.ts";
import { serverLog } from "./server-log.ts";

/** `plumbline start`: the server with the sample organisation, to explore on one's own machine. */
export const start: Command = {
  name: "start",
  usage: "start",
  summary: "Starts Plumbline with a sample organisation and prints the address to open.",
  options: {},
  minArgs: 0,
  maxArgs: 0,
  async run() {
    const settings = settingsOf(process.env);
    process.stdout.write("Starting Plumbline; the first time takes some seconds longer.\n");
    const running = await startServer(settings, serverLog(process.env["LOG_LEVEL"] || "warn"));
    const stop = askedToStop();
    const folder = join(settings.directory, "sample");
    const added = await addSample(running.services, folder);
    process.stdout.write(
      [
        "",
        `  ${running.address}`,
        "",
        ...(running.firstAdminLink
          ? [
              "Nobody is admin yet. Open this link, which works once within a day, and make your account:",
              "",
              `  ${running.firstAdminLink}`,
              "",
            ]
          : []),
        added
          ? `A sample organisation is being read and audited in the background: six processes with known leaks (simulated, seed 1). Its files are in ${folder}.`
          : "The sample organisation is there from an earlier start.",
        `Everything is kept in ${settings.databaseUrl ? "your PostgreSQL" : settings.directory}. Ctrl-C stops the server.`,
        "",
      ].join("\n"),
    );
    await stop;
    await running.stop();
    return 0;
  },
};
