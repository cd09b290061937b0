import { SaxesParser } from "saxes";
import { InputError, reason } from "../input-error.ts";
import { checkCell } from "./limits.ts";
import { flattenObjects, type ObjectLog } from "./ocel.ts";
import type { OpenedFile } from "./open-bytes.ts";
import type { ReadOptions, ReadResult } from "./format.ts";

const MOST_DEPTH = 1000;

/**
 * Reads OCEL 2.0 XML (ocel-standard.org) and flattens it by the object type of the options. Entities that the
 * file itself declares are refused. Throws InputError, with the line, for XML that is not well formed.
 */
export async function readOcelXml(file: OpenedFile, options: ReadOptions): Promise<ReadResult> {
  return flattenObjects(file.path, "OCEL 2.0 XML", await readXmlObjects(file, options), options);
}

/** The events and objects of OCEL 2.0 XML. */
export async function readXmlObjects(file: OpenedFile, options: ReadOptions): Promise<ObjectLog> {
  const log: ObjectLog = { objects: new Map(), events: [], notes: [] };
  const parser = new SaxesParser({ xmlns: false, position: true });
  const stack: string[] = [];
  let attribute: { name: string; text: string } | undefined;
  let object: { type: string; attributes: Map<string, string> } | undefined;
  let event: ObjectLog["events"][number] | undefined;
  const fail = (message: string) => {
    throw new InputError(
      "xml-damaged",
      file.path,
      `${file.path}, line ${parser.line}: the XML is damaged: ${message}. Export the file again.`,
    );
  };

  parser.on("error", (error) => fail(reason(error)));
  parser.on("doctype", () => {
    throw new InputError(
      "xml-doctype",
      file.path,
      `${file.path}, line ${parser.line}: expected an element, got a document type declaration, which Plumbline does not read. Remove it.`,
    );
  });
  parser.on("opentag", ({ name, attributes }) => {
    const value = (key: string) => String(attributes[key] ?? "");
    const parent = stack.at(-1);
    if (stack.push(name) > MOST_DEPTH) fail(`expected at most ${MOST_DEPTH} nested elements, got more`);
    if (name === "object" && parent === "objects" && !event) {
      object = { type: value("type"), attributes: new Map() };
      log.objects.set(value("id"), object);
    } else if (name === "event") {
      event = {
        id: value("id"),
        type: value("type"),
        time: value("time"),
        attributes: new Map(),
        related: [],
      };
      log.events.push(event);
    } else if (
      (name === "relationship" || name === "object") &&
      event &&
      (parent === "objects" || parent === "relationships")
    ) {
      event.related.push({ object: value("object-id"), qualifier: value("qualifier") });
    } else if (name === "attribute" && (object || event)) attribute = { name: value("name"), text: "" };
  });
  parser.on("text", (text) => {
    if (!attribute) return;
    attribute.text += text;
    checkCell(`${file.path}, line ${parser.line}`, attribute.name, attribute.text.length);
  });
  parser.on("closetag", ({ name }) => {
    stack.pop();
    if (name === "attribute" && attribute) {
      (event?.attributes ?? object?.attributes)?.set(attribute.name, attribute.text.trim());
      attribute = undefined;
    } else if (name === "event") event = undefined;
    else if (name === "object" && !event) object = undefined;
  });

  const declared =
    /encoding\s*=\s*["']([\w-]+)["']/.exec(Buffer.from(file.head.subarray(0, 200)).toString("latin1"))?.[1] ??
    "utf-8";
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(declared);
  } catch (cause) {
    throw new InputError(
      "xml-encoding",
      file.path,
      `${file.path}: the XML says that it is in "${declared}", which is not known. Save it as UTF-8.`,
      { cause },
    );
  }
  for await (const block of file.blocks((share) => options.onProgress?.(share, "reading")))
    parser.write(decoder.decode(block, { stream: true }));
  parser.write(decoder.decode()).close();
  return log;
}

/** Whether the beginning of an XML file shows an object-centric log. */
export function looksLikeOcelXml(head: Uint8Array): boolean {
  return /<object-types[\s>]|<objects[\s>]/.test(
    Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 1 << 16)).toString("utf8"),
  );
}
