import type { DirectlyFollows } from "../discovery/directly-follows.ts";
import { activitiesOf, type ProcessTree } from "../model/process-tree.ts";
import type { StateSpace } from "./state-space.ts";

/** What can come directly after what: names of pairs, joined by U+0000. */
export type Footprint = { activities: string[]; follows: Set<string> };

const pair = (a: string, b: string) => `${a}\u0000${b}`;

/** The footprint of a log. */
export function footprintOfLog(
  { edges, activityCount }: DirectlyFollows,
  names: readonly string[],
): Footprint {
  const n = names.length;
  return {
    activities: names.filter((_, a) => activityCount[a] > 0),
    follows: new Set([...edges.keys()].map((key) => pair(names[Math.floor(key / n)], names[key % n]))),
  };
}

/** Activities up to which footprints are compared: they hold a pair for each two. */
const MAX_ACTIVITIES = 500;

/**
 * The footprint of a process tree, from what each block can begin and end with; undefined for more than 500
 * activities. With `apart` the branches of a parallel block do not follow each other: what a simpler picture
 * shows.
 */
export function footprintOfTree(tree: ProcessTree, { apart = false } = {}): Footprint | undefined {
  if (activitiesOf(tree).length > MAX_ACTIVITIES) return undefined;
  const follows = new Set<string>();
  const activities = new Set<string>();
  const link = (ends: Set<string>, starts: Set<string>) => {
    for (const a of ends) for (const b of starts) follows.add(pair(a, b));
  };
  interface Block {
    starts: Set<string>;
    ends: Set<string>;
    all: Set<string>;
    empty: boolean;
  }
  const union = (...sets: Set<string>[]) => new Set(sets.flatMap((set) => [...set]));
  const sequence = (a: Block, b: Block): Block => {
    link(a.ends, b.starts);
    return {
      starts: a.empty ? union(a.starts, b.starts) : a.starts,
      ends: b.empty ? union(a.ends, b.ends) : b.ends,
      all: union(a.all, b.all),
      empty: a.empty && b.empty,
    };
  };
  const either = (blocks: Block[]): Block => ({
    starts: union(...blocks.map((b) => b.starts)),
    ends: union(...blocks.map((b) => b.ends)),
    all: union(...blocks.map((b) => b.all)),
    empty: blocks.some((b) => b.empty),
  });
  const visit = (node: ProcessTree): Block => {
    if (node.kind === "silent") return { starts: new Set(), ends: new Set(), all: new Set(), empty: true };
    if (node.kind === "activity") {
      activities.add(node.activity);
      const one = new Set([node.activity]);
      return { starts: one, ends: one, all: one, empty: false };
    }
    const blocks = node.children.map(visit);
    if (node.kind === "choice") return either(blocks);
    if (node.kind === "sequence") return blocks.reduce(sequence);
    if (node.kind === "parallel") {
      if (!apart) blocks.forEach((a, i) => blocks.forEach((b, j) => i !== j && link(a.all, b.all)));
      return { ...either(blocks), empty: blocks.every((b) => b.empty) };
    }
    const body = blocks[0];
    const back = either(blocks.slice(1));
    link(body.ends, back.starts);
    link(back.ends, body.starts);
    if (back.empty) link(body.ends, body.starts);
    if (body.empty) link(back.ends, back.starts);
    const both = either([body, back]);
    return body.empty ? both : { ...body, all: both.all };
  };
  visit(tree);
  return { activities: [...activities], follows };
}

/** The footprint of any model whose states can be gone through, at most `limit` of them; undefined beyond. */
export function footprintOfSpace(space: StateSpace, limit = 20_000): Footprint | undefined {
  if (!space.isExact || space.labels.length > MAX_ACTIVITIES) return undefined;
  const follows = new Set<string>();
  const seen = new Set([space.initial]);
  for (const state of seen) {
    for (const a of space.enabled(state)) {
      if (seen.size > limit) return undefined;
      for (const next of space.follow(state, a)) {
        seen.add(next);
        for (const b of space.enabled(next)) follows.add(pair(space.labels[a], space.labels[b]));
      }
    }
  }
  return { activities: [...space.labels], follows };
}

export interface FootprintComparison {
  /** share of pairs of activities that relate alike in both; undefined without activities */
  agreement: number | undefined;
  /** directly follows in the log, never in the model; and the other way round */
  onlyInLog: [string, string][];
  onlyInModel: [string, string][];
}

/**
 * Do log and model agree on what can come directly after what? Over all ordered pairs of activities of
 * either. Source: van der Aalst (2016), Process Mining, section 8.4.
 */
export function compareFootprints(log: Footprint, model: Footprint): FootprintComparison {
  const activities = [...new Set([...log.activities, ...model.activities])];
  const split = (key: string) => key.split("\u0000") as [string, string];
  const relation = ({ follows }: Footprint, a: string, b: string) =>
    (follows.has(pair(a, b)) ? 1 : 0) + (follows.has(pair(b, a)) ? 2 : 0);
  let alike = 0;
  for (const a of activities)
    for (const b of activities) if (relation(log, a, b) === relation(model, a, b)) alike++;
  return {
    agreement: activities.length === 0 ? undefined : alike / activities.length ** 2,
    onlyInLog: [...log.follows]
      .filter((key) => !model.follows.has(key))
      .sort()
      .map(split),
    onlyInModel: [...model.follows]
      .filter((key) => !log.follows.has(key))
      .sort()
      .map(split),
  };
}
