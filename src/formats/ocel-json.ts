import { z } from "zod";
import { InputError, quoted } from "../input-error.ts";
import { parseJsonFile } from "./json.ts";
import { flattenObjects, type ObjectLog } from "./ocel.ts";
import type { OpenedFile } from "./open-bytes.ts";
import type { ReadOptions, ReadResult } from "./format.ts";
import type { CellValue } from "./table-builder.ts";

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const id = z.union([z.string(), z.number()]).transform(String);
const attribute = z.looseObject({ name: z.string(), value: scalar.optional(), time: z.string().optional() });
const relation = z.looseObject({ objectId: id, qualifier: z.string().optional() });

const version2 = z.looseObject({
  events: z.array(
    z.looseObject({
      id,
      type: z.string(),
      time: scalar,
      attributes: z.array(attribute).optional(),
      relationships: z.array(relation).optional(),
    }),
  ),
  objects: z.array(z.looseObject({ id, type: z.string(), attributes: z.array(attribute).optional() })),
});

const map = z.record(z.string(), scalar);
const event1 = z.looseObject({
  "ocel:activity": z.string(),
  "ocel:timestamp": scalar,
  "ocel:omap": z.array(id).optional(),
  "ocel:vmap": map.optional(),
});
const object1 = z.looseObject({ "ocel:type": z.string(), "ocel:ovmap": map.optional() });
const entries = z.custom<object>(
  (value) => typeof value === "object" && value !== null,
  "expected an object by id",
);

/**
 * Reads OCEL 2.0 and 1.0 JSON (ocel-standard.org) and flattens it by the object type of the options. Throws
 * InputError where the file has another shape.
 */
export async function readOcelJson(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  const { version, log } = await readJsonObjects(file, options);
  return flattenObjects(file.path, `OCEL ${version} JSON`, log, options);
}

/** The events and objects of OCEL JSON, and which version of the standard it follows. */
export async function readJsonObjects(
  file: OpenedFile,
  options: ReadOptions,
): Promise<{ version: "1.0" | "2.0"; log: ObjectLog }> {
  const value = await parseJsonFile(file, (share) => options.onProgress?.(share, "reading"));
  return typeof value === "object" && value !== null && "ocel:events" in value
    ? { version: "1.0", log: fromVersion1(file.path, value as Record<string, unknown>) }
    : { version: "2.0", log: fromVersion2(check(file.path, version2, value)) };
}

function check<T>(path: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 5).map((issue) => `${placeOf(issue.path)}: ${issue.message}`);
  throw new InputError(
    "ocel-shape",
    path,
    `${path} is not OCEL as the standard has it: ${problems.join("; ")}.`,
  );
}

/** Where in the document: what stands below its first level may be the id of a case or a person. */
function placeOf([first, ...below]: readonly PropertyKey[]): string {
  if (first === undefined) return "the document";
  return below.length === 0 ? String(first) : `${String(first)}.${quoted(below.join("."))}`;
}

function fromVersion2({ events, objects }: z.output<typeof version2>): ObjectLog {
  const log: ObjectLog = { objects: new Map(), events: [], notes: [] };
  for (const object of objects) {
    // An attribute that changes over time keeps its last value as a record; the first listing wins among
    // equal times.
    const attributes = new Map<string, CellValue>();
    const times = new Map<string, string>();
    for (const { name, value, time } of object.attributes ?? []) {
      if ((times.get(name) ?? "") > (time ?? "")) continue;
      times.set(name, time ?? "");
      attributes.set(name, value ?? undefined);
    }
    log.objects.set(object.id, { type: object.type, attributes });
  }
  for (const { id: eventId, type, time, attributes, relationships } of events) {
    log.events.push({
      id: eventId,
      type,
      time: time ?? undefined,
      attributes: new Map((attributes ?? []).map(({ name, value }) => [name, value ?? undefined])),
      related: (relationships ?? []).map(({ objectId, qualifier }) => ({
        object: objectId,
        qualifier: qualifier ?? "",
      })),
    });
  }
  return log;
}

function fromVersion1(path: string, value: Record<string, unknown>): ObjectLog {
  const log: ObjectLog = { objects: new Map(), events: [], notes: [] };
  // Entry by entry: an id may be any text, "__proto__" too.
  for (const [objectId, raw] of Object.entries(check(path, entries, value["ocel:objects"]))) {
    const object = check(path, object1, raw);
    log.objects.set(objectId, {
      type: object["ocel:type"],
      attributes: new Map(Object.entries(object["ocel:ovmap"] ?? {})),
    });
  }
  for (const [eventId, raw] of Object.entries(check(path, entries, value["ocel:events"]))) {
    const event = check(path, event1, raw);
    log.events.push({
      id: eventId,
      type: event["ocel:activity"],
      time: event["ocel:timestamp"] ?? undefined,
      attributes: new Map(Object.entries(event["ocel:vmap"] ?? {})),
      related: (event["ocel:omap"] ?? []).map((object) => ({ object, qualifier: "" })),
    });
  }
  return log;
}

/** Whether the beginning of a JSON file shows the keys of an object-centric log. */
export function looksLikeOcelJson(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1 << 16)).toString("utf8");
  return (
    /"ocel:(global-log|events|objects)"/.test(text) ||
    (/"(objectTypes|eventTypes)"\s*:/.test(text) && text.trimStart().startsWith("{"))
  );
}
