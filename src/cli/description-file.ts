import { parseDescription, type DescriptionReading } from "../description/read-description.ts";
import { readText } from "./read-text.ts";

/** Reads a description from a file; see `parseDescription`. */
export function readDescription(path: string, pool?: string): DescriptionReading {
  return parseDescription(readText(path, "description"), path, pool);
}
