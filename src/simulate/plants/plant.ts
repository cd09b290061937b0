import type { Random } from "../../statistics/random.ts";
import type { Hooks, Simulation } from "../engine.ts";
import type { Person } from "../people.ts";
import type { ProcessPlan } from "../processes.ts";

/** What was planted, and where it shows: the ground truth that stands beside a log. */
export interface PlantedLeak {
  detector: string;
  /** every name under which a finding about it would be right */
  subjects: string[];
  people: Set<string>;
  cases: Set<string>;
  /** how strong it was planted, 0 to 1 */
  strength: number;
  note: string;
  /** what the description says about it: a rule that is broken, a step that it lacks or that nobody does */
  describe?: (description: WrittenDescription) => void;
  /** what is true as well because of it: to find that is no false alarm */
  also?: { detector: string; subjects: string[] }[];
}

/** A description as it will be written. */
export interface WrittenDescription {
  roles: Record<string, string[]>;
  steps: Record<string, { role?: string; approves?: string; needs?: string[]; [key: string]: unknown }>;
  flow: unknown[];
  rules: Record<string, unknown>[];
}

/** The process that a plant has to work with. */
export interface World {
  /** the plant at work */
  detector: string;
  plan: ProcessPlan;
  people: Person[];
  random: Random;
  strength: number;
  from: number;
  to: number;
  /** steps that another leak of this process already bends */
  usedSteps: Set<string>;
  simulation: () => Simulation;
}

/**
 * A way in which a process leaks, named as the detector that should see it. One file each, one line in
 * `index.ts`.
 */
export interface Plant {
  detector: string;
  /** the only process, by its id, that can leak in this way */
  onlyIn?: string;
  /** whether a process can leak in this way; every one can without it */
  fits?: (plan: ProcessPlan) => boolean;
  /** the leak and what it changes in the simulation; undefined where no step is free for it */
  plant: (world: World) => { leak: PlantedLeak; hooks: Hooks } | undefined;
}

/**
 * A way in which record tables leak, named as the detector that should see it. Each has a function of its own
 * that bends the records.
 */
export interface RecordPlant {
  detector: string;
}

/** What was planted in record tables, where a log alone cannot show it. */
export interface RecordLeak {
  detector: string;
  subjects: string[];
  records: [string, string][];
  note: string;
}

/** The truth about the plant at work, with no case in it yet. */
export function leakOf(
  { detector, strength }: World,
  subjects: string[],
  note: string,
  people: Person[] = [],
): PlantedLeak {
  return {
    detector,
    subjects,
    people: new Set(people.map(({ name }) => name)),
    cases: new Set(),
    strength,
    note,
  };
}

/** A share as notes say it: "12 %". */
export const pct = (share: number) => `${Math.round(share * 100)} %`;
