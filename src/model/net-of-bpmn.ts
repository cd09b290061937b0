import { InputError } from "../input-error.ts";
import { flowsByNode, type BpmnModel } from "./bpmn.ts";
import { NetBuilder, treeOfNet, type PetriNet, type Transition } from "./petri-net.ts";

/** Branches of an inclusive gateway, at most. */
const MAX_INCLUSIVE = 8;

/**
 * The net of a BPMN model: a place for each flow, a transition for each task; tokens begin at the start
 * events. It has finished when one token lies in the sink; where parallel branches end apart, when no token
 * is left. A named event is a step that may be left out where `isActivity` says so, else it is silent.
 *
 * Inclusive gateways are covered where each branch of a split leads to the same join; throws InputError,
 * naming the gateway, otherwise.
 */
export function netOfBpmn(model: BpmnModel, isActivity: (name: string) => boolean = () => false): PetriNet {
  return nestedNet(model, isActivity) ?? drawNet(model, isActivity, { ...READINGS[0], endsInSink: false });
}

/** Whether a model, in one of the readings that the standard leaves open, is made of nested blocks. */
export function hasTree(model: BpmnModel): boolean {
  return nestedNet(model, () => false) !== undefined;
}

/** What the drawing leaves open. */
interface Reading {
  /** several starts: one of them begins the process, or all together */
  startsTogether: boolean;
  /** an inclusive gateway that joins what no inclusive gateway has split: waits for one, or for all */
  joinsWait: boolean;
  /**
   * the process is over when one token has come to an end; otherwise when no token is left, as where parallel
   * branches end apart
   */
  endsInSink: boolean;
}

/** In the order in which they are tried. */
const READINGS: Reading[] = [
  { startsTogether: false, joinsWait: false, endsInSink: true },
  { startsTogether: false, joinsWait: true, endsInSink: true },
  { startsTogether: true, joinsWait: false, endsInSink: true },
  { startsTogether: true, joinsWait: true, endsInSink: true },
];

/** The first reading whose net is made of nested blocks: then nothing in it waits in vain or is left over. */
function nestedNet(model: BpmnModel, isActivity: (name: string) => boolean): PetriNet | undefined {
  const count = (kind: string) => model.nodes.filter((node) => node.kind === kind).length;
  for (const reading of READINGS) {
    if ((reading.startsTogether && count("start") < 2) || (reading.joinsWait && count("inclusive") === 0))
      continue;
    const net = drawNet(model, isActivity, reading);
    if (treeOfNet(net)) return net;
  }
  return undefined;
}

function drawNet(
  model: BpmnModel,
  isActivity: (name: string) => boolean,
  { startsTogether, joinsWait, endsInSink }: Reading,
): PetriNet {
  const { nodes, flows } = model;
  const builder = new NetBuilder(model.name);
  const source = builder.place("source");
  const sink = builder.place("sink");
  builder.net.initial[source] = 1;
  if (endsInSink) builder.net.final[sink] = 1;
  const place = flows.map(() => builder.place());
  const { into, out } = flowsByNode(model);
  const joins = matchInclusive(model, into, out);
  const stop = () => (builder.net.stops ??= [builder.place("stop")])[0];
  const joined = new Set([...joins.values()].flat().map((f) => flows[f].to));
  const starts = new Map(
    startsTogether
      ? nodes.flatMap(({ kind }, n) => (kind === "start" ? [[n, builder.place()] as const] : []))
      : [],
  );
  const skipped = new Map<number, number>(); // flow into an inclusive join → the place of "nothing comes this way"

  nodes.forEach((node, n) => {
    const ins = into[n].map((f) => place[f]);
    const outs = out[n].map((f) => place[f]);
    if (ins.length === 0 && node.kind !== "start") return; // never reached
    const label = node.kind === "task" || (node.name !== "" && isActivity(node.name)) ? node.name : undefined;
    const isJoin = node.kind === "inclusive" && ins.length > 1 && !joined.has(n);
    if (node.kind === "parallel" || (isJoin && joinsWait)) {
      builder.transition(undefined, ins, outs);
      return;
    }
    if (node.kind === "inclusive" && joins.has(n)) {
      const skips = joins.get(n)!.map((f) => {
        const skip = builder.place();
        skipped.set(f, skip);
        return [skip];
      });
      inclusiveSplit(
        builder,
        ins,
        outs,
        skips.length > 0 ? skips : outs.map(() => []),
        out[n].findIndex((f) => flows[f].isDefault),
      );
      return;
    }
    if (joined.has(n)) return; // below
    if (node.kind === "exclusive" || node.kind === "inclusive") {
      const middle = builder.place();
      for (const p of ins) builder.transition(undefined, [p], [middle]);
      for (const p of outs) builder.transition(undefined, [middle], [p]);
      return;
    }
    // A step waits for one of its flows and releases all that leave it.
    const begins = node.kind === "start" ? [starts.get(n) ?? source] : ins;
    const ends = node.kind !== "end" ? outs : endsInSink ? [sink] : node.stopsAll ? [stop()] : [];
    for (const p of begins) {
      builder.transition(label, [p], ends);
      // an event that some cases do not record has happened all the same
      if (label !== undefined && node.kind !== "task") builder.transition(undefined, [p], [...ends]);
    }
  });
  if (starts.size > 0) builder.transition(undefined, [source], [...starts.values()]);
  // joins of inclusive splits, once it is known which of their flows may bring nothing
  nodes.forEach((node, n) => {
    if (node.kind !== "inclusive" || !into[n].some((f) => skipped.has(f))) return;
    const arrived = into[n].map((f) => {
      const done = builder.place();
      builder.transition(undefined, [place[f]], [done]);
      builder.transition(undefined, [skipped.get(f)!], [done]);
      return done;
    });
    builder.transition(undefined, arrived, out[n].map((f) => place[f]).slice(0, 1));
  });
  return withoutSeries(builder.net);
}

/**
 * Any choice of branches but none, the default one alone: those not taken put a token where the join waits
 * for them.
 */
function inclusiveSplit(
  builder: NetBuilder,
  ins: number[],
  outs: number[],
  skips: number[][],
  byDefault: number,
): void {
  for (let chosen = 1; chosen < 1 << outs.length; chosen++) {
    if (byDefault >= 0 && (chosen >> byDefault) & 1 && chosen !== 1 << byDefault) continue;
    const puts = outs.flatMap((p, i) => ((chosen >> i) & 1 ? [p] : skips[i]));
    for (const p of ins) builder.transition(undefined, [p], puts);
  }
}

/**
 * For each inclusive split the flows into its join, in the order of its branches; none where its branches
 * never come together.
 */
function matchInclusive(
  { nodes, flows }: BpmnModel,
  into: number[][],
  out: number[][],
): Map<number, number[]> {
  const joins = new Map<number, number[]>();
  const taken = new Map<number, number>();
  nodes.forEach((node, n) => {
    if (node.kind !== "inclusive" || out[n].length < 2) return;
    const name = (m: number) => nodes[m].name || String(m + 1);
    const fail = (what: string): never => {
      throw new InputError(
        "wrong-bpmn",
        node.name || "inclusive gateway",
        `The inclusive gateway "${name(n)}" ${what}. Close it with an inclusive gateway of its own that all its branches, and nothing else, lead to.`,
      );
    };
    if (out[n].length > MAX_INCLUSIVE) fail(`has ${out[n].length} branches, more than ${MAX_INCLUSIVE}`);
    // the flows into joins that each branch arrives by, going no further than a join
    const arrivals = (join: number | undefined) =>
      out[n].map((first) => {
        const seen = new Set([first]);
        const found = new Set<number>();
        for (const f of seen) {
          const at = flows[f].to;
          const isJoin = nodes[at].kind === "inclusive" && at !== n && into[at].length > 1;
          if (join === undefined ? isJoin : at === join) found.add(f);
          else out[at].forEach((g) => seen.add(g));
        }
        return found;
      });
    for (const [join, other] of nodes.entries()) {
      if (
        other.kind !== "inclusive" ||
        join === n ||
        into[join].length !== out[n].length ||
        out[join].length !== 1
      )
        continue;
      const arrives = arrivals(join).map((found) => (found.size === 1 ? [...found][0] : -1));
      if (arrives.includes(-1) || new Set(arrives).size < arrives.length) continue;
      if (taken.has(join)) fail(`shares its join with "${name(taken.get(join)!)}"`);
      taken.set(join, n);
      joins.set(n, arrives);
      return;
    }
    if (arrivals(undefined).some((found) => found.size > 0)) fail("has no matching join");
    joins.set(n, []);
  });
  return joins;
}

/**
 * The same net without silent transitions that only carry a token on. Near linear: places that are joined
 * hand over the fewer of their arcs.
 */
function withoutSeries(net: PetriNet): PetriNet {
  const transitions = new Set(net.transitions);
  const consumers = net.places.map(() => new Set<Transition>());
  const producers = net.places.map(() => new Set<Transition>());
  for (const t of net.transitions) {
    t.inputs.forEach((p) => consumers[p].add(t));
    t.outputs.forEach((p) => producers[p].add(t));
  }
  const remove = (t: Transition) => {
    transitions.delete(t);
    t.inputs.forEach((p) => consumers[p].delete(t));
    t.outputs.forEach((p) => producers[p].delete(t));
  };
  /** Everything at place `from` is now at place `to`. */
  const join = (from: number, to: number) => {
    const swap = (p: number) => (p === from ? to : p);
    for (const t of consumers[from]) {
      t.inputs = t.inputs.map(swap);
      consumers[to].add(t);
    }
    for (const t of producers[from]) {
      t.outputs = t.outputs.map(swap);
      producers[to].add(t);
    }
    consumers[from].clear();
    producers[from].clear();
  };
  const degree = (p: number) => consumers[p].size + producers[p].size;
  const isFixed = (p: number) => net.initial[p] > 0 || net.final[p] > 0 || (net.stops?.includes(p) ?? false);
  for (let again = true; again;) {
    again = false;
    for (const t of transitions) {
      if (t.label !== undefined || t.inputs.length !== 1 || t.outputs.length !== 1) continue;
      const [p, q] = [t.inputs[0], t.outputs[0]];
      if (p === q) {
        remove(t);
        continue;
      }
      // whatever comes to p goes to q; or whatever leaves q may leave p
      const onward = !isFixed(p) && consumers[p].size === 1;
      const backward = !isFixed(q) && producers[q].size === 1;
      if (!onward && !backward) continue;
      remove(t);
      if (isFixed(p) || (!isFixed(q) && degree(q) < degree(p))) join(q, p);
      else join(p, q);
      again = true;
    }
  }
  const kept = [...transitions];
  const used = new Set(kept.flatMap((t) => [...t.inputs, ...t.outputs]));
  const builder = new NetBuilder(net.name);
  const place = new Map<number, number>();
  net.places.forEach((id, p) => {
    if (!used.has(p) && !isFixed(p)) return;
    const q = builder.place(id);
    builder.net.initial[q] = net.initial[p];
    builder.net.final[q] = net.final[p];
    place.set(p, q);
  });
  if (net.stops) builder.net.stops = net.stops.map((p) => place.get(p)!);
  for (const { label, inputs, outputs } of kept) {
    builder.transition(
      label,
      inputs.map((p) => place.get(p)!),
      outputs.map((p) => place.get(p)!),
    );
  }
  return builder.net;
}
