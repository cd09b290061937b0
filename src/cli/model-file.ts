import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { flowSchema, treeOfFlow } from "../description/flow.ts";
import { InputError } from "../input-error.ts";
import { modelOfNet, modelOfTree, type ProcessModel } from "../model/model.ts";
import { netOfBpmn } from "../model/net-of-bpmn.ts";
import { readPnml } from "../model/pnml.ts";
import { parseTree } from "../model/process-tree.ts";
import { readPtml } from "../model/ptml.ts";
import { readBpmn } from "../model/read-bpmn.ts";
import { MAX_MODEL } from "../model/xml.ts";
import { readYaml } from "./yaml-file.ts";

/** A model from a file, how it names what the log names otherwise, and what of the file plays no part. */
export interface ModelFile {
  model: ProcessModel;
  mapping: Record<string, string>;
  notes: string[];
}

/** What of a description is needed to compare a log with it; the rest is read by what needs it. */
const descriptionSchema = z.looseObject({
  process: z.string().optional(),
  flow: flowSchema,
  mapping: z.record(z.string(), z.string()).optional(),
});

/**
 * Reads BPMN, PNML, PTML, a description (YAML) or a process tree as text, told apart by content. `isActivity` says which named events count as
 * steps. Throws InputError with the place in the file.
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
  const text = readText(path);
  if (/^\s*(->|X|\+|\*|'|tau)/.test(text))
    return { model: modelOfTree(parseTree(text, path)), mapping: {}, notes: [] };
  const root = /<(?:[\w.-]+:)?(definitions|pnml|ptml)\b/.exec(text.slice(0, 20_000))?.[1];
  if (root === "pnml") return { model: modelOfNet(readPnml(text, path)), mapping: {}, notes: [] };
  if (root === "ptml") return { model: modelOfTree(readPtml(text, path)), mapping: {}, notes: [] };
  if (root === "definitions") {
    const { model, notes } = readBpmn(text, path, pool);
    return { model: modelOfNet(netOfBpmn(model, isActivity)), mapping: {}, notes };
  }
  throw new InputError(
    "wrong-model",
    path,
    `${path}: expected a model as BPMN, PNML, PTML, a description (.yaml) or a process tree like ->( 'A', 'B' ), got something else.`,
  );
}

function readText(path: string): string {
  try {
    if (statSync(path).size > MAX_MODEL)
      throw new InputError(
        "too-large",
        path,
        `${path}: expected a model of at most 50 MB. Check that this is the model and not the log.`,
      );
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(
      "unreadable",
      path,
      `${path} (model) cannot be read: ${(cause as Error).message}. Check the path.`,
      { cause },
    );
  }
}
