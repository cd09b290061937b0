import { choose, InputError } from "../input-error.ts";
import type { BpmnModel, BpmnNode } from "./bpmn.ts";
import { hasTree } from "./net-of-bpmn.ts";
import { childOf, elementsNamed, readXml, type XmlElement } from "./xml.ts";

/** Whether elements of this name are steps, gateways, events or subprocesses. */
function isNode(name: string): boolean {
  return (
    TASKS.has(name) || name in GATEWAYS || name in EVENTS || name === "subProcess" || name === "transaction"
  );
}

/**
 * What was read, and what of the file has no part in the order of work or is read in a simplified way, in
 * words.
 */
export interface BpmnReading {
  model: BpmnModel;
  notes: string[];
}

/** Element names that are steps of work. A call activity stands for the process it calls, as one step. */
const TASKS = new Set(
  "task userTask serviceTask manualTask scriptTask sendTask receiveTask businessRuleTask callActivity".split(
    " ",
  ),
);
const GATEWAYS: Record<string, BpmnNode["kind"]> = {
  exclusiveGateway: "exclusive",
  eventBasedGateway: "exclusive",
  parallelGateway: "parallel",
  inclusiveGateway: "inclusive",
};
const EVENTS: Record<string, BpmnNode["kind"]> = {
  startEvent: "start",
  endEvent: "end",
  intermediateCatchEvent: "event",
  intermediateThrowEvent: "event",
};
/** Elements that change the order of work in ways that are not covered: refused by name. */
const REFUSED: Record<string, string> = {
  complexGateway: "a complex gateway",
  adHocSubProcess: "an ad-hoc subprocess",
};
/** Elements without a part in the order of work. */
const SILENT_ELEMENTS = new Set(
  "sequenceFlow laneSet ioSpecification property documentation extensionElements incoming outgoing standardLoopCharacteristics multiInstanceLoopCharacteristics auditing monitoring".split(
    " ",
  ),
);

/**
 * Reads one process of a BPMN 2.0 file: tasks of all kinds, events, exclusive, event-based, parallel and
 * inclusive gateways, loop markers, nested subprocesses (unfolded), boundary events of tasks (as happening
 * instead of the task), pools and lanes. What has no part in the order of work is named in `notes`.
 *
 * Throws InputError with the line: for several pools with work in them and no `pool` named, complex gateways,
 * ad-hoc and event subprocesses, boundary events of subprocesses, flows that lead nowhere.
 */
export function readBpmn(text: string, file: string, pool?: string): BpmnReading {
  const root = readXml(text, file);
  if (root.name !== "definitions") {
    throw new InputError(
      "wrong-bpmn",
      file,
      `${file}, line ${root.line}: expected BPMN <definitions>, got <${root.name}>.`,
    );
  }
  const process = chooseProcess(root, file, pool);
  const reader = new Reader(file, process);
  reader.scope(process, undefined);
  const flowCount = elementsNamed(root, "messageFlow").length;
  if (flowCount > 0) reader.note("messageFlow", flowCount);
  if (reader.model.nodes.length === 0)
    reader.fail(process, "expected a process with steps, got an empty one.");
  return { model: reader.model, notes: reader.notes() };
}

function chooseProcess(root: XmlElement, file: string, pool: string | undefined): XmlElement {
  const participants = elementsNamed(root, "participant");
  const nameOf = (process: XmlElement): string =>
    participants.find((p) => p.attributes["processRef"] === process.attributes["id"])?.attributes["name"] ??
    process.attributes["name"] ??
    process.attributes["id"] ??
    "";
  const all = root.children.filter((e) => e.name === "process");
  const works = ({ name, attributes }: XmlElement) =>
    TASKS.has(name) ||
    /^(subProcess|transaction)$/.test(name) ||
    Object.hasOwn(REFUSED, name) ||
    (Object.hasOwn(EVENTS, name) && (attributes["name"] ?? "").trim() !== "");
  const working = all.filter((p) => p.children.some(works));
  const wanted =
    pool === undefined ? working : working.filter((p) => nameOf(p) === pool || p.attributes["id"] === pool);
  if (wanted.length === 1) return wanted[0];
  const known = working.map((p) => `"${nameOf(p)}" (${p.attributes["id"] ?? "without an id"})`).join(", ");
  const message =
    working.length === 0
      ? "expected a process with steps, got none."
      : `expected one pool${pool === undefined ? "" : ` named "${pool}"`}, got ${known}. Name one, or its id, with ${choose("pool")}.`;
  throw new InputError("wrong-bpmn", file, `${file}: ${message}`);
}

class Reader {
  readonly model: BpmnModel;
  readonly #file: string;
  readonly #counts = new Map<string, number>();
  readonly #special: string[] = [];
  readonly #roles = new Map<string, string>();
  /** link events of the scope that is being read, by the name of their link */
  readonly #linkEvents = new Map<string, { throws: number[]; catches: number[] }>();

  constructor(file: string, process: XmlElement) {
    this.#file = file;
    this.model = {
      name: process.attributes["name"] || process.attributes["id"] || "process",
      nodes: [],
      flows: [],
    };
    this.#lanes(process);
  }

  fail(element: XmlElement, message: string): never {
    throw new InputError("wrong-bpmn", this.#file, `${this.#file}, line ${element.line}: ${message}`);
  }

  note(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  notes(): string[] {
    const ignored = [...this.#counts].map(([what, count]) => `${count} × ${what}`).join(", ");
    return [
      ...this.#special,
      ...(ignored === "" ? [] : [`Without a part in the order of work: ${ignored}.`]),
    ];
  }

  /**
   * Reads the steps of a process or subprocess. A subprocess gets a silent begin and end, which are returned.
   */
  scope(scope: XmlElement, role: string | undefined): { begin: number; end: number } | undefined {
    const isProcess = scope.name === "process";
    const entry = new Map<string, number>();
    const exit = new Map<string, number>();
    const boundary: XmlElement[] = [];
    for (const element of scope.children) {
      const id = element.attributes["id"] ?? "";
      const name = (element.attributes["name"] ?? "").replaceAll(/\s+/g, " ").trim();
      const own = this.#roles.get(id) ?? role;
      if (Object.hasOwn(REFUSED, element.name))
        this.fail(
          element,
          `${REFUSED[element.name]} ("${name || id}") is not covered. Draw it with other gateways.`,
        );
      const isStep = isNode(element.name);
      if (isStep && (id === "" || entry.has(id)))
        this.fail(
          element,
          `expected <${element.name}> with an id of its own, got ${id === "" ? "none" : `"${id}" a second time`}.`,
        );
      if (element.name === "boundaryEvent") boundary.push(element);
      else if (element.name === "subProcess" || element.name === "transaction") {
        if (element.attributes["triggeredByEvent"] === "true")
          this.fail(element, `an event subprocess ("${name || id}") is not covered. Draw it in the flow.`);
        // a collapsed subprocess whose inside is not drawn is one step
        const isEmpty = !element.children.some(({ name: inner }) => isNode(inner));
        if (isEmpty && name === "")
          this.fail(element, `expected a subprocess with steps or a name, got "${id}" without either.`);
        const step = isEmpty ? this.#add("task", name, own) : 0;
        const { begin, end } = isEmpty ? { begin: step, end: step } : this.scope(element, own)!;
        const [into, out] = this.#repeated(element, begin, end);
        entry.set(id, into);
        exit.set(id, out);
      } else if (TASKS.has(element.name)) {
        if (name === "") this.fail(element, `expected a task with a name, got "${id}" without one.`);
        const task = this.#add("task", name, own);
        const [into, out] = this.#repeated(element, task, task);
        entry.set(id, into);
        exit.set(id, out);
      } else {
        const kind = Object.hasOwn(GATEWAYS, element.name)
          ? GATEWAYS[element.name]
          : Object.hasOwn(EVENTS, element.name)
            ? EVENTS[element.name]
            : undefined;
        if (kind) {
          const inner = !isProcess && (kind === "start" || kind === "end") ? "event" : kind;
          const node = this.#add(inner, name, own);
          entry.set(id, node);
          exit.set(id, node);
          this.#definition(element, node, name || id);
        } else if (!SILENT_ELEMENTS.has(element.name)) this.note(element.name);
      }
    }
    for (const element of boundary) this.#boundary(element, entry, exit, scope);
    const linked = this.#links();
    this.#flows(scope, entry, exit);
    const { begins, ends } = openEnds(scope, entry, exit, linked);
    if (isProcess) {
      this.#close(begins, ends);
      return undefined;
    }
    if (begins.length === 0) this.fail(scope, "expected a subprocess with a begin, got none.");
    if (ends.length === 0) this.fail(scope, "expected a subprocess with an end, got none.");
    // steps that nothing leads to begin together; so end branches that a parallel gateway has split
    const together = scope.children.every(({ name }) => name !== "startEvent");
    const begin = this.#add(together ? "parallel" : "exclusive", "", role);
    for (const n of begins) this.model.flows.push({ from: begin, to: n });
    const end = this.#add("exclusive", "", role);
    for (const n of ends) this.model.flows.push({ from: n, to: end });
    if (ends.length > 1) this.#endTogether(scope, begin, end);
    return { begin, end };
  }

  /** Where the ends of a subprocess are no alternatives but all come, they are waited for. */
  #endTogether(scope: XmlElement, begin: number, end: number): void {
    const inside = new Set([begin]);
    for (const n of inside) for (const { from, to } of this.model.flows) if (from === n) inside.add(to);
    const numbers = [...inside];
    const part = (kind: BpmnNode["kind"]): BpmnModel => {
      const nodes = numbers.map((n): BpmnNode => (n === end ? { kind, name: "" } : this.model.nodes[n]));
      const flows = this.model.flows.flatMap((flow) =>
        inside.has(flow.from) && inside.has(flow.to)
          ? [{ ...flow, from: numbers.indexOf(flow.from), to: numbers.indexOf(flow.to) }]
          : [],
      );
      const [first, last] = [
        nodes.push({ kind: "start", name: "" }) - 1,
        nodes.push({ kind: "end", name: "" }) - 1,
      ];
      flows.push({ from: first, to: numbers.indexOf(begin) }, { from: numbers.indexOf(end), to: last });
      return { name: "", nodes, flows };
    };
    if (hasTree(part("exclusive"))) return;
    if (hasTree(part("parallel"))) this.model.nodes[end].kind = "parallel";
    else {
      const name = scope.attributes["name"] || scope.attributes["id"];
      this.#special.push(`The ends of the subprocess "${name}" are read as alternatives.`);
    }
  }

  /** What an event is, where that changes the order of work. */
  #definition(element: XmlElement, node: number, name: string): void {
    if (childOf(element, "terminateEventDefinition")) {
      if (this.model.nodes[node].kind === "end") this.model.nodes[node].stopsAll = true;
      else
        this.#special.push(
          `The end "${name}", which stops everything else in its subprocess, is read as an ordinary end.`,
        );
    }
    if (
      this.model.nodes[node].kind === "event" &&
      element.name === "endEvent" &&
      childOf(element, "errorEventDefinition")
    )
      this.#special.push(`The error end "${name}" of a subprocess is read as an ordinary end.`);
    const link = childOf(element, "linkEventDefinition")?.attributes["name"];
    if (link === undefined) return;
    const side = element.name === "intermediateThrowEvent" ? "throws" : "catches";
    const entry = this.#linkEvents.get(link) ?? { throws: [], catches: [] };
    entry[side].push(node);
    this.#linkEvents.set(link, entry);
  }

  /** Joins link events of one name, which stand for a flow; the events that are joined. */
  #links(): Set<number> {
    const joined = new Set<number>();
    for (const { throws, catches } of this.#linkEvents.values()) {
      for (const from of throws)
        for (const to of catches) {
          this.model.flows.push({ from, to });
          joined.add(from).add(to);
        }
    }
    this.#linkEvents.clear();
    return joined;
  }

  /**
   * A start before whatever has no way in, and an end behind whatever has no way out, where the file draws
   * none.
   */
  #close(begins: number[], ends: number[]): void {
    const { nodes, flows } = this.model;
    const unstarted = begins.filter((n) => nodes[n].kind !== "start");
    if (unstarted.length > 0 && !nodes.some(({ kind }) => kind === "start")) {
      const start = this.#add("start", "", undefined);
      for (const n of unstarted) flows.push({ from: start, to: n });
    } else
      for (const n of unstarted) this.#special.push(`"${nodes[n].name || nodes[n].kind}" is never reached.`);
    for (const n of ends.filter((m) => nodes[m].kind !== "end")) {
      const end = this.#add("end", "", undefined);
      flows.push({ from: n, to: end });
    }
  }

  #flows(scope: XmlElement, entry: Map<string, number>, exit: Map<string, number>): void {
    const defaults = new Set(scope.children.flatMap(({ attributes }) => attributes["default"] ?? []));
    const leaving = new Map<string, XmlElement[]>();
    for (const flow of scope.children.filter(({ name }) => name === "sequenceFlow")) {
      const source = flow.attributes["sourceRef"] ?? "";
      const own = leaving.get(source);
      if (own) own.push(flow);
      else leaving.set(source, [flow]);
    }
    // several flows out of a subprocess or a repeated step all go on; behind a gateway that is drawn they do
    // what it says
    for (const element of scope.children) {
      const id = element.attributes["id"] ?? "";
      const out = exit.get(id);
      const flows = leaving.get(id) ?? [];
      const isDrawn =
        Object.hasOwn(GATEWAYS, element.name) ||
        out === undefined ||
        this.model.nodes[out].kind !== "exclusive";
      if (isDrawn || flows.length < 2 || flows.some((flow) => childOf(flow, "conditionExpression"))) continue;
      const split = this.#add("parallel", "", undefined);
      this.model.flows.push({ from: out, to: split });
      exit.set(id, split);
    }
    for (const flow of scope.children.filter(({ name }) => name === "sequenceFlow")) {
      const { sourceRef = "", targetRef = "" } = flow.attributes;
      const from = exit.get(sourceRef);
      const to = entry.get(targetRef);
      if (from === undefined || to === undefined)
        this.fail(
          flow,
          `expected a flow between elements of this process, got "${sourceRef}" to "${targetRef}".`,
        );
      else
        this.model.flows.push({
          from,
          to,
          ...(defaults.has(flow.attributes["id"] ?? "") && { isDefault: true }),
        });
      const isTask = from !== undefined && this.model.nodes[from].kind === "task";
      if (isTask && childOf(flow, "conditionExpression"))
        this.#special.push(
          `A conditional flow out of "${this.model.nodes[from].name}" is read as one of several alternatives.`,
        );
    }
    // conditional flows out of a task: an exclusive choice behind it
    for (const id of new Set(
      scope.children
        .filter((e) => e.name === "sequenceFlow" && childOf(e, "conditionExpression"))
        .map((e) => e.attributes["sourceRef"] ?? ""),
    )) {
      const from = exit.get(id);
      if (from === undefined || this.model.nodes[from].kind !== "task") continue;
      const choice = this.#add("exclusive", "", this.model.nodes[from].role);
      for (const flow of this.model.flows) if (flow.from === from) flow.from = choice;
      this.model.flows.push({ from, to: choice });
    }
  }

  /**
   * Where a loop marker stands, gateways that lead back are put around the step; they are then its way in and
   * out.
   */
  #repeated(element: XmlElement, begin: number, end: number): [into: number, out: number] {
    const loop = childOf(element, "standardLoopCharacteristics");
    const many = childOf(element, "multiInstanceLoopCharacteristics");
    if (!loop && !many) return [begin, end];
    const into = this.#add("exclusive", "", undefined);
    const out = this.#add("exclusive", "", undefined);
    this.model.flows.push({ from: into, to: begin }, { from: end, to: out }, { from: out, to: into });
    const name = element.attributes["name"] || element.attributes["id"];
    if (many) this.#special.push(`"${name}" runs in several instances; read as repeated one or more times.`);
    if (loop?.attributes["testBefore"] !== "true") return [into, out];
    const before = this.#add("exclusive", "", undefined);
    const after = this.#add("exclusive", "", undefined);
    this.model.flows.push({ from: before, to: into }, { from: out, to: after }, { from: before, to: after });
    return [before, after];
  }

  /** An event on the border of a task: its flows are an alternative to the task. */
  #boundary(
    element: XmlElement,
    entry: Map<string, number>,
    exit: Map<string, number>,
    scope: XmlElement,
  ): void {
    const id = element.attributes["id"] ?? "";
    const host = element.attributes["attachedToRef"] ?? "";
    const name = element.attributes["name"] || id;
    if (childOf(element, "compensateEventDefinition")) {
      this.#special.push(`What undoes a step ("${name}") has no part in the order of work.`);
      return;
    }
    const isTask = scope.children.some((e) => TASKS.has(e.name) && e.attributes["id"] === host);
    if (!isTask || element.attributes["cancelActivity"] === "false")
      this.fail(
        element,
        `the boundary event "${name}" is not one that interrupts a task of this process; only those are covered. Draw its way in the flow.`,
      );
    const before = this.#add("exclusive", "", undefined);
    const event = this.#add("event", element.attributes["name"] ?? "", undefined);
    this.model.flows.push({ from: before, to: entry.get(host)! }, { from: before, to: event });
    entry.set(host, before);
    exit.set(id, event);
    this.#special.push(`The boundary event "${name}" is read as happening instead of its task.`);
  }

  #lanes(process: XmlElement): void {
    const visit = (lane: XmlElement) => {
      const name = lane.attributes["name"] ?? "";
      for (const ref of lane.children.filter((e) => e.name === "flowNodeRef"))
        if (name !== "") this.#roles.set(ref.text, name);
      for (const set of lane.children.filter((e) => e.name === "childLaneSet")) set.children.forEach(visit);
    };
    for (const set of elementsNamed(process, "laneSet")) set.children.forEach(visit);
  }

  #add(kind: BpmnNode["kind"], name: string, role: string | undefined): number {
    return this.model.nodes.push({ kind, name, role }) - 1;
  }
}

/** The nodes of a scope that no flow of the file leads to, and those that none leaves. */
function openEnds(
  scope: XmlElement,
  entry: ReadonlyMap<string, number>,
  exit: ReadonlyMap<string, number>,
  linked: ReadonlySet<number>,
): { begins: number[]; ends: number[] } {
  const flows = scope.children.filter(({ name }) => name === "sequenceFlow");
  const reached = new Set(flows.map(({ attributes }) => attributes["targetRef"]));
  const left = new Set(flows.map(({ attributes }) => attributes["sourceRef"]));
  return {
    begins: [...entry].flatMap(([id, n]) => (reached.has(id) || linked.has(n) ? [] : [n])),
    ends: [...exit].flatMap(([id, n]) => (left.has(id) || linked.has(n) ? [] : [n])),
  };
}
