import type { ZodType } from "zod";
import { parseYaml } from "../description/checked-yaml.ts";
import { readText } from "./read-text.ts";

/** Reads and checks a YAML file; see `parseYaml`. */
export function readYaml<T>(path: string, schema: ZodType<T>, what: string): T {
  return parseYaml(readText(path, what), path, schema, what);
}
