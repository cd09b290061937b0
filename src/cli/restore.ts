import { settingsOf } from "../server/settings.ts";
import { checkBackup, readBackup } from "../store/backup.ts";
import { openBlobs } from "../store/blobs.ts";
import { openDatabase } from "../store/database.ts";
import { trails, verifyTrail } from "../store/trail.ts";
import type { Command } from "./command.ts";
import { formatCount } from "./terminal.ts";

/** `plumbline restore FILE`: a backup into an empty place. */
export const restore: Command = {
  name: "restore",
  usage: "restore FILE",
  summary:
    "Restores a backup into an empty data directory or PostgreSQL database, after verifying the whole file.",
  options: {},
  minArgs: 1,
  maxArgs: 1,
  async run([file]) {
    const settings = settingsOf(process.env);
    const manifest = await checkBackup(file);
    const database = await openDatabase(settings.directory, settings.databaseUrl, manifest.tables);
    try {
      await readBackup(database.db, openBlobs(settings.directory, settings.blobs), file, manifest);
      for (const organisation of await trails(database.db)) {
        const { broken } = await verifyTrail(database.db, organisation);
        if (broken)
          process.stdout.write(
            `The audit trail of ${organisation} was broken when it was backed up: ${broken}.\n`,
          );
      }
    } finally {
      await database.close();
    }
    const rows = Object.values(manifest.rows).reduce((a, b) => a + b, 0);
    process.stdout.write(
      `Restored what was backed up at ${manifest.at}: ${formatCount(rows)} rows and ${formatCount(manifest.blobs)} files. Start it with plumbline serve.\n`,
    );
    return 0;
  },
};
