import { InputError } from "../input-error.ts";
import {
  SILENT,
  activityTree,
  simplifyTree,
  treeOf,
  type Operator,
  type ProcessTree,
} from "./process-tree.ts";
import { elementsNamed, escapeXml, readXml } from "./xml.ts";

const TAGS: Record<Operator, string> = {
  sequence: "sequence",
  choice: "xor",
  parallel: "and",
  loop: "xorLoop",
};

/** A process tree as PTML, the format of ProM; a loop has a third child there, the silent way out. */
export function writePtml(tree: ProcessTree, name = "process"): string {
  const nodes: string[] = [];
  const links: string[] = [];
  const draw = (node: ProcessTree): string => {
    const id = `n${nodes.length + 1}`;
    if (node.kind === "silent") nodes.push(`    <automaticTask id="${id}" name=""/>`);
    else if (node.kind === "activity")
      nodes.push(`    <manualTask id="${id}" name="${escapeXml(node.activity)}"/>`);
    else {
      nodes.push(`    <${TAGS[node.kind]} id="${id}" name=""/>`);
      const [first, ...again] = node.children;
      const children =
        node.kind === "loop" ? [first, simplifyTree(treeOf("choice", ...again)), SILENT] : node.children;
      for (const child of children) {
        const target = draw(child);
        links.push(`    <parentsNode id="l${links.length + 1}" sourceId="${id}" targetId="${target}"/>`);
      }
    }
    return id;
  };
  const root = draw(tree);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<ptml>",
    `  <processTree id="tree1" name="${escapeXml(name)}" root="${root}">`,
    ...nodes,
    ...links,
    "  </processTree>",
    "</ptml>",
    "",
  ].join("\n");
}

/**
 * Reads PTML. Throws InputError with the line for unknown elements (deferred choices and or-joins are not
 * covered), links that lead nowhere, to nodes that have a parent already, or round in circles, and loops
 * without two or three children.
 */
export function readPtml(text: string, file: string): ProcessTree {
  const document = readXml(text, file);
  const fail = (line: number, message: string): never => {
    throw new InputError("wrong-ptml", file, `${file}, line ${line}: ${message}`);
  };
  const [root, second] = elementsNamed(document, "processTree");
  if (!root)
    return fail(document.line, `expected a <ptml> document with a <processTree>, got <${document.name}>.`);
  if (second) fail(second.line, "expected one process tree, got a second one.");
  const nodes = new Map(
    root.children.filter((e) => e.name !== "parentsNode").map((e) => [e.attributes["id"], e]),
  );
  const children = new Map<string, string[]>();
  for (const link of root.children.filter((e) => e.name === "parentsNode")) {
    const { sourceId = "", targetId = "" } = link.attributes;
    if (!nodes.has(sourceId) || !nodes.has(targetId))
      fail(link.line, `expected a link between nodes of this tree, got "${sourceId}" to "${targetId}".`);
    const own = children.get(sourceId);
    if (own) own.push(targetId);
    else children.set(sourceId, [targetId]);
  }
  const ids = new Set<string>();
  for (const { attributes, line } of root.children.filter((e) => e.name !== "parentsNode")) {
    const id = attributes["id"] ?? "";
    if (ids.has(id)) fail(line, `expected an id of its own, got "${id}" a second time.`);
    ids.add(id);
  }
  const met = new Set<string>();
  const read = (id: string, depth: number): ProcessTree => {
    if (depth > 500) fail(root.line, "expected at most 500 levels.");
    const node = nodes.get(id) ?? fail(root.line, `expected the root of the tree, got "${id}".`);
    if (met.has(id))
      fail(node.line, `expected a tree, but node "${id}" has two parents or stands below itself.`);
    met.add(id);
    if (node.name === "automaticTask") return SILENT;
    if (node.name === "manualTask") {
      const name = (node.attributes["name"] ?? "").trim();
      if (name === "") fail(node.line, `expected a task with a name, got node "${id}" without one.`);
      return activityTree(name);
    }
    const kind = (Object.keys(TAGS) as Operator[]).find((k) => TAGS[k] === node.name);
    if (!kind)
      return fail(
        node.line,
        `expected ${Object.values(TAGS).join(", ")} or a task, got <${node.name}>, which is not covered.`,
      );
    const parts = (children.get(id) ?? []).map((child) => read(child, depth + 1));
    if (parts.length === 0) fail(node.line, `expected children of <${node.name}>, got none.`);
    if (kind !== "loop") return treeOf(kind, ...parts);
    if (parts.length < 2 || parts.length > 3)
      fail(node.line, `expected a loop with two or three children, got ${parts.length}.`);
    const loop = treeOf("loop", parts[0], parts[1]);
    return parts.length === 3 ? treeOf("sequence", loop, parts[2]) : loop;
  };
  return simplifyTree(read(root.attributes["root"] ?? "", 0));
}
