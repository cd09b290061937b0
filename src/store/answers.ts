import type { Insertable } from "kysely";
import type { MadeAt, Maybe, MaybeAt } from "./columns.ts";
import type { Reader, Trx } from "./database.ts";

/** What one person answered to one of the questions. Seen by that person alone until it is released. */
export interface AnswerTable {
  organisation_id: string;
  process_id: string;
  person_id: string;
  question: number;
  /** key of an option, or its text, as in an answers file */
  value: string;
  note: Maybe<string>;
  answered_at: MadeAt;
  released_at: MaybeAt;
}

/** Keeps an answer; the same person's earlier one to the question is replaced, unless it was released. */
export async function keepAnswer(
  trx: Trx,
  answer: {
    organisationId: string;
    processId: string;
    personId: string;
    question: number;
    value: string;
    note?: string;
  },
): Promise<boolean> {
  const { value, note } = answer;
  const result = await trx
    .insertInto("answer")
    .values({
      organisation_id: answer.organisationId,
      process_id: answer.processId,
      person_id: answer.personId,
      question: answer.question,
      value,
      note: note ?? null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["process_id", "person_id", "question"])
        .doUpdateSet({ value, note: note ?? null, answered_at: new Date() })
        .where("answer.released_at", "is", null),
    )
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Answers of a process: of one person, or all that were released. */
export const answersOf = (db: Reader, organisationId: string, processId: string, personId?: string) =>
  db
    .selectFrom("answer")
    .selectAll()
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .$if(personId !== undefined, (query) => query.where("person_id", "=", personId!))
    .$if(personId === undefined, (query) => query.where("released_at", "is not", null))
    .orderBy("person_id")
    .orderBy("question")
    .execute();

/** Adds answers that nobody gave before: those of the sample. */
export async function addAnswers(trx: Trx, answers: readonly Insertable<AnswerTable>[]): Promise<void> {
  await trx.insertInto("answer").values(answers).execute();
}

/** How many people have answered something of a process, and how many answers wait to be released. */
export async function countAnswers(
  db: Reader,
  organisationId: string,
  processId: string,
): Promise<{ people: number; unreleased: number }> {
  const { people, unreleased } = await db
    .selectFrom("answer")
    .select((eb) => [
      eb.fn.count("person_id").distinct().as("people"),
      eb.fn.countAll().filterWhere("released_at", "is", null).as("unreleased"),
    ])
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .executeTakeFirstOrThrow();
  return { people: Number(people), unreleased: Number(unreleased) };
}

/** Releases all answers of a process that wait for it; returns how many. */
export async function releaseAnswers(
  trx: Trx,
  organisationId: string,
  processId: string,
  now: Date,
): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable("answer")
    .set({ released_at: now })
    .where("organisation_id", "=", organisationId)
    .where("process_id", "=", processId)
    .where("released_at", "is", null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
