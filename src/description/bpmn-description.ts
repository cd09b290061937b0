import type { BpmnModel } from "../model/bpmn.ts";
import { bpmnOfTree } from "../model/bpmn-of-tree.ts";
import { InputError } from "../input-error.ts";
import { netOfBpmn } from "../model/net-of-bpmn.ts";
import { treeOfNet } from "../model/petri-net.ts";
import { canonicalTree, formatTree, type ProcessTree } from "../model/process-tree.ts";
import { readBpmn } from "../model/read-bpmn.ts";
import { escapeXml, readXml, type XmlElement } from "../model/xml.ts";
import { writeBpmn } from "../model/write-bpmn.ts";
import { descriptionSchema, type Description } from "./description.ts";
import { flowOfTree, stepsOfFlow, treeOfFlow } from "./flow.ts";

/** The namespace under which what BPMN has no word for stands in the file. */
const NAMESPACE = "urn:plumbline:description";

/**
 * A description as BPMN 2.0 with a drawing: the flow as nested blocks, the roles as lanes, and all the rest
 * (who holds a role, rules, mapping …) as extension of the process, which editors keep. `descriptionOfBpmn`
 * reads it back without a loss; a flow that was changed in an editor comes back in its plainest writing.
 */
export function bpmnOfDescription(description: Description): string {
  const model = bpmnOfTree(treeOfFlow(description.flow), description.process);
  for (const node of model.nodes) node.role = description.steps?.[node.name]?.role;
  const lanes = lanesOf(model);
  const extension = `    <extensionElements><plumbline:description xmlns:plumbline="${NAMESPACE}">${escapeXml(JSON.stringify(description))}</plumbline:description></extensionElements>\n`;
  return writeBpmn(model).replace(/(<process [^>]*>\n)/, (start) => `${start}${extension}${lanes}`);
}

function lanesOf({ nodes }: BpmnModel): string {
  const byRole = new Map<string, number[]>();
  nodes.forEach(({ kind, role }, n) => {
    if (kind !== "task" || role === undefined) return;
    const own = byRole.get(role);
    if (own) own.push(n);
    else byRole.set(role, [n]);
  });
  if (byRole.size === 0) return "";
  const lanes = [...byRole].map(
    ([role, own], i) =>
      `      <lane id="lane_${i + 1}" name="${escapeXml(role)}">${own.map((n) => `<flowNodeRef>node_${n + 1}</flowNodeRef>`).join("")}</lane>\n`,
  );
  return `    <laneSet id="lanes_1">\n${lanes.join("")}    </laneSet>\n`;
}

/**
 * A description from a BPMN file of any editor. Order and roles (lanes) are what the drawing says; what the
 * extension keeps is added where its steps are still there. Throws InputError for a drawing that is not made
 * of nested blocks, since a flow cannot say it, and for an extension that is damaged.
 */
export function descriptionOfBpmn(
  text: string,
  file: string,
  pool?: string,
): { description: Description; notes: string[] } {
  const { model, notes } = readBpmn(text, file, pool);
  const tree = treeOfNet(netOfBpmn(model));
  if (!tree) {
    throw new InputError(
      "not-nested",
      file,
      `${file}: expected a drawing of nested blocks (each way that parts comes together again), got one that a description cannot say. plumbline conform reads it as it is; for a description, draw it in blocks.`,
    );
  }
  const kept = extensionOf(readXml(text, file), file);
  const isUnchanged = kept !== undefined && sameRuns(treeOfFlow(kept.flow), tree);
  const flow = isUnchanged ? kept.flow : flowOfTree(tree);
  const drawn = new Set(stepsOfFlow(flow));
  const roleOf = new Map(
    model.nodes.flatMap(({ kind, name, role }) =>
      kind === "task" && role !== undefined ? [[name, role]] : [],
    ),
  );
  const steps: NonNullable<Description["steps"]> = {};
  for (const [name, step] of Object.entries(kept?.steps ?? {})) steps[name] = { ...step };
  for (const name of drawn) {
    const role = roleOf.get(name);
    if (role !== undefined) steps[name] = { ...steps[name], role };
  }
  const removed = kept ? Object.keys(kept.steps ?? {}).filter((name) => !drawn.has(name)) : [];
  const description = {
    ...kept,
    process: kept?.process ?? model.name,
    ...(Object.keys(steps).length > 0 ? { steps } : {}),
    flow,
  } as Description;
  return {
    description,
    notes: [
      ...notes,
      ...removed.map(
        (name) =>
          `The step "${name}" stands in the file and is not drawn; it is kept without a place in the flow.`,
      ),
    ],
  };
}

/** Escapes of JSON for what no database keeps; this program writes none of them. */
const UNKEPT = /\\u(?:0000|d[89a-f])/i;

const sameRuns = (a: ProcessTree, b: ProcessTree) =>
  formatTree(canonicalTree(a)) === formatTree(canonicalTree(b));

function extensionOf(root: XmlElement, file: string): Description | undefined {
  const find = (element: XmlElement): XmlElement | undefined => {
    if (element.name === "description" && element.text.startsWith("{")) return element;
    for (const child of element.children) {
      const found = find(child);
      if (found) return found;
    }
    return undefined;
  };
  const element = find(root);
  if (!element) return undefined;
  try {
    if (UNKEPT.test(element.text)) throw new Error("it holds the character NUL, or half of one");
    return descriptionSchema.parse(JSON.parse(element.text));
  } catch (cause) {
    throw new InputError(
      "wrong-bpmn",
      file,
      `${file}, line ${element.line}: the description kept in the file is damaged (${(cause as Error).message.slice(0, 200)}). Export it again, or remove the element.`,
      { cause },
    );
  }
}
