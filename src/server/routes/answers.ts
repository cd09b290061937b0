import { z } from "@hono/zod-openapi";
import { meaningOf, type AnsweredQuestion } from "../../audit/answers.ts";
import type { AuditDocument } from "../../audit/audit-document.ts";
import { OPENING, questions } from "../../audit/questions.ts";
import { auditToEnqueue } from "../../jobs/enqueue-audit.ts";
import { act } from "../../store/acts.ts";
import { answersOf, countAnswers, keepAnswer, releaseAnswers } from "../../store/answers.ts";
import { auditOf } from "../../store/audits.ts";
import { wordedClaim } from "../../wording/worded-audit.ts";
import { auditFiles, readAuditFile } from "../../store/audit-files.ts";
import type { Services } from "../context.ts";
import { Problem } from "../problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { at, route, text } from "../route.ts";

const tag = "answers";

/** What the evidence says to the claim that all is well. */
const measured = z.object({
  claim: z.string(),
  n: z.int(),
  against: z.int(),
  unit: z.string(),
  check: z.string(),
  estimate: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  needs: z.array(z.string()),
  findings: z.array(z.string()),
  opens: z.boolean().describe("there are cases to open"),
});

/** The last audit as it is kept. */
export const documentOf = ({ blobs }: Pick<Services, "blobs">, folder: string): Promise<AuditDocument> =>
  readAuditFile(blobs, folder, auditFiles.document);

const seen = (document: AuditDocument | undefined, number: number) =>
  document?.questions.find((question) => question.number === number);

function measuredOf(question: AnsweredQuestion | undefined): z.infer<typeof measured> | null {
  if (!question) return null;
  const { statement, n, against, unit, check, estimate, interval, needs, caseIds } = wordedClaim(
    question.claim,
  );
  return {
    claim: statement,
    n,
    against,
    unit,
    check,
    estimate,
    interval,
    needs,
    findings: question.findings,
    opens: caseIds.length > 0,
  };
}

export const answerRoutes = [
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/answers/result",
    access: { right: "see processes" },
    tag,
    summary:
      "Answers beside the evidence: the released answers as the last audit checked them, how many said what, where people differ, never who",
    params: ofProcess({}),
    answers: {
      200: z.object({
        respondents: z.int().describe("people whose released answers the last audit knew"),
        answering: z.int().describe("people who have answered something, released or not"),
        unreleased: z.int().describe("answers that wait to be released"),
        auditAt: at.nullable(),
        items: z.array(
          z.object({
            number: z.int(),
            category: z.string(),
            question: z.string(),
            said: z.array(z.object({ text: z.string(), means: z.string(), count: z.int() })),
            evidence: z.enum(["well", "not well", "cannot say", "not visible"]),
            verdict: z.string(),
            disagreement: z.boolean(),
            measured,
          }),
        ),
      }),
    },
    async handle({ services, member, params }) {
      const { organisationId } = member;
      const { db } = services.database;
      await processIn(services, organisationId, params.process);
      const { people, unreleased } = await countAnswers(db, organisationId, params.process);
      const audit = await auditOf(db, organisationId, params.process);
      const document = audit ? await documentOf(services, audit.blob) : undefined;
      return {
        respondents: document?.respondents ?? 0,
        answering: people,
        unreleased,
        auditAt: audit?.at ?? null,
        items: (document?.questions ?? []).map((question) => ({
          number: question.number,
          category: question.category,
          question: question.question,
          said: question.said.map(({ text: words, means, count }) => ({ text: words, means, count })),
          evidence: question.evidence,
          verdict: question.verdict,
          disagreement: question.disagreement,
          measured: measuredOf(question)!,
        })),
      };
    },
  }),
  route({
    method: "get",
    path: "/organisations/{org}/processes/{process}/questions",
    access: { right: "answer" },
    tag,
    summary:
      "The questions of the audit, with one's own answers; the evidence stands beside a question once it is answered",
    params: ofProcess({}),
    answers: {
      200: z.object({
        items: z.array(
          z.object({
            number: z.int(),
            category: z.string(),
            question: z.string(),
            options: z.array(z.object({ key: z.string(), text: z.string() })),
            answer: z.string().nullable(),
            note: z.string().nullable(),
            answeredAt: at.nullable(),
            released: z.boolean(),
            evidence: z.enum(["well", "not well", "cannot say", "not visible"]).nullable(),
            measured: measured.nullable().describe("what the evidence says, once one has answered"),
            opening: z.boolean().describe("one of the six that are asked before any evidence"),
          }),
        ),
      }),
    },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      const { db } = services.database;
      await processIn(services, organisationId, params.process);
      const own = new Map(
        (await answersOf(db, organisationId, params.process, who.id)).map((answer) => [
          answer.question,
          answer,
        ]),
      );
      const audit = own.size > 0 ? await auditOf(db, organisationId, params.process) : undefined;
      const document = audit ? await documentOf(services, audit.blob) : undefined;
      return {
        items: questions.map((question) => {
          const answer = own.get(question.number);
          return {
            number: question.number,
            category: question.category,
            question: question.question,
            options: question.options.map(({ key, text: words }) => ({ key, text: words })),
            answer: answer?.value ?? null,
            note: answer?.note ?? null,
            answeredAt: answer?.answered_at ?? null,
            released: Boolean(answer?.released_at),
            evidence: (answer && seen(document, question.number)?.evidence) ?? null,
            measured: answer ? measuredOf(seen(document, question.number)) : null,
            opening: OPENING.includes(question.number),
          };
        }),
      };
    },
  }),
  route({
    method: "put",
    path: "/organisations/{org}/processes/{process}/answers/{question}",
    access: { right: "answer" },
    tag,
    summary: "Answer a question, or answer it anew; nobody else sees it until it is released",
    params: ofProcess({ question: z.coerce.number().int().min(1).max(questions.length) }),
    body: z.strictObject({ answer: text(400), note: text(2000).optional() }),
    answers: { 204: null },
    async handle({ services, member, params, body }) {
      const { organisationId, who } = member;
      await processIn(services, organisationId, params.process);
      const question = questions.find(({ number }) => number === params.question)!;
      if (meaningOf(question, body.answer) === undefined)
        throw new Problem(
          400,
          "wrong-input",
          `body.answer: expected ${question.options.map(({ key }) => key).join(", ")}, or always, mostly, sometimes, no, don't know; got "${body.answer.slice(0, 60)}"`,
          { where: "body.answer" },
        );
      await act(services, member, "answer a question", async (trx) => {
        const kept = await keepAnswer(trx, {
          organisationId,
          processId: params.process,
          personId: who.id,
          question: params.question,
          value: body.answer,
          note: body.note,
        });
        if (!kept)
          throw new Problem(
            409,
            "released",
            "This answer was released, and stands. Say what changed in a new audit.",
          );
        // what was answered is the assessor's; that it was, is no secret
        return { about: params.process, details: { question: params.question } };
      });
    },
  }),
  route({
    method: "post",
    path: "/organisations/{org}/processes/{process}/answers/release",
    access: { right: "release answers" },
    tag,
    summary: "Release all answers: the next audit holds them against the evidence, without names",
    params: ofProcess({}),
    answers: { 200: z.object({ released: z.int(), workId: z.string().nullable() }) },
    async handle({ services, member, params }) {
      const { organisationId, who } = member;
      await processIn(services, organisationId, params.process);
      return act(services, member, "release answers", async (trx, now) => {
        const released = await releaseAnswers(trx, organisationId, params.process, now);
        const audit =
          released > 0
            ? await auditToEnqueue(trx, {
                organisationId,
                processId: params.process,
                requestedBy: who.actor,
                because: "answers released",
              })
            : undefined;
        const workId = audit ? await services.queue.enqueue(trx, audit) : null;
        return { about: params.process, details: { released }, answer: { released, workId } };
      });
    },
  }),
];
