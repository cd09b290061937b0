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
