import type { EventLog } from "../eventlog/event-log.ts";
import type { CaseSelection } from "../eventlog/select-cases.ts";
import { CodePairs } from "./code-pairs.ts";

/** A link between two people (codes), with how often and in how many cases. */
export interface Link {
  from: number;
  to: number;
  count: number;
  cases: number;
}

export interface SocialNetworks {
  /** who hands work to whom: directly following events of a case; to oneself included. Most frequent first */
  handover: Link[];
  /** who works on the same cases; each pair once, `count` and `cases` alike */
  together: Link[];
  /** who gives work to whom and gets it straight back: A B A */
  subcontracting: Link[];
}

/**
 * Who works with whom? Events without a person are left out first, so a hand-over reaches over them. A log
 * without people gives empty networks. One pass, and for `together` the pairs of people in each case. Source:
 * van der Aalst, Reijers, Song (2005), Discovering social networks from event logs.
 */
export function socialNetworks(log: EventLog): SocialNetworks {
  const { person, people, caseStart } = log;
  if (!person) return { handover: [], together: [], subcontracting: [] };
  const handover = new Links(people.length);
  const together = new Links(people.length);
  const subcontracting = new Links(people.length);
  for (let c = 0; c < log.caseCount; c++) {
    let previous = 0;
    let before = 0;
    const here = new Set<number>();
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      const p = person[e];
      if (p === 0) continue;
      here.add(p);
      if (previous !== 0) handover.add(previous, p, c);
      if (before === p && previous !== p) subcontracting.add(p, previous, c);
      before = previous;
      previous = p;
    }
    const list = [...here].sort((a, b) => a - b);
    list.forEach((a, i) => {
      for (let j = i + 1; j < list.length; j++) together.add(a, list[j], c);
    });
  }
  return { handover: handover.list(), together: together.list(), subcontracting: subcontracting.list() };
}

/**
 * Entry k: how often work went from a person under a role to the next; to oneself included. In the order
 * first met.
 */
export interface Handovers {
  from: Uint32Array;
  fromRole: Uint32Array;
  to: Uint32Array;
  toRole: Uint32Array;
  count: Float64Array;
}

/**
 * How often does work go from whom to whom, under which roles? Events without a person are left out first, as
 * in `socialNetworks`. A log without people gives none. One pass.
 */
export function handovers(log: EventLog, selected?: CaseSelection): Handovers {
  const { person, people, role, roles, caseStart } = log;
  const performers = new CodePairs(people.length, roles.length);
  const links = new CodePairs(people.length * roles.length, people.length * roles.length);
  const count: number[] = [];
  const total = person ? (selected?.length ?? log.caseCount) : 0;
  for (let i = 0; i < total; i++) {
    const c = selected ? selected[i] : i;
    let before = -1;
    for (let e = caseStart[c]; e < caseStart[c + 1]; e++) {
      if (person![e] === 0) continue;
      const performer = performers.of(person![e], role ? role[e] : 0);
      if (before >= 0) {
        const k = links.of(before, performer);
        if (k === count.length) count.push(1);
        else count[k]++;
      }
      before = performer;
    }
  }
  return {
    from: Uint32Array.from(links.first, (q) => performers.first[q]),
    fromRole: Uint32Array.from(links.first, (q) => performers.second[q]),
    to: Uint32Array.from(links.second, (q) => performers.first[q]),
    toRole: Uint32Array.from(links.second, (q) => performers.second[q]),
    count: Float64Array.from(count),
  };
}

class Links {
  readonly #n: number;
  readonly #links = new Map<number, Link & { lastCase: number }>();

  constructor(n: number) {
    this.#n = n;
  }

  add(from: number, to: number, c: number): void {
    const key = from * this.#n + to;
    let link = this.#links.get(key);
    if (!link) this.#links.set(key, (link = { from, to, count: 0, cases: 0, lastCase: -1 }));
    link.count++;
    if (link.lastCase !== c) link.cases++;
    link.lastCase = c;
  }

  list(): Link[] {
    return [...this.#links.values()]
      .map(({ from, to, count, cases }) => ({ from, to, count, cases }))
      .sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to);
  }
}
