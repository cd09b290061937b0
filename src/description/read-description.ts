import { choose } from "../input-error.ts";
import { createHash } from "node:crypto";
import { descriptionOfBpmn } from "./bpmn-description.ts";
import { parseYaml } from "./checked-yaml.ts";
import { descriptionSchema, type Description } from "./description.ts";

/** A description and what people should know of how it was read. */
export interface DescriptionReading {
  description: Description;
  notes: string[];
}

/**
 * Reads a description: YAML, or BPMN. Throws InputError with every problem at its line and column; `path` is
 * how messages call it. The notes say when it was changed since it was signed off.
 */
export function parseDescription(text: string, path: string, pool?: string): DescriptionReading {
  if (/\.(bpmn|xml)$/i.test(path)) return descriptionOfBpmn(text, path, pool);
  const description = parseYaml(text, path, descriptionSchema, "description");
  const { signedOff } = description;
  const changed = signedOff !== undefined && signedOff.content !== fingerprint(description);
  return {
    description,
    notes: changed
      ? [
          `${path}: changed since ${signedOff.by} signed it off on ${signedOff.at}; sign it again with ${choose("sign")}.`,
        ]
      : [],
  };
}

/** A fingerprint of what a description says, without its signature; the order of keys plays no part. */
export function fingerprint(description: Description): string {
  const rest: Partial<Description> = { ...description };
  delete rest.signedOff;
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(([, inner]) => inner !== undefined)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, inner]) => [key, sorted(inner)]),
          )
        : value;
  return createHash("sha256")
    .update(JSON.stringify(sorted(rest)))
    .digest("hex")
    .slice(0, 16);
}
