import { z } from "@hono/zod-openapi";
import { meaningOf } from "../audit/answers.ts";
import type { AuditDocument } from "../audit/audit-document.ts";
import { questions } from "../audit/questions.ts";
import { auditWanted } from "../jobs/want-audit.ts";
import { answersOf, keepAnswer } from "../store/answers.ts";
import { auditOf } from "../store/audits.ts";
import { readWhole } from "../store/blobs.ts";
import { transact } from "../store/database.ts";
import { addToTrail } from "../store/trail.ts";
import { Problem } from "./problem.ts";
import { ofProcess, processIn } from "./processes.ts";
import { at, route, text } from "./route.ts";

const tag = "answers";

export const answerRoutes = [
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
            evidence: z.string().nullable(),
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
      const document = audit
        ? (JSON.parse(
            (await readWhole(services.blobs, `${audit.blob}/document.json`)).toString(),
          ) as AuditDocument)
        : undefined;
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
            evidence: answer
              ? (document?.questions.find(({ number }) => number === question.number)?.evidence ?? null)
              : null,
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
      await transact(services.database.db, async (trx) => {
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
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "answered a question",
            subject: `process ${params.process}`,
            details: { question: params.question },
          },
          services.now(),
        );
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
      const now = services.now();
      await processIn(services, organisationId, params.process);
      return transact(services.database.db, async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable("answer")
          .set({ released_at: now })
          .where("organisation_id", "=", organisationId)
          .where("process_id", "=", params.process)
          .where("released_at", "is", null)
          .executeTakeFirst();
        const released = Number(numUpdatedRows);
        const audit =
          released > 0
            ? await auditWanted(trx, {
                organisationId,
                processId: params.process,
                requestedBy: who.actor,
                because: "answers released",
              })
            : undefined;
        const workId = audit ? await services.queue.want(trx, audit) : null;
        await addToTrail(
          trx,
          {
            organisationId,
            actor: who.actor,
            act: "released answers",
            subject: `process ${params.process}`,
            details: { released },
          },
          now,
        );
        return { released, workId };
      });
    },
  }),
];
