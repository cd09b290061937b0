import type { Description } from "./description.ts";

/**
 * A description in which people have numbers instead of names, the same person the same throughout; roles,
 * steps and rules stay.
 */
export function withoutNames(description: Description): Description {
  const names = new Map<string, string>();
  const name = (one: string) => {
    if (one !== "*" && !names.has(one)) names.set(one, `person ${names.size + 1}`);
    return names.get(one) ?? one;
  };
  for (const people of Object.values(description.roles ?? {})) people.forEach(name);
  for (const step of Object.values(description.steps ?? {})) [step?.deputy ?? []].flat().forEach(name);
  for (const rule of description.rules ?? [])
    if ("person" in rule && typeof rule.person === "string") name(rule.person);
  const hidden = (value: unknown): unknown => {
    if (typeof value === "string") return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(hidden);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hidden(inner)]));
  };
  const { signedOff: _signed, ...rest } = description;
  return hidden(rest) as Description;
}
