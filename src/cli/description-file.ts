import { descriptionSchema, type Description } from "../description/description.ts";
import { readYaml } from "./yaml-file.ts";

/** Reads a description: YAML. Throws InputError with every problem at its line and column. */
export function readDescription(path: string): { description: Description; notes: string[] } {
  return { description: readYaml(path, descriptionSchema, "description"), notes: [] };
}
