import { Random } from "../statistics/random.ts";

/** Values by column: `columns[f][i]` is feature f of row i. */
export type Features = Float32Array[];

export interface BoostOptions {
  /** what is minimised: the mean absolute error, or the log loss of a probability */
  loss: "absolute" | "logistic";
  rounds?: number;
  depth?: number;
  rate?: number;
  minLeaf?: number;
  /** share of rows and of features that each tree sees */
  rowShare?: number;
  featureShare?: number;
  seed?: number;
}

/**
 * A tree as arrays: node k asks whether feature[k] is at most threshold[k], goes to left[k] or right[k], or
 * is a leaf (feature −1) with value[k].
 */
interface Tree {
  feature: Int32Array;
  threshold: Float64Array;
  left: Int32Array;
  right: Int32Array;
  value: Float64Array;
}

/** What boosting learned; `predict` gives the number, or for the logistic loss the probability. */
export interface Boosted {
  loss: BoostOptions["loss"];
  base: number;
  trees: Tree[];
}

const MAX_BINS = 48;

/**
 * Gradient boosting over histograms: trees of limited depth, each fitted to the gradient of the loss, with
 * leaves that minimise the loss itself (for the absolute error the median of what is left). Stops adding
 * trees when the loss on the validation rows has not fallen for 20 rounds. Deterministic for a seed.
 *
 * Cost: rounds × depth × rows × features, times the two shares. Source: Friedman (2001), Greedy function
 * approximation: a gradient boosting machine; Ke et al. (2017) for the histograms.
 */
export function boost(
  features: Features,
  target: Float64Array,
  rows: Uint32Array,
  validation: Uint32Array,
  options: BoostOptions,
): Boosted {
  const {
    loss,
    rounds = 120,
    depth = 5,
    rate = 0.12,
    minLeaf = 20,
    rowShare = 0.6,
    featureShare = 0.3,
    seed = 1,
  } = options;
  const random = new Random(seed);
  const bins = features.map((column) => binned(column, rows));
  const base =
    loss === "absolute" ? medianOf(Float64Array.from(rows, (i) => target[i])) : logOdds(rows, target);
  const score = new Float64Array(target.length).fill(base);
  const gradient = new Float64Array(target.length);
  const model: Boosted = { loss, base, trees: [] };
  const used = [...features.keys()].filter((f) => bins[f].edges.length > 0);
  let best = { loss: lossOf(loss, target, score, validation), trees: 0 };
  for (let round = 0; round < rounds && used.length > 0; round++) {
    const sample = rowShare < 1 ? rows.filter(() => random.chance(rowShare)) : rows;
    const chosen = used.filter(() => random.chance(featureShare));
    for (const i of sample)
      gradient[i] = loss === "absolute" ? Math.sign(target[i] - score[i]) : target[i] - sigmoid(score[i]);
    const tree = grow(sample, chosen.length > 0 ? chosen : used, bins, gradient, { depth, minLeaf });
    fitLeaves(tree, sample, features, target, score, loss, rate);
    model.trees.push(tree);
    for (const list of [rows, validation]) for (const i of list) score[i] += valueAt(tree, features, i);
    if (validation.length === 0) continue;
    const now = lossOf(loss, target, score, validation);
    if (now < best.loss - 1e-9) best = { loss: now, trees: model.trees.length };
    else if (model.trees.length - best.trees >= 20) break;
  }
  if (validation.length > 0) model.trees.length = best.trees;
  return model;
}

/** The prediction for row i. */
export function predict({ loss, base, trees }: Boosted, features: Features, i: number): number {
  let score = base;
  for (const tree of trees) score += valueAt(tree, features, i);
  return loss === "logistic" ? sigmoid(score) : score;
}

function valueAt({ feature, threshold, left, right, value }: Tree, features: Features, i: number): number {
  let k = 0;
  while (feature[k] >= 0) k = features[feature[k]][i] <= threshold[k] ? left[k] : right[k];
  return value[k];
}

interface Binned {
  /** bin of each row */
  bin: Uint8Array;
  /** upper edge of each bin but the last; none for a constant column */
  edges: Float64Array;
}

/** Cuts a column at quantiles of the training rows. */
function binned(column: Float32Array, rows: Uint32Array): Binned {
  const step = Math.max(1, Math.floor(rows.length / 20_000));
  const sample = new Float32Array(Math.ceil(rows.length / step));
  for (let k = 0; k < sample.length; k++) sample[k] = column[rows[k * step]];
  sample.sort();
  const edges: number[] = [];
  for (let b = 1; b < MAX_BINS; b++) {
    const edge = sample[Math.floor((b * sample.length) / MAX_BINS)];
    if (edge < sample[sample.length - 1] && (edges.length === 0 || edge > edges[edges.length - 1]))
      edges.push(edge);
  }
  // a rare value (a one among zeros) falls between quantiles
  if (edges.length === 0 && sample[0] < sample[sample.length - 1]) edges.push(sample[0]);
  const bin = new Uint8Array(column.length);
  for (let i = 0; i < column.length; i++) {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (column[i] <= edges[middle]) high = middle;
      else low = middle + 1;
    }
    bin[i] = low;
  }
  return { bin, edges: Float64Array.from(edges) };
}

/** One tree, level by level: each node is split where the squared error of the gradient falls most. */
function grow(
  rows: Uint32Array,
  chosen: number[],
  bins: Binned[],
  gradient: Float64Array,
  { depth, minLeaf }: { depth: number; minLeaf: number },
): Tree {
  const nodes: { feature: number; threshold: number; left: number; right: number }[] = [];
  const sums = new Float64Array(MAX_BINS);
  const counts = new Uint32Array(MAX_BINS);
  const split = (members: Uint32Array, level: number): number => {
    const id = nodes.push({ feature: -1, threshold: 0, left: -1, right: -1 }) - 1;
    if (level === depth || members.length < 2 * minLeaf) return id;
    let total = 0;
    for (const i of members) total += gradient[i];
    const whole = (total * total) / members.length;
    let [bestGain, bestFeature, bestBin] = [1e-9, -1, -1];
    for (const f of chosen) {
      const { bin, edges } = bins[f];
      sums.fill(0, 0, edges.length + 1);
      counts.fill(0, 0, edges.length + 1);
      for (const i of members) {
        sums[bin[i]] += gradient[i];
        counts[bin[i]]++;
      }
      let sum = 0;
      let count = 0;
      for (let b = 0; b < edges.length; b++) {
        sum += sums[b];
        count += counts[b];
        const rest = members.length - count;
        if (count < minLeaf) continue;
        if (rest < minLeaf) break;
        const gain = (sum * sum) / count + ((total - sum) * (total - sum)) / rest - whole;
        if (gain > bestGain) [bestGain, bestFeature, bestBin] = [gain, f, b];
      }
    }
    if (bestFeature < 0) return id;
    const { bin, edges } = bins[bestFeature];
    const left = members.filter((i) => bin[i] <= bestBin);
    const right = members.filter((i) => bin[i] > bestBin);
    nodes[id] = {
      feature: bestFeature,
      threshold: edges[bestBin],
      left: split(left, level + 1),
      right: split(right, level + 1),
    };
    return id;
  };
  split(rows, 0);
  return {
    feature: Int32Array.from(nodes, (n) => n.feature),
    threshold: Float64Array.from(nodes, (n) => n.threshold),
    left: Int32Array.from(nodes, (n) => n.left),
    right: Int32Array.from(nodes, (n) => n.right),
    value: new Float64Array(nodes.length),
  };
}

/** Sets each leaf to what minimises the loss of its rows, times the learning rate. */
function fitLeaves(
  tree: Tree,
  rows: Uint32Array,
  features: Features,
  target: Float64Array,
  score: Float64Array,
  loss: BoostOptions["loss"],
  rate: number,
): void {
  const members = new Map<number, number[]>();
  for (const i of rows) {
    let k = 0;
    while (tree.feature[k] >= 0)
      k = features[tree.feature[k]][i] <= tree.threshold[k] ? tree.left[k] : tree.right[k];
    const list = members.get(k);
    if (list) list.push(i);
    else members.set(k, [i]);
  }
  for (const [leaf, list] of members) {
    if (loss === "absolute") {
      tree.value[leaf] = rate * medianOf(Float64Array.from(list, (i) => target[i] - score[i]));
      continue;
    }
    // one Newton step on the log loss, held back where a leaf is pure
    let [sum, weight] = [0, 0];
    for (const i of list) {
      const p = sigmoid(score[i]);
      sum += target[i] - p;
      weight += p * (1 - p);
    }
    tree.value[leaf] = rate * Math.max(-4, Math.min(4, sum / (weight + 1e-6)));
  }
}

function lossOf(
  loss: BoostOptions["loss"],
  target: Float64Array,
  score: Float64Array,
  rows: Uint32Array,
): number {
  let sum = 0;
  for (const i of rows) {
    if (loss === "absolute") sum += Math.abs(target[i] - score[i]);
    else sum += Math.log1p(Math.exp(-Math.abs(score[i]))) + Math.max(0, score[i]) - target[i] * score[i];
  }
  return rows.length === 0 ? 0 : sum / rows.length;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logOdds(rows: Uint32Array, target: Float64Array): number {
  let sum = 0.5;
  for (const i of rows) sum += target[i];
  return Math.log(sum / (rows.length + 1 - sum));
}

function medianOf(values: Float64Array): number {
  values.sort();
  const n = values.length;
  return n === 0 ? 0 : n % 2 === 1 ? values[n >> 1] : (values[n / 2 - 1] + values[n / 2]) / 2;
}
