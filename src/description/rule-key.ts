import type { Rule } from "./description.ts";

/**
 * A rule as a text that two rules share only when they say the same: fields in one order, without its name.
 */
export function ruleKey(rule: Rule): string {
  const plain = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(plain)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, inner]) => inner !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, inner]) => [name, plain(inner)]),
          )
        : value;
  const { name: _name, ...said } = rule;
  return JSON.stringify(plain("must" in said ? { ...said, must: [said.must].flat() } : said));
}
