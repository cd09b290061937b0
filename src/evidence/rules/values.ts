import type { LimitRule, Test } from "../../description/description.ts";

/** Names as they are compared: without case and outer or doubled blanks. */
export function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, " ");
}

/**
 * The value of a column in a case as rules read it: the one last recorded by row `e`, else the first recorded
 * later; undefined where the case has none. At most one pass over the case.
 */
export function valueInCase<T>(
  read: (row: number) => T | undefined,
  e: number,
  from: number,
  to: number,
): T | undefined {
  for (let k = e; k >= from; k--) {
    const value = read(k);
    if (value !== undefined) return value;
  }
  for (let k = e + 1; k < to; k++) {
    const value = read(k);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether a value passes a test of a rule. */
export function passes({ atLeast, below, is, in: among }: Test, value: string | number): boolean {
  const number = typeof value === "number" ? value : Number(value);
  if (atLeast !== undefined && !(number >= atLeast)) return false;
  if (below !== undefined && !(number < below)) return false;
  if (is !== undefined && !same(is, value)) return false;
  return among === undefined || among.some((one) => same(one, value));
}

function same(wanted: string | number | boolean, value: string | number): boolean {
  return typeof wanted === "number"
    ? Number(value) === wanted
    : plain(String(wanted)) === plain(String(value));
}

/** The instant that a value tells, in ms since epoch; NaN where it tells none. */
export function asTime(value: string | number | undefined): number {
  if (typeof value === "number") return value;
  return value === undefined ? NaN : Date.parse(value);
}

/**
 * Of the limits of one step, that which holds for somebody: the person's own, else that of one of their
 * roles, else everybody's; undefined where none does. Names as `plain` writes them.
 */
export function limitFor(
  limits: readonly LimitRule[],
  person: string | undefined,
  roles: ReadonlySet<string>,
): LimitRule | undefined {
  const personal = limits.find((rule) => rule.person !== undefined && plain(rule.person) === person);
  if (personal) return personal;
  return (
    limits.find(
      (rule) => rule.person === undefined && rule.role !== undefined && roles.has(plain(rule.role)),
    ) ?? limits.find((rule) => rule.person === undefined && rule.role === undefined)
  );
}
