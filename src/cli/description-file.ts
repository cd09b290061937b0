import { createHash } from "node:crypto";
import { descriptionOfBpmn } from "../description/bpmn-description.ts";
import { descriptionSchema, type Description } from "../description/description.ts";
import { readText } from "./read-text.ts";
import { readYaml } from "./yaml-file.ts";

/**
 * Reads a description: YAML, or BPMN. Throws InputError with every problem at its line and column. The notes say when it was changed since it was signed off.
 */
export function readDescription(path: string, pool?: string): { description: Description; notes: string[] } {
  if (/\.(bpmn|xml)$/i.test(path)) return descriptionOfBpmn(readText(path, "description"), path, pool);
  const description = readYaml(path, descriptionSchema, "description");
  const { signedOff } = description;
  const changed = signedOff !== undefined && signedOff.content !== fingerprint(description);
  return {
    description,
    notes: changed
      ? [
          `${path}: changed since ${signedOff.by} signed it off on ${signedOff.at}; sign it again with plumbline describe --sign.`,
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
