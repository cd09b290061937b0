import { createHash } from "node:crypto";
import { keptStatement } from "../wording/worded-audit.ts";
import { createTransport } from "nodemailer";
import { TimeZone } from "../eventlog/time-zone.ts";
import { eachText, InputError, withEvidence } from "../input-error.ts";
import { lastDue, leakMoney, weeklyBrief, type Brief, type WeekFacts } from "../reports/weekly-brief.ts";
import { decideBy } from "../implementations/gaps.ts";
import { noteAct, plumbline } from "../store/acts.ts";
import { headlinesUntil, type Headline } from "../store/audits.ts";
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

/** What happened in an organisation between two instants. */
export async function weekOf(
  db: Reader,
  organisationId: string,
  from: Date,
  to: Date,
  address: string,
): Promise<WeekFacts> {
  const organisation = await organisationOf(db, organisationId);
  const within = (at: Date | null) => at !== null && at > from && at <= to;
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const processes = await processNames(db, organisationId);
  const nameOf = new Map(processes.map(({ id, name }) => [id, name]));
  const facts: WeekFacts = {
    organisation: organisation?.name ?? "",
    address,
    from: day(from),
    to: day(to),
    processes: [],
    implementations: [],
    overrides: [],
  };
  for (const { id, name } of processes) {
    const audits = await headlinesUntil(db, id, to);
    const news = audits.filter(({ at }) => within(at));
    if (news.length === 0) continue;
    const before = audits.find(({ at }) => at <= from);
    const readiness = (row: { headline: Headline } | undefined) => row?.headline.readiness ?? {};
    const histories = news.reverse().map(({ headline }) => headline.history);
    const fresh = await firstSeenBetween(db, id, from, to);
    const turned = new Map(
      histories.flatMap(({ changes = [] }) => changes.map((change) => [change.id, change] as const)),
    );
    const fixed = new Map(
      histories.flatMap(({ fixed: gone = [] }) => gone.map((leak) => [leak.id, leak] as const)),
    );
    // what an audit before the week had said already is no news
    const past = before?.headline.history;
    const known = {
      fixed: new Set((past?.fixed ?? []).map((leak) => leak.id)),
      turned: new Set((past?.changes ?? []).map((change) => `${change.id} ${change.now}`)),
    };
    const readyIn = (row: { headline: Headline } | undefined) => row?.headline.readySteps ?? [];
    const [wasReady, isReady] = [new Set(readyIn(before)), new Set(readyIn(news.at(-1)))];
    facts.processes.push({
      name,
      becameReady: before ? [...isReady].filter((step) => !wasReady.has(step)) : [],
      stoppedBeing: before ? [...wasReady].filter((step) => !isReady.has(step)) : [],
      path: `/o/${organisationId}/p/${id}/summary`,
      readyBefore: before ? (readiness(before)["ready"] ?? 0) : null,
      readyNow: readiness(news.at(-1))["ready"] ?? 0,
      steps: Object.values(readiness(news.at(-1))).reduce((sum, n) => sum + n, 0),
      fresh: fresh.map(({ content: { title, subject, money, people } }) => {
        return { title: people.includes(subject) ? title : `${title}: ${subject}`, money: leakMoney(money) };
      }),
      // a fixed leak may be named after a person, whom the brief does not name
      fixed: [...fixed.values()]
        .filter(({ id: leak }) => !known.fixed.has(leak))
        .map(({ detector, money }) => ({
          title: detector.replaceAll("-", " "),
          money: leakMoney(money),
        })),
      turned: [...turned.values()]
        .filter((change) => !known.turned.has(`${change.id} ${change.now}`))
        .map((change) => ({
          statement: keptStatement(change),
          before: change.before,
          now: change.now,
        })),
    });
  }
  for (const tool of await implementationsOf(db, organisationId)) {
    const gaps = await gapsOfImplementation(db, organisationId, tool.id, to);
    const notes = await gapNotesOf(db, organisationId, tool.id);
    const titleOf = (gap: (typeof gaps)[number]) => gap.content.title;
    const soon = day(new Date(to.getTime() + 2 * WEEK));
    facts.implementations.push({
      name: tool.name,
      path: `/o/${organisationId}/i/${tool.id}`,
      startsOn: tool.starts_on,
      opened: gaps.filter((gap) => gap.state === "open" && within(gap.opened_at)).map(titleOf),
      closed: gaps.filter((gap) => gap.state === "closed" && within(gap.closed_at)).map(titleOf),
      accepted: gaps.filter((gap) => gap.state === "accepted" && within(gap.accepted_at)).map(titleOf),
      due: gaps
        .filter(({ state }) => state === "open")
        .flatMap((gap) => {
          const { days, decides } = gap.content;
          const by = gap.decide_by ?? (tool.state === "planned" ? decideBy(tool.starts_on, days) : null);
          return by !== null && by > day(to) && by <= soon ? [{ title: titleOf(gap), decides, by }] : [];
        }),
      decided: notes.filter((one) => one.kind === "note" && within(one.made_at)).length,
    });
  }
  const overrides = await overridesThatHold(db, organisationId, to);
  for (const { step, process_id: processId, made_at: madeAt, until } of overrides) {
    const process = nameOf.get(processId) ?? "";
    if (within(madeAt)) facts.overrides.push({ step, process, what: "begun", until: day(until) });
    else if (until.getTime() - to.getTime() < WEEK)
      facts.overrides.push({ step, process, what: "ends", until: day(until) });
  }
  return facts;
}

/**
 * Sends what changed in a week to those whom an admin has named, and nothing in a week in which nothing did. A sending that was cut off is sent again under the same Message-ID.
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
    const facts = await weekOf(db, work.organisation_id, new Date(from), new Date(to), address);
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
