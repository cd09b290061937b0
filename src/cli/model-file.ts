import { descriptionSchema } from "../description/description.ts";
import { treeOfFlow } from "../description/flow.ts";
import { InputError } from "../input-error.ts";
import { modelOfNet, modelOfTree, type ProcessModel } from "../model/model.ts";
import { netOfBpmn } from "../model/net-of-bpmn.ts";
import { readPnml } from "../model/pnml.ts";
import { parseTree } from "../model/process-tree.ts";
import { readPtml } from "../model/ptml.ts";
import { readBpmn } from "../model/read-bpmn.ts";
import { MAX_MODEL } from "../model/xml.ts";
import { shorten } from "../formats/format.ts";
import { readBytes } from "./read-text.ts";
import { readYaml } from "./yaml-file.ts";

/** A model from a file, how it names what the log names otherwise, and what of the file plays no part. */
export interface ModelFile {
  model: ProcessModel;
  mapping: Record<string, string>;
  notes: string[];
}

/**
 * Reads BPMN, PNML, PTML, a description (YAML) or a process tree as text, told apart by content. `isActivity`
 * says which named events count as steps. Throws InputError with the place in the file.
 */
export function readModel(
  path: string,
  isActivity: (name: string) => boolean,
  pool: string | undefined,
): ModelFile {
  if (/\.ya?ml$/i.test(path)) {
    const { flow, mapping = {} } = readYaml(path, descriptionSchema, "description");
    return { model: modelOfTree(treeOfFlow(flow)), mapping, notes: [] };
  }
  const text = decode(path, readBytes(path, "model", MAX_MODEL));
  if (/^\s*(->|X|\+|\*|'|tau)/.test(text))
    return { model: modelOfTree(parseTree(text, path)), mapping: {}, notes: [] };
  if (text.trim() === "")
    throw new InputError("wrong-model", path, `${path}: expected a model, got an empty file.`);
  const head = text.slice(0, 20_000).replaceAll(/<!--[\s\S]*?-->/g, "");
  const root = /<(?:[\w.-]+:)?(definitions|pnml|ptml)\b/.exec(head)?.[1];
  if (root === "pnml") return { model: modelOfNet(readPnml(text, path)), mapping: {}, notes: [] };
  if (root === "ptml") return { model: modelOfTree(readPtml(text, path)), mapping: {}, notes: [] };
  if (root === "definitions") {
    const { model, notes } = readBpmn(text, path, pool);
    const steps = model.nodes.filter(({ kind, name }) => kind !== "task" && name !== "" && isActivity(name));
    for (const name of new Set(steps.map((node) => node.name)))
      notes.push(
        `The event "${name}" counts as a step where a case has it, since the log has an activity of that name.`,
      );
    return { model: modelOfNet(inFile(path, () => netOfBpmn(model, isActivity))), mapping: {}, notes };
  }
  throw new InputError(
    "wrong-model",
    path,
    `${path}: expected a model as BPMN, PNML, PTML, a description (a file called .yaml) or a process tree like ->( 'A', 'B' ), got a file that begins with "${shorten(text.trimStart().slice(0, 60))}".`,
  );
}

/** Puts the file before the message of what is wrong with its model. */
function inFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith(path)) throw error;
    throw new InputError(error.code, path, `${path}: ${error.message}`, { cause: error });
  }
}

/**
 * Text in the encoding that its byte order mark or its XML declaration names, else UTF-8. Throws InputError
 * for bytes that do not fit.
 */
function decode(path: string, bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  const declared =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : (/^[\s\S]{0,3}<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/.exec(head)?.[1] ?? "utf-8");
  try {
    return new TextDecoder(declared, { fatal: true }).decode(bytes); // without a byte order mark
  } catch (cause) {
    throw new InputError(
      "wrong-encoding",
      path,
      `${path}: expected text in ${declared}, got bytes that are not. Save it as UTF-8.`,
      { cause },
    );
  }
}
