import type { ColumnType, Generated } from "kysely";

/** An instant that the database sets when nothing else is said. */
export type MadeAt = ColumnType<Date, Date | string | undefined, Date | string>;
/** An instant. */
export type At = ColumnType<Date, Date | string, Date | string>;
/** An instant, or none yet. */
export type MaybeAt = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** A JSON document: read as what it is, written as text. */
export type Json<T> = ColumnType<T, string, string>;
/** A JSON document that is empty when nothing else is said. */
export type MadeJson<T> = ColumnType<T, string | undefined, string>;
/** A text or nothing. */
export type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
/** How often a row was changed, from 1: what a change must name so that nobody's change is lost. */
export type Version = Generated<number>;

/** Text as the database can keep it: the one character that it cannot is shown as a box, half of a pair as the sign for that. */
export const storable = (text: string): string => {
  const whole = text.toWellFormed();
  return whole.includes("\u0000") ? whole.replaceAll("\u0000", "\u25a1") : whole;
};

/** A JSON document as the database can keep it. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? storable(inner) : inner));
