import type { PetriNet } from "../model/petri-net.ts";
import type { LogAlignment } from "./align-log.ts";

/**
 * How likely is it that the model still holds tomorrow? 1 less the mean, over its activities, of 1 / √(times
 * it was done): parts of a model that few cases have used generalise badly. An activity never done counts 1.
 * Undefined for a model without activities, or where some case has no alignment. Source: Buijs, van Dongen,
 * van der Aalst (2014), Quality dimensions in process discovery.
 */
export function generalisation(labels: readonly string[], { variants }: LogAlignment): number | undefined {
  if (labels.length === 0 || variants.some(({ cost }) => !Number.isFinite(cost))) return undefined;
  const done = new Map(labels.map((label) => [label, 0]));
  for (const { moves, cases } of variants) {
    for (const { model } of moves) if (model !== null) done.set(model, (done.get(model) ?? 0) + cases);
  }
  const loss = labels.reduce((sum, label) => sum + 1 / Math.sqrt(Math.max(1, done.get(label)!)), 0);
  return 1 - loss / labels.length;
}

/**
 * How simple is the model to read? 1 / (1 + mean number of arcs at a node above 2): 1 for a plain sequence.
 * Undefined for an empty net. Source: Blum (2015), inverse arc degree, with the offset of 2 that
 * implementations use.
 */
export function simplicity({ places, transitions }: PetriNet): number | undefined {
  const nodes = places.length + transitions.length;
  if (nodes === 0) return undefined;
  const arcs = transitions.reduce((sum, { inputs, outputs }) => sum + inputs.length + outputs.length, 0);
  return 1 / (1 + Math.max(0, (2 * arcs) / nodes - 2));
}
