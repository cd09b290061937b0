import { InputError } from "../input-error.ts";
import type { BpmnModel } from "./bpmn.ts";
import { NetBuilder, treeOfNet, type PetriNet, type Transition } from "./petri-net.ts";

/** Branches of an inclusive gateway, at most. */
const MAX_INCLUSIVE = 8;

/**
 * The net of a BPMN model: a place for each flow, a transition for each task; tokens begin at the start events. It has finished when one token
 * lies in the sink; where parallel branches end apart, when no token is left. A named event counts as a step where `isActivity` says so, else it is silent.
 *
 * Inclusive gateways are covered where each branch of a split leads to the same join; throws InputError, naming the gateway, otherwise.
 */
export function netOfBpmn(model: BpmnModel, isActivity: (name: string) => boolean = () => false): PetriNet {
  const net = drawNet(model, isActivity, true);
  const ends = model.nodes.filter(({ kind }) => kind === "end").length;
  // Ends that parallel branches come to one by one: the process is over when no token is left, not when one has arrived.
  return ends > 1 && !treeOfNet(net) ? drawNet(model, isActivity, false) : net;
}

function drawNet(model: BpmnModel, isActivity: (name: string) => boolean, endsInSink: boolean): PetriNet {
  const { nodes, flows } = model;
  const builder = new NetBuilder(model.name);
  const source = builder.place("source");
  const sink = builder.place("sink");
  builder.net.initial[source] = 1;
  if (endsInSink) builder.net.final[sink] = 1;
  const place = flows.map(() => builder.place());
  const into = nodes.map((_, n) => flows.flatMap(({ to }, f) => (to === n ? [f] : [])));
  const out = nodes.map((_, n) => flows.flatMap(({ from }, f) => (from === n ? [f] : [])));
  const joins = matchInclusive(model, into, out);
  const skipped = new Map<number, number>(); // flow into an inclusive join → the place of "nothing comes this way"

  nodes.forEach((node, n) => {
    const ins = into[n].map((f) => place[f]);
    const outs = out[n].map((f) => place[f]);
    const label = node.kind === "task" || (node.name !== "" && isActivity(node.name)) ? node.name : undefined;
    if (node.kind === "parallel") {
      builder.transition(undefined, ins, outs);
      return;
    }
    if (node.kind === "inclusive" && joins.has(n) && into[n].length === 1) {
      inclusiveSplit(
        builder,
        ins,
        outs,
        joins.get(n)!.map((f) => {
          const skip = builder.place();
          skipped.set(f, skip);
          return skip;
        }),
      );
      return;
    }
    if (
      node.kind === "inclusive" &&
      into[n].length > 1 &&
      out[n].length === 1 &&
      [...joins.values()].some((fs) => into[n].some((f) => fs.includes(f)))
    )
      return; // below
    if (node.kind === "inclusive" && into[n].length > 1) {
      throw new InputError(
        "wrong-bpmn",
        node.name || "inclusive gateway",
        `The inclusive gateway "${node.name || n + 1}" joins branches that no inclusive gateway has split. Draw it as an exclusive or a parallel gateway.`,
      );
    }
    if (node.kind === "exclusive" || node.kind === "inclusive") {
      const middle = builder.place();
      for (const p of ins) builder.transition(undefined, [p], [middle]);
      for (const p of outs) builder.transition(undefined, [middle], [p]);
      return;
    }
    // A step waits for one of its flows and releases all that leave it.
    const begins = node.kind === "start" ? [source] : ins;
    const ends = node.kind === "end" ? (endsInSink ? [sink] : []) : outs;
    for (const p of begins) builder.transition(label, [p], ends);
  });
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

/** Any choice of branches but none: those not taken put a token where the join waits for them. */
function inclusiveSplit(builder: NetBuilder, ins: number[], outs: number[], skips: number[]): void {
  for (let chosen = 1; chosen < 1 << outs.length; chosen++) {
    const puts = outs.map((p, i) => ((chosen >> i) & 1 ? p : skips[i]));
    for (const p of ins) builder.transition(undefined, [p], puts);
  }
}

/** For each inclusive split the flows into its join, in the order of its branches. */
function matchInclusive(
  { nodes, flows }: BpmnModel,
  into: number[][],
  out: number[][],
): Map<number, number[]> {
  const joins = new Map<number, number[]>();
  nodes.forEach((node, n) => {
    if (node.kind !== "inclusive" || out[n].length < 2) return;
    const fail = (what: string): never => {
      throw new InputError(
        "wrong-bpmn",
        node.name || "inclusive gateway",
        `The inclusive gateway "${node.name || n + 1}" ${what}. Close it with an inclusive gateway that all its branches, and nothing else, lead to.`,
      );
    };
    if (out[n].length > MAX_INCLUSIVE) fail(`has ${out[n].length} branches, more than ${MAX_INCLUSIVE}`);
    const candidates = nodes.flatMap((other, m) =>
      other.kind === "inclusive" && m !== n && into[m].length === out[n].length && out[m].length === 1
        ? [m]
        : [],
    );
    for (const join of candidates) {
      // which flow into the join each branch arrives by, going no further than the join
      const arrives = out[n].map((first) => {
        const seen = new Set([first]);
        const found = new Set<number>();
        for (const f of seen) {
          if (flows[f].to === join) found.add(f);
          else out[flows[f].to].forEach((g) => seen.add(g));
        }
        return found.size === 1 ? [...found][0] : -1;
      });
      if (!arrives.includes(-1) && new Set(arrives).size === arrives.length) {
        joins.set(n, arrives);
        return;
      }
    }
    fail("has no matching join");
  });
  return joins;
}

/** The same net without silent transitions that only carry a token on. Near linear: places that are joined hand over the fewer of their arcs. */
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
  const isFixed = (p: number) => net.initial[p] > 0 || net.final[p] > 0;
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
  for (const { label, inputs, outputs } of kept) {
    builder.transition(
      label,
      inputs.map((p) => place.get(p)!),
      outputs.map((p) => place.get(p)!),
    );
  }
  return builder.net;
}
