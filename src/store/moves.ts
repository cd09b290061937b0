import { sql, type RawBuilder } from "kysely";
import type { States } from "./states.ts";

/**
 * A column's state after a move, as SQL: where the move leads from the states in which it begins, else as it
 * is.
 */
export const movedIn = <S extends string, M extends string>(
  column: string,
  { moves }: States<S, M>,
  move: M,
): RawBuilder<S> =>
  sql<S>`case when ${begins(column, moves[move].from)} then ${moves[move].to} else ${sql.ref(column)} end`;

/** Whether a column is in a state in which a move begins, as SQL. */
export const canMove = <S extends string, M extends string>(
  column: string,
  { moves }: States<S, M>,
  move: M,
): RawBuilder<boolean> => begins(column, moves[move].from);

const begins = (column: string, from: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} in (${sql.join(from)})`;
