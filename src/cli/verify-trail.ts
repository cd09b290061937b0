import { askRunning, checkTrails } from "../server/control.ts";
import { settingsOf } from "../server/settings.ts";
import { openDatabase } from "../store/database.ts";
import type { Command } from "./command.ts";
import { formatCount } from "./terminal.ts";

/** `plumbline verify-trail`: whether anybody has changed what was done. */
export const verifyTrail: Command = {
  name: "verify-trail",
  usage: "verify-trail [--head HASH] [--json]",
  summary: "Recomputes every hash of the audit trail and reports any change.",
  options: {
    head: {
      value: "HASH",
      help: "a head noted earlier; checks that a trail still contains it and nothing before it was cut off",
    },
    json: { help: "one JSON document on standard output" },
  },
  exitCodes: { 3: "the trail was changed" },
  minArgs: 0,
  maxArgs: 0,
  async run(_, options) {
    const settings = settingsOf(process.env);
    const head = options["head"] as string | undefined;
    const { trails: checks, headStands } =
      (settings.databaseUrl
        ? undefined
        : await askRunning(settings.directory, { do: "verify-trail", head })) ?? (await alone());
    const broken = checks.filter((check) => check.broken !== undefined);
    if (options["json"]) process.stdout.write(`${JSON.stringify({ trails: checks, headStands })}\n`);
    else {
      for (const { organisationId, entries, head: last, broken: what } of checks)
        process.stdout.write(
          `${organisationId}: ${formatCount(entries)} entries, ${what ? `BROKEN: ${what}` : `whole; head ${last}`}\n`,
        );
      if (checks.length === 0) process.stdout.write("There is no audit trail yet: nothing was done here.\n");
      if (!headStands) process.stdout.write(`BROKEN: the head ${head} stands in no trail any more.\n`);
    }
    return broken.length > 0 || !headStands ? 3 : 0;

    async function alone() {
      const { db, close } = await openDatabase(settings.directory, settings.databaseUrl);
      try {
        return await checkTrails(db, head);
      } finally {
        await close();
      }
    }
  },
};
