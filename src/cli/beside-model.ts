import { mapActivities } from "../description/map-activities.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { allNames } from "../eventlog/strings.ts";
import type { ProcessModel } from "../model/model.ts";
import { readModel } from "./model-file.ts";

/**
 * A log and a model that speak of the same steps, and what is to be said about how they were brought
 * together.
 */
export interface BesideModel {
  log: EventLog;
  model: ProcessModel;
  notes: string[];
}

/**
 * Reads a model and names the log's activities as it does: by the description's mapping, and where only
 * blanks differ. Throws InputError as `readModel`.
 */
export function besideModel(log: EventLog, path: string, pool?: string): BesideModel {
  const names = new Set(allNames(log.activities));
  const { model, mapping, notes } = readModel(path, (name) => names.has(name), pool);
  return {
    log: mapActivities(log, { ...sameButForBlanks(names, model), ...mapping }),
    model,
    notes: [...notes, ...mappingNotes(mapping, names, model)],
  };
}

/**
 * Activities that are no label of the model but differ from one in blanks and line breaks only, which editors
 * do not keep.
 */
function sameButForBlanks(names: ReadonlySet<string>, { net }: ProcessModel): Record<string, string> {
  const plain = (name: string) => name.replaceAll(/\s+/g, " ").trim();
  const known = new Set(net.transitions.flatMap(({ label }) => label ?? []));
  const labels = new Map([...known].map((label) => [plain(label), label]));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const label = known.has(name) ? undefined : labels.get(plain(name));
      return label === undefined ? [] : [[name, label]];
    }),
  );
}

/** Names in a mapping that nothing has, and names that differ from the model's by little. */
function mappingNotes(
  mapping: Record<string, string>,
  names: ReadonlySet<string>,
  { net }: ProcessModel,
): string[] {
  const labels = net.transitions.flatMap(({ label }) => label ?? []);
  const notes: string[] = [];
  for (const [activity, step] of Object.entries(mapping)) {
    if (!names.has(activity)) notes.push(`mapping: the log has no activity "${activity}".`);
    if (!labels.includes(step)) notes.push(`mapping: the model has no step "${step}".`);
  }
  const missing = labels.filter((label) => !names.has(label) && !Object.values(mapping).includes(label));
  for (const name of names) {
    if (labels.includes(name) || Object.hasOwn(mapping, name)) continue;
    const near = missing.find((label) => label.toLowerCase().trim() === name.toLowerCase().trim());
    if (near)
      notes.push(
        `The log says "${name}", the model "${near}"; they count as different. Name them alike, or add a mapping.`,
      );
  }
  return [...new Set(notes)].slice(0, 20);
}
