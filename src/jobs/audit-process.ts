import type { Selectable } from "kysely";
import { pseudonymise, type AuditDocument } from "../audit/audit-document.ts";
import { withoutCases } from "../audit/claims.ts";
import { Evidence } from "../evidence/evidence.ts";
import { judgeProcess, type Judgement, type Touching } from "../judgement/judge-process.ts";
import { summaryOf } from "../judgement/summary-of.ts";
import { keptSteps } from "../readiness/as-it-stands.ts";
import type { Answers } from "../audit/answers.ts";
import { pastOf, type PastAudit } from "../audit/history.ts";
import type { Review } from "../audit/precision.ts";
import { ratesOf } from "../audit/rates-schema.ts";
import { headline } from "../reports/text-report.ts";
import type { Description } from "../description/description.ts";
import { timeRange } from "../eventlog/event-log.ts";
import { givenCalendar } from "../eventlog/given-calendar.ts";
import { logFromBytes } from "../eventlog/log-bytes.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { InputError } from "../input-error.ts";
import { readOptionsOf } from "../formats/read-options.ts";
import { readRecords } from "../formats/records.ts";
import { answersOf, type AnswerTable } from "../store/answers.ts";
import { auditFiles, writeAuditFile, type AuditFile } from "../store/audit-files.ts";
import { addAudit, isOvertaken, pastAudits, type Headline } from "../store/audits.ts";
import { keepClaims } from "../store/claims.ts";
import type { Trx } from "../store/database.ts";
import { descriptionOf, isSaidByPeople } from "../store/descriptions.ts";
import { taskConfirmationsOf } from "../store/task-confirmations.ts";
import { forAnybody } from "../store/places.ts";
import { keepFindings, type FindingContent } from "../store/findings.ts";
import { keepGaps } from "../store/gaps.ts";
import { implementationsOf } from "../store/implementations.ts";
import { latestLogs } from "../store/logs.ts";
import { organisationOf, type OrganisationSettings } from "../store/organisations.ts";
import { lockProcess, processOf, type ProcessSettings } from "../store/processes.ts";
import { reviewsOf } from "../store/reviews.ts";
import { defineJob, type Computing, type Work } from "./job.ts";
import { localFile } from "./local-file.ts";
import { readBytesOf } from "./read-bytes.ts";
import type { FoundGap } from "../implementations/gaps.ts";
import { statementsOf, withoutProgramsWord, type StepStatement } from "../readiness/said-of-step.ts";

type LogRow = Awaited<ReturnType<typeof latestLogs>>[number];

interface Input {
  folder: string;
  now: number;
  events: Pick<LogRow, "id" | "blob" | "file" | "summary" | "account" | "notes">;
  records: Pick<LogRow, "blob" | "file" | "import_name" | "tag" | "options">[];
  description: { number: number; content: Description } | undefined;
  /** what people said of steps on their page */
  confirmed: Record<string, StepStatement>;
  reviews: Review[];
  answers: Answers | undefined;
  past: PastAudit[];
  organisation: OrganisationSettings;
  process: { name: string; settings: ProcessSettings };
  /** what touches the process, with what it needs of it */
  tools: Touching[];
}

interface Computed {
  blob: string;
  logId: string;
  descriptionNumber: number | null;
  at: string;
  headline: Headline;
  past: PastAudit;
  findings: FindingContent[];
  claims: AuditDocument["claims"];
  fixed: string[];
  gaps: { implementationId: string; version: number; found: FoundGap[] }[];
}

/** How many audits of a process are compared with. */
const PAST = 60;

/**
 * Looks for leaks in the evidence of a process as it stands, judges every claim anew, and compares with the
 * audits before.
 */
export const auditProcess = defineJob<Input, Computed>()({
  kind: "audit",
  what: "looks for leaks and judges claims",
  minutes: () => 60,

  async prepare(db, work, now) {
    const organisationId = work.organisation_id;
    const processId = work.process_id!;
    const logs = await latestLogs(db, organisationId, processId);
    const process = await processOf(db, organisationId, processId);
    const organisation = await organisationOf(db, organisationId);
    if (!process || !organisation)
      throw new InputError("gone", "process", "The process was removed before it was audited.");
    // of several event sources the latest import counts
    const events = logs
      .filter(({ kind }) => kind === "events")
      .sort((a, b) => b.made_at.getTime() - a.made_at.getTime())[0];
    if (!events)
      throw new InputError(
        "no-events",
        process.name,
        `${process.name} has no events yet, so there is nothing to audit. Import an event log.`,
      );
    const description = await descriptionOf(db, organisationId, processId);
    const reviews = await reviewsOf(db, organisationId);
    return {
      folder: `${organisationId}/audits/${work.id}-${work.attempt}`,
      now: now.getTime(),
      events: pick(events, ["id", "blob", "file", "summary", "account", "notes"]),
      records: logs
        .filter(({ kind }) => kind === "records")
        .map((log) => pick(log, ["blob", "file", "import_name", "tag", "options"])),
      description: description && {
        number: description.number,
        content: {
          ...(isSaidByPeople(description) ? description.content : withoutProgramsWord(description.content)),
          version: description.number,
          // who signed it off stands with the description, for those who may see names
          signedOff: undefined,
        },
      },
      confirmed: statementsOf(await taskConfirmationsOf(db, organisationId, processId)),
      reviews: reviews.map((v) => ({
        finding: v.finding_id,
        detector: v.detector,
        subject: v.subject,
        said: v.said,
        note: v.note ?? undefined,
        at: v.said_at.toISOString(),
      })),
      answers: answersFrom(await answersOf(db, organisationId, processId)),
      past: await pastAudits(db, processId, PAST),
      organisation: organisation.settings,
      process: { name: process.name, settings: process.settings },
      tools: (await implementationsOf(db, organisationId)).flatMap((one) => {
        const touched = one.touches.find((touch) => touch.processId === processId);
        return touched
          ? [
              {
                ...pick(one, ["id", "version", "name", "document"]),
                steps: touched.steps,
                requires: one.requires.filter((need) => need.processId === processId),
              },
            ]
          : [];
      }),
    };
  },

  async compute(input, at) {
    at.progress(0, "loading the evidence");
    const log = logFromBytes(await readBytesOf(at.blobs, input.events.blob));
    const records = [];
    const notes: string[] = [...input.events.notes];
    for (const [i, table] of input.records.entries()) {
      const path = await localFile({ ...at, temporary: `${at.temporary}/${i}` }, [table.blob], table.file);
      const read = await readRecords(
        path,
        table.import_name,
        table.tag || undefined,
        readOptionsOf(table.options),
      );
      records.push(read.table);
      notes.push(...read.notes);
    }
    const { settings, name } = input.process;
    const zone = new TimeZone(settings.timeZone ?? input.organisation.timeZone ?? "UTC");
    const evidence = new Evidence(log, {
      zone,
      calendar:
        settings.calendar && givenCalendar(settings.calendar, timeRange(log) ?? { from: 0, to: 0 }, zone),
      approvals: settings.approvals,
      description: input.description?.content,
      records,
    });
    const judgement = judgeProcess(evidence, {
      summary: input.events.summary,
      source: input.events.file,
      // a report goes from hand to hand
      notes: notes.map(forAnybody),
      reviews: input.reviews,
      answers: input.answers,
      past: input.past,
      now: input.now,
      confirmed: input.confirmed,
      tools: input.tools,
      remedyDays: settings.remedyDays,
      thresholds: settings.thresholds,
      rates: input.organisation.rates && ratesOf(input.organisation.rates),
      onProgress: (share, what) => at.progress(0.1 + share * 0.8, `looking for ${what}`),
    });
    at.progress(0.9, "keeping the result");
    return keep(judgement, input, name, at);
  },

  async finish(trx, work, computed) {
    const { organisation_id: organisationId } = work;
    const processId = work.process_id!;
    await addAudit(trx, {
      id: work.id,
      organisation_id: organisationId,
      process_id: processId,
      work_id: work.id,
      log_id: computed.logId,
      description_number: computed.descriptionNumber,
      at: computed.at,
      headline: computed.headline,
      past: computed.past,
      blob: computed.blob,
    });
    // of audits that overlap, the one that saw the later state speaks for the process, whichever ends last
    await lockProcess(trx, processId);
    if (!(await isOvertaken(trx, processId, new Date(computed.at)))) {
      const about = { organisationId, processId, auditId: work.id, at: computed.at };
      await keepFindings(trx, about, computed);
      await keepClaims(trx, about, computed.claims);
      await keepFoundGaps(trx, work, computed);
    }
    return {
      result: { auditId: work.id, findings: computed.findings.length },
      next: [
        {
          organisationId: work.organisation_id,
          processId: work.process_id!,
          kind: "render",
          input: { auditId: work.id },
          once: `render ${work.id}`,
          requestedBy: work.requested_by,
        },
      ],
    };
  },
});

/** Writes the document as blobs: with and without people's names, and the cases of each finding by itself. */
async function keep(judgement: Judgement, input: Input, name: string, at: Computing): Promise<Computed> {
  const { readiness, links, requirements } = judgement;
  const { document: nameless, key } = pseudonymise(judgement.audit, { cases: false });
  const account = input.events.account;
  const files = [input.events.file, ...input.records.map(({ file }) => file)];
  const write = <T>(file: AuditFile<T>, content: T) => writeAuditFile(at.blobs, input.folder, file, content);
  await write(auditFiles.document, { ...nameless, account, process: name, files, quotes: false });
  await write(auditFiles.people, key.people);
  for (const { id, caseIds, records } of nameless.findings) {
    const stories = Object.fromEntries(
      caseIds.flatMap((caseId) =>
        Object.hasOwn(nameless.stories, caseId) ? [[caseId, nameless.stories[caseId]]] : [],
      ),
    );
    await write(auditFiles.finding(id), { caseIds, records, stories });
  }
  for (const { id, caseIds } of nameless.claims)
    if (caseIds.length > CLAIM_CASES) await write(auditFiles.claimCases(id), caseIds);
  // what each step rests on, and the cases against each claim by themselves
  for (const { id, caseIds } of [
    ...readiness.steps.flatMap(({ claims }) => claims),
    ...readiness.process.claims,
    ...requirements.flatMap(({ held }) => held.map(({ claim }) => claim)),
  ])
    if (caseIds.length > 0) await write(auditFiles.readinessCases(id), caseIds);
  await write(auditFiles.readiness, keptSteps(readiness.steps));
  await write(auditFiles.processReadiness, {
    ...readiness.process,
    claims: withoutCases(readiness.process.claims),
  });
  // a link names findings by what pages may show of them
  const shown = new Set(nameless.findings.map(({ id }) => id));
  await write(
    auditFiles.links,
    links.filter(({ from, to }) => shown.has(from) && shown.has(to)).slice(0, 100),
  );
  await write(
    auditFiles.tools,
    requirements.map(({ id, version, steps, held }) => ({
      id,
      version,
      steps,
      held: held.map(({ claim, ...one }) => ({ ...one, claim: withoutCases([claim])[0] })),
    })),
  );
  return {
    blob: input.folder,
    logId: input.events.id,
    descriptionNumber: input.description?.number ?? null,
    at: nameless.at,
    headline: { sentences: headline(nameless), ...summaryOf({ ...judgement, audit: nameless }) },
    past: pastOf(nameless),
    findings: nameless.findings.map(({ caseIds: _cases, records: _records, ...finding }) => finding),
    claims: nameless.claims.map((claim) => ({ ...claim, caseIds: claim.caseIds.slice(0, CLAIM_CASES) })),
    fixed: nameless.history.fixed.map(({ id }) => id),
    gaps: requirements.map(({ id, version, gaps }) => ({ implementationId: id, version, found: gaps })),
  };
}

/**
 * The gaps between the process and what touches it; none of an implementation that was removed or changed
 * meanwhile: its own audit comes.
 */
async function keepFoundGaps(trx: Trx, work: Work, { gaps, at }: Computed): Promise<void> {
  const there = new Map(
    (await implementationsOf(trx, work.organisation_id)).map(({ id, version }) => [id, version]),
  );
  for (const { implementationId, version, found } of gaps)
    if (there.get(implementationId) === version)
      await keepGaps(
        trx,
        {
          organisationId: work.organisation_id,
          implementationId,
          processId: work.process_id!,
          at: new Date(at),
        },
        found,
      );
}

/** Cases kept in the row of a claim; where there are more, all of them stand in a blob. */
export const CLAIM_CASES = 1000;

/** Released answers as an audit takes them; who gave them is a number. */
function answersFrom(rows: Selectable<AnswerTable>[]): Answers | undefined {
  if (rows.length === 0) return undefined;
  const people = [...new Set(rows.map(({ person_id }) => person_id))];
  return {
    released: true,
    people: people.map((person, i) => ({
      by: `respondent ${i + 1}`,
      answers: Object.fromEntries(
        rows.filter(({ person_id }) => person_id === person).map(({ question, value }) => [question, value]),
      ),
    })),
  };
}

function pick<T extends object, K extends keyof T>(row: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, row[key]])) as Pick<T, K>;
}
