import { FirstInLine } from "./first-in-line.ts";
import { nameAt, type Strings } from "./strings.ts";

/**
 * What a row with a life-cycle transition says of the work that it belongs to; `own` is no transition of the
 * standard.
 */
export type Transition =
  "own" | "schedule" | "assign" | "start" | "suspend" | "resume" | "complete" | "skip" | "withdraw" | "abort";

/** The transitions of the XES life-cycle extension (IEEE 1849), in any case. */
const STANDARD: Readonly<Record<string, Transition>> = {
  schedule: "schedule",
  assign: "assign",
  reassign: "assign",
  start: "start",
  suspend: "suspend",
  resume: "resume",
  complete: "complete",
  manualskip: "skip",
  autoskip: "skip",
  withdraw: "withdraw",
  pi_abort: "abort",
  ate_abort: "abort",
};

/** Of these no list of states makes anything else, however they are written: "Manual skip", "PI-ABORT". */
const UNMISTAKABLE = new Map<string, Transition>([
  ["manualskip", "skip"],
  ["autoskip", "skip"],
  ["piabort", "abort"],
  ["ateabort", "abort"],
]);

/** Their usual spellings, compared without case, accents, blanks and punctuation. */
const SPELLINGS: readonly [Exclude<Transition, "own">, string][] = [
  [
    "schedule",
    "schedule scheduled enqueue enqueued geplant eingeplant planifie planificado programado planifiee programmee programme planificada programada pianificato pianificata",
  ],
  [
    "assign",
    "assign assigned reassign reassigned offered allocated zugewiesen zugeteilt neuzugewiesen umverteilt assigne affecte reaffecte asignado reasignado toegewezen assegnato atribuido assignee affectee reaffectee asignada reasignada assegnata atribuida",
  ],
  [
    "start",
    "start started begin begun beginn begonnen gestartet debut demarre commence inicio iniciado comenzado aanvang inizio iniziato demarree commencee iniciada comenzada iniziata",
  ],
  [
    "suspend",
    "suspend suspended pause paused unterbrochen pausiert angehalten ausgesetzt suspendu suspendido pausado onderbroken sospeso suspenso suspendue suspendida suspensa sospesa pausada",
  ],
  [
    "resume",
    "resume resumed continue continued unpause fortgesetzt wiederaufgenommen weitergefuhrt repris reanudado hervat ripreso retomado reprise reanudada ripresa retomada",
  ],
  [
    "complete",
    "complete completed completion end ended finish finished stop done abgeschlossen beendet erledigt fertig ende termine fini acheve completado terminado finalizado voltooid afgerond completato concluido finie terminee achevee completada terminada finalizada completata conclusa concluso concluida",
  ],
  [
    "skip",
    "skip skipped manualskip manuallyskipped autoskip automaticallyskipped autoskipped ubersprungen uebersprungen ausgelassen saute ignore omitido overgeslagen saltato ignorado sautee ignoree omitida saltata ignorada",
  ],
  [
    "withdraw",
    "withdraw withdrawn zuruckgezogen zurueckgezogen retire retirado ingetrokken ritirato retiree retirada ritirata",
  ],
  [
    "abort",
    "abort aborted piabort ateabort cancel cancelled canceled terminate terminated abgebrochen storniert abandonne annule abortado cancelado anulado afgebroken geannuleerd interrotto annullato abandonnee annulee abortada cancelada anulada annullata interrotta",
  ],
];

const spelt = new Map(SPELLINGS.flatMap(([kind, words]) => words.split(" ").map((word) => [word, kind])));

const plain = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z]/g, "");

/**
 * What each word of a life-cycle column means. The words of the standard mean what the standard says. Their
 * usual spellings ("Aborted", "abgeschlossen") count only where every word of the column is one: in a list of
 * states ("Queued", "Assigned", "In Progress") "Assigned" is a state like the others. `used` marks the words
 * that some row has; "unknown" and no word at all say nothing.
 */
export function transitionsOf(words: Strings, used: Uint8Array): Transition[] {
  const names = Array.from({ length: words.length }, (_, i) => nameAt(words, i));
  const isSpelt = names.every(
    (name, i) => !used[i] || name === "" || plain(name) === "unknown" || spelt.has(plain(name)),
  );
  return names.map((name) => {
    const word = name.toLowerCase();
    if (Object.hasOwn(STANDARD, word)) return STANDARD[word];
    return UNMISTAKABLE.get(plain(name)) ?? ((isSpelt && spelt.get(plain(name))) || "own");
  });
}

/** Why work is no execution. */
export const NOT_DONE = ["waiting", "skipped", "withdrawn", "aborted"] as const;

/** What became of a row with a transition. */
const BECAME = [
  "event",
  "execution",
  "begin of an execution",
  "open work",
  "waiting since",
  "of an execution",
  "suspension",
  "waiting still",
  "never done",
  "of work never done",
  "no execution",
] as const;
const [EVENT, EXECUTION, BEGIN, OPEN, SINCE, OF_EXECUTION, SUSPENSION, WAITS, NEVER, OF_NEVER, NOTHING] =
  BECAME.keys();

/** What the rows of a log come to; arrays by row of the input where not said otherwise. */
export interface Executions {
  /** index into `BECAME` */
  became: Uint8Array;
  /** of a completion the row of its start, else -1 */
  startRow: Int32Array;
  /**
   * earliest schedule or assign of an execution in ms, NaN where there is none; undefined where no row has
   * one
   */
  since?: Float64Array;
  /** stretches of an execution in which it was suspended */
  suspensions: { row: number; from: number; to: number }[];
  /** work without an execution, in the order in which that was settled */
  notDone: {
    /** the row that says so, or the last of work that waits still */
    row: number;
    since: number;
    begun: number;
    until: number;
    what: (typeof NOT_DONE)[number];
  }[];
}

/** One piece of work on its way. */
interface Item {
  /** in the order in which they came */
  number: number;
  /** schedule, assign, suspend, resume: rows that are no execution, and what they come to if it is done */
  rows: number[];
  becomes: number[];
  since: number;
  isScheduled: boolean;
  isAssigned: boolean;
  /** row of its start, or -1 */
  begun: number;
  /** since when it is suspended, or NaN */
  suspendedAt: number;
  suspensions: { from: number; to: number }[];
  /** done, or never to be done */
  isSettled: boolean;
}

/**
 * The pieces of work of one activity in one case, in the order in which they came, and the first of those in
 * each state.
 */
class Pieces {
  readonly all: Item[] = [];
  readonly #lines: Record<Standing, FirstInLine>;

  constructor() {
    const line = (isStill: (item: Item) => boolean) =>
      new FirstInLine((n) => !this.all[n].isSettled && isStill(this.all[n]));
    this.#lines = {
      waiting: line(({ begun }) => begun < 0),
      unscheduled: line(({ begun, isScheduled }) => begun < 0 && !isScheduled),
      unassigned: line(({ begun, isAssigned }) => begun < 0 && !isAssigned),
      underWay: line(({ begun }) => begun >= 0),
      active: line(({ begun, suspendedAt }) => begun >= 0 && Number.isNaN(suspendedAt)),
      suspended: line(({ suspendedAt }) => !Number.isNaN(suspendedAt)),
    };
  }

  /** The first that stands so; undefined where none does. */
  first(standing: Standing): Item | undefined {
    const n = this.#lines[standing].first();
    return n === undefined ? undefined : this.all[n];
  }

  /** A new piece, which waits. */
  add(): Item {
    const item = newItem(this.all.length);
    this.all.push(item);
    this.comes(item, "waiting", "unscheduled", "unassigned");
    return item;
  }

  /** Says that a piece has come to stand so; that it no longer does is seen by itself. */
  comes({ number }: Item, ...standings: Standing[]): void {
    for (const standing of standings) this.#lines[standing].push(number);
  }
}

type Standing = "waiting" | "unscheduled" | "unassigned" | "underWay" | "active" | "suspended";

/**
 * Reads rows with life-cycle transitions as pieces of work. Rows of one case, activity and instance belong
 * together, in the order given (case by case, then time); what a row is about is the first piece of work that
 * it can be about, first in first out:
 *
 * schedule is about the first that waits and was not scheduled (but assigned), else it makes a new piece that
 * waits. assign is about the first that waits and was not assigned, else the first that waits, else the first
 * under way, else it makes a new one. start is about the first that waits, else a new one. complete is about
 * the first under way, else the first that waits, else a new one, and makes it an execution. suspend is about
 * the first under way that is not suspended, resume about the first that is. skip is about the first that
 * waits; withdraw about the first that waits, else the first under way; abort about the first under way, else
 * the first that waits; each else about a new one: it was never done. In the end what is under way is open
 * work, and what waits, waits.
 *
 * O(rows · log of the pieces of work under way at once).
 */
export function executionsOf(
  order: Uint32Array,
  caseStart: Uint32Array,
  rows: {
    activity: Uint32Array;
    instance?: Uint32Array;
    instances: number;
    time: Float64Array;
    transition: Uint32Array;
  },
  meaning: readonly Transition[],
): Executions {
  const { time } = rows;
  const result: Executions = {
    became: new Uint8Array(order.length),
    startRow: new Int32Array(order.length).fill(-1),
    suspensions: [],
    notDone: [],
  };
  const { became, startRow, notDone } = result;
  const queues = new Map<number, Pieces>();

  const done = (item: Item, row: number) => {
    item.rows.forEach((r, k) => (became[r] = item.becomes[k]));
    if (!Number.isNaN(item.since))
      (result.since ??= new Float64Array(order.length).fill(NaN))[row] = item.since;
    if (!Number.isNaN(item.suspendedAt)) item.suspensions.push({ from: item.suspendedAt, to: time[row] });
    for (const { from, to } of item.suspensions) if (to > from) result.suspensions.push({ row, from, to });
  };
  const never = (item: Item, row: number, what: (typeof NOT_DONE)[number]) => {
    const isWaiting = what === "waiting";
    for (const r of item.rows) became[r] = isWaiting ? WAITS : OF_NEVER;
    if (item.begun >= 0) became[item.begun] = OF_NEVER;
    if (!isWaiting) became[row] = NEVER;
    notDone.push({
      row,
      since: item.since,
      begun: item.begun < 0 ? NaN : time[item.begun],
      until: isWaiting ? NaN : time[row],
      what,
    });
  };

  for (let c = 0; c + 1 < caseStart.length; c++) {
    queues.clear();
    for (let i = caseStart[c]; i < caseStart[c + 1]; i++) {
      const row = order[i];
      const kind = meaning[rows.transition[row]];
      if (kind === "own") continue; // EVENT
      const key = rows.activity[row] * rows.instances + (rows.instance?.[row] ?? 0);
      let pieces = queues.get(key);
      if (!pieces) queues.set(key, (pieces = new Pieces()));
      const waiting = () => pieces.first("waiting");
      const underWay = () => pieces.first("underWay");
      const take = (item: Item | undefined) => {
        if (!item) return newItem(-1);
        item.isSettled = true;
        return item;
      };
      const note = (item: Item, what: number) => {
        item.rows.push(row);
        item.becomes.push(what);
      };
      switch (kind) {
        case "schedule":
        case "assign": {
          const found =
            kind === "schedule"
              ? pieces.first("unscheduled")
              : (pieces.first("unassigned") ?? waiting() ?? underWay());
          const item = found ?? pieces.add();
          if (kind === "assign") item.isAssigned = true;
          else item.isScheduled = true;
          if (!found) item.since = time[row];
          note(item, found ? OF_EXECUTION : SINCE);
          break;
        }
        case "start": {
          const item = waiting() ?? pieces.add();
          became[row] = OPEN;
          item.begun = row;
          pieces.comes(item, "underWay", "active");
          break;
        }
        case "complete": {
          const item = take(underWay() ?? waiting());
          became[row] = EXECUTION;
          if (item.begun >= 0) became[(startRow[row] = item.begun)] = BEGIN;
          done(item, row);
          break;
        }
        case "suspend": {
          const item = pieces.first("active");
          if (item) {
            item.suspendedAt = time[row];
            pieces.comes(item, "suspended");
            note(item, SUSPENSION);
          } else became[row] = NOTHING;
          break;
        }
        case "resume": {
          const item = pieces.first("suspended");
          if (item) {
            item.suspensions.push({ from: item.suspendedAt, to: time[row] });
            item.suspendedAt = NaN;
            pieces.comes(item, "active");
            note(item, SUSPENSION);
          } else became[row] = NOTHING;
          break;
        }
        case "skip":
          never(take(waiting()), row, "skipped");
          break;
        case "withdraw":
          never(take(waiting() ?? underWay()), row, "withdrawn");
          break;
        case "abort":
          never(take(underWay() ?? waiting()), row, "aborted");
      }
    }
    for (const { all } of queues.values())
      for (const item of all) {
        if (item.isSettled) continue;
        if (item.begun < 0) never(item, item.rows.at(-1)!, "waiting");
        else {
          // how long open work will have been suspended is not known yet
          item.suspendedAt = NaN;
          item.suspensions = [];
          done(item, item.begun);
        }
      }
  }
  return result;
}

function newItem(number: number): Item {
  return {
    number,
    rows: [],
    becomes: [],
    since: NaN,
    isScheduled: false,
    isAssigned: false,
    begun: -1,
    suspendedAt: NaN,
    suspensions: [],
    isSettled: false,
  };
}

/** Whether a row of this fate stands in the log as an event of its own. */
export function isEvent(fate: number): boolean {
  return fate === EVENT || fate === EXECUTION || fate === OPEN;
}

/** Whether a row of this fate is work that has begun and not ended. */
export function isOpen(fate: number): boolean {
  return fate === OPEN;
}

/** Rows of one life-cycle word and what they became, by the words of `BECAME`. */
export interface LifecycleRows {
  transition: string;
  /** a transition of the standard, or a usual spelling of one */
  isStandard: boolean;
  rows: number;
  became: Partial<Record<(typeof BECAME)[number], number>>;
}

/** For each life-cycle word that some row has, what its rows became; most rows first. */
export function lifecycleRowsOf(
  { codes, values }: { codes: Uint32Array; values: Strings },
  meaning: readonly Transition[],
  became: Uint8Array,
): LifecycleRows[] {
  const counts = new Uint32Array(values.length * BECAME.length);
  for (let r = 0; r < codes.length; r++) counts[codes[r] * BECAME.length + became[r]]++;
  return Array.from({ length: values.length }, (_, code): LifecycleRows => {
    const own = BECAME.map((what, k) => [what, counts[code * BECAME.length + k]] as const);
    return {
      transition: nameAt(values, code),
      isStandard: meaning[code] !== "own",
      rows: own.reduce((sum, [, n]) => sum + n, 0),
      became: Object.fromEntries(own.filter(([, n]) => n > 0)),
    };
  })
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
}
