import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { TimeZone } from "../eventlog/time-zone.ts";
import { eachText, InputError, withEvidence } from "../input-error.ts";
import { lastDue, weeklyBrief, type Brief } from "../reports/weekly-brief.ts";
import { weekOf, type WeekRows } from "../implementations/week-of.ts";
import { noteAct, plumbline } from "../store/acts.ts";
import { headlinesUntil } from "../store/audits.ts";
import { transact, type Db, type Reader } from "../store/database.ts";
import { firstSeenBetween } from "../store/findings.ts";
import { gapsOfImplementation } from "../store/gaps.ts";
import { gapNotesOf } from "../store/gap-notes.ts";
import { overridesThatHold } from "../store/gate-overrides.ts";
import { implementationsOf } from "../store/implementations.ts";
import { allOrganisations, organisationOf } from "../store/organisations.ts";
import { processNames } from "../store/processes.ts";
import { defineJob } from "./job.ts";
import type { Queue } from "./queue.ts";

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** A brief that nobody could send within a day is not sent late: the next one says it all. */
const LATE_MS = DAY;
const KIND = "weekly brief";

interface Input {
  to: string[];
  brief: Brief | null;
  messageId: string;
}

/** Where e-mail goes out: SMTP_URL (smtp:// or smtps://, with user and password) and MAIL_FROM. */
export function mailSettings(environment: Record<string, string | undefined>) {
  const url = environment["SMTP_URL"];
  const from = environment["MAIL_FROM"];
  if (!url || !from)
    throw new InputError(
      "no-mail",
      "SMTP_URL",
      "SMTP_URL, MAIL_FROM: expected both, like smtps://user:password@mail.example.org and plumbline@example.org; without them no e-mail goes out.",
    );
  if (!/^smtps?:\/\//.test(url))
    throw new InputError("wrong-setting", "SMTP_URL", "SMTP_URL: expected smtp://… or smtps://….");
  return { url, from };
}

/** Queues the briefs that are due, each once. Several servers may do so at once. */
export async function enqueueBriefs(db: Db, queue: Queue, now: Date): Promise<void> {
  for (const { id, settings } of await allOrganisations(db)) {
    const { brief } = settings;
    if (!brief || brief.to.length === 0) continue;
    const zone = new TimeZone(settings.timeZone ?? "UTC");
    const due = lastDue(now.getTime(), brief.weekday, brief.hour, (utc) => zone.offsetAt(utc));
    if (now.getTime() - due > LATE_MS) continue;
    await transact(db, (trx) =>
      queue.enqueue(trx, {
        organisationId: id,
        kind: KIND,
        input: { from: new Date(due - WEEK).toISOString(), to: new Date(due).toISOString() },
        once: `brief ${new Date(due).toISOString()}`,
        requestedBy: "plumbline",
      }),
    );
  }
}

/** Everything that a week is told from, read of an organisation. */
async function weekRows(db: Reader, organisationId: string, from: Date, to: Date): Promise<WeekRows> {
  const processes = [];
  for (const { id, name } of await processNames(db, organisationId)) {
    const audits = await headlinesUntil(db, id, to);
    const fresh = await firstSeenBetween(db, id, from, to);
    processes.push({ id, name, audits, fresh: fresh.map(({ content }) => content) });
  }
  const implementations = [];
  for (const tool of await implementationsOf(db, organisationId)) {
    const gaps = await gapsOfImplementation(db, organisationId, tool.id, to);
    implementations.push({ ...tool, gaps, notes: await gapNotesOf(db, organisationId, tool.id) });
  }
  return {
    id: organisationId,
    name: (await organisationOf(db, organisationId))?.name ?? "",
    processes,
    implementations,
    overrides: await overridesThatHold(db, organisationId, to),
  };
}

/**
 * Sends what changed in a week to those whom an admin has named, and nothing in a week in which nothing did.
 * A sending that was cut off is sent again under the same Message-ID.
 */
export const sendWeeklyBrief = defineJob<Input, { sent: number; refused: number }>()({
  kind: KIND,
  what: "sends the weekly brief",
  minutes: () => 10,

  async prepare(db, work) {
    const { from, to } = work.input;
    const organisation = await organisationOf(db, work.organisation_id);
    const { PLUMBLINE_URL, PORT = "7700" } = process.env;
    const address = (PLUMBLINE_URL || `http://127.0.0.1:${PORT}`).replace(/\/$/, "");
    const [begin, end] = [new Date(from), new Date(to)];
    const facts = weekOf(await weekRows(db, work.organisation_id, begin, end), begin, end, address);
    return {
      to: organisation?.settings.brief?.to ?? [],
      brief: eachText(weeklyBrief(facts) ?? null, withEvidence),
      messageId: `<${createHash("sha256").update(`${work.organisation_id} ${to}`).digest("hex").slice(0, 32)}@plumbline>`,
    };
  },

  async compute({ to, brief, messageId }, { progress }) {
    if (brief === null || to.length === 0) return { sent: 0, refused: 0 };
    const { url, from } = mailSettings(process.env);
    progress(0.1, "sending");
    const transport = createTransport(url, {
      from,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      // each by itself: nobody sees who else gets it
      let sent = 0;
      let refused: Error | undefined;
      for (const address of to)
        try {
          await transport.sendMail({
            to: address,
            messageId,
            ...brief,
            headers: { "Auto-Submitted": "auto-generated" },
          });
          sent++;
        } catch (error) {
          // one address that is refused does not keep it from the others
          refused = error as Error;
        }
      if (sent === 0 && refused) throw refused;
      return { sent, refused: to.length - sent };
    } finally {
      transport.close();
    }
  },

  async finish(trx, work, { sent, refused }, now) {
    if (sent > 0)
      await noteAct(
        trx,
        plumbline(work.organisation_id),
        "send the weekly brief",
        { about: work.organisation_id, details: { recipients: sent, refused, ...work.input } },
        now,
      );
    return { result: { sent, refused } };
  },
});
