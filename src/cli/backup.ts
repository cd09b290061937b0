import { resolve } from "node:path";
import { askRunning } from "../server/control.ts";
import { settingsOf } from "../server/settings.ts";
import { writeBackup } from "../store/backup.ts";
import { openBlobs } from "../store/blobs.ts";
import { openDatabase } from "../store/database.ts";
import type { Command } from "./command.ts";
import { formatCount } from "./terminal.ts";

/** `plumbline backup FILE`: everything in one file, also while the server runs. */
export const backup: Command = {
  name: "backup",
  usage: "backup FILE",
  summary: "Writes a consistent backup of everything to one file; the server can keep running.",
  options: {},
  minArgs: 1,
  maxArgs: 1,
  async run([name]) {
    const file = resolve(name);
    const settings = settingsOf(process.env);
    const result =
      (settings.databaseUrl ? undefined : await askRunning(settings.directory, { do: "backup", file })) ??
      (await alone());
    process.stdout.write(
      `${name}: ${formatCount(result.rows)} rows and ${formatCount(result.blobs)} files, ${formatCount(Math.ceil(result.bytes / 2 ** 20))} MiB. It holds passwords (hashed) and evidence: keep it where only you can read it.\n`,
    );
    if (result.missing > 0)
      process.stdout.write(
        `${formatCount(result.missing)} files that were named were not there; the manifest in the backup lists them.\n`,
      );
    return 0;

    async function alone() {
      const database = await openDatabase(settings.directory, settings.databaseUrl);
      try {
        return await writeBackup(
          database.db,
          openBlobs(settings.directory, settings.blobs),
          file,
          new Date(),
        );
      } finally {
        await database.close();
      }
    }
  },
};
