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

/**
 * Text as the database can keep it: the one character that it cannot is shown as a box, half of a pair as the
 * sign for that.
 */
export const storable = (text: string): string => {
  const whole = text.toWellFormed();
  return whole.includes("\u0000") ? whole.replaceAll("\u0000", "\u25a1") : whole;
};

/** Whether the database can keep every text of a value, names of objects too, as it is. */
export function isStorable(value: unknown): boolean {
  if (typeof value === "string") return value === storable(value);
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner));
}

/** NUL, or half of a pair, as JSON writes them; also where a text says so in these letters. */
const NOT_KEPT = /\\u(?:0000|d[89a-f])/;

/** A JSON document as the database can keep it. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (text === undefined || !NOT_KEPT.test(text)) return text;
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === "string") return storable(inner);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    const names = Object.keys(inner);
    if (names.every((name) => name === storable(name))) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, own]) => [storable(name), own as unknown]));
  });
}
