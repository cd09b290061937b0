import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { personEffect, type DoneBy } from "../../src/readiness/person-effect.ts";
import { Random } from "../../src/statistics/random.ts";

/**
 * The definition read literally: of all pairs of people and kinds, how often two executions of one go on
 * alike, less how often one of each does.
 */
function literally({ person, kind, outcome }: DoneBy): number | undefined {
  const all = Array.from({ length: person.length }, (_, i) => i).filter((i) => person[i] > 0);
  const of = (k: number, p: number) => all.filter((i) => kind[i] === k && person[i] === p);
  let [sum, weight] = [0, 0];
  for (const k of new Set(all.map((i) => kind[i]))) {
    const people = [...new Set(all.filter((i) => kind[i] === k).map((i) => person[i]))].filter(
      (p) => of(k, p).length >= 5,
    );
    const alike = (one: number[], other: number[]) => {
      let [same, pairs] = [0, 0];
      for (const i of one)
        for (const j of other)
          if (i !== j) {
            pairs++;
            if (outcome[i] === outcome[j]) same++;
          }
      return same / pairs;
    };
    people.forEach((p, x) =>
      people.slice(x + 1).forEach((q) => {
        const [a, b] = [of(k, p), of(k, q)];
        sum += a.length * b.length * ((alike(a, a) + alike(b, b)) / 2 - alike(a, b));
        weight += a.length * b.length;
      }),
    );
  }
  return weight === 0 ? undefined : sum / weight;
}

describe("how much what follows depends on who does it", () => {
  test("is what the definition says, on random executions", () => {
    let compared = 0;
    const one = fc.record({ person: fc.nat(4), kind: fc.nat(1), outcome: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 120, maxLength: 200 }), (list) => {
        const done = {
          person: list.map(({ person }) => person),
          kind: list.map(({ kind }) => kind),
          outcome: list.map(({ outcome }) => outcome),
        };
        const found = personEffect(done);
        const meant = literally(done);
        if (!found) return;
        compared++;
        expect(found.difference ** 2).toBeCloseTo(Math.max(0, meant!), 9);
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(40);
  });

  const world = (seed: string, n: number, approves: (person: number, kind: number) => number) => {
    const random = new Random(seed);
    const done: { person: number[]; kind: number[]; outcome: number[] } = {
      person: [],
      kind: [],
      outcome: [],
    };
    for (let i = 0; i < n; i++) {
      const kind = random.below(2);
      // ana mostly gets the one kind of cases, ben the other
      const person = random.chance(0.8) ? 1 + kind : 2 - kind;
      done.person.push(person);
      done.kind.push(kind);
      done.outcome.push(random.chance(approves(person, kind)) ? 1 : 0);
    }
    return done;
  };

  test("people who get other cases do not differ, people who decide otherwise do, and the interval says by how much", () => {
    let held = 0;
    let still = 0;
    const rounds = 200;
    for (let i = 0; i < rounds; i++) {
      const same = personEffect(world(`same ${i}`, 800, (_, kind) => (kind === 0 ? 0.9 : 0.2)))!;
      if (same.interval[0] === 0) still++;
      const other = personEffect(world(`other ${i}`, 800, (person) => (person === 1 ? 0.9 : 0.5)))!;
      if (other.interval[0] <= 0.4 && other.interval[1] >= 0.4) held++;
    }
    // 95 % intervals; a share of nothing is at the bound, where half of what errs cannot
    expect(held / rounds).toBeGreaterThan(0.9);
    expect(still / rounds).toBeGreaterThan(0.93);
  });

  test("names the two who differ, in like cases", () => {
    const { most, people, n } = personEffect(world("most", 4000, (person) => (person === 1 ? 0.9 : 0.5)))!;
    expect([people, n, most!.people, most!.outcome]).toEqual([2, 4000, [1, 2], 1]);
    expect(most!.shares[0]).toBeCloseTo(0.9, 1);
    expect(most!.shares[1]).toBeCloseTo(0.5, 1);
  });

  test("nothing can be said of one person, of nobody, or of few executions", () => {
    const list = (person: (i: number) => number, n: number): DoneBy => ({
      person: Array.from({ length: n }, (_, i) => person(i)),
      kind: new Array<number>(n).fill(0),
      outcome: Array.from({ length: n }, (_, i) => i % 2),
    });
    expect(personEffect(list(() => 1, 500))).toBeUndefined();
    expect(personEffect(list(() => 0, 500))).toBeUndefined();
    expect(personEffect(list((i) => 1 + (i % 2), 40))).toBeUndefined();
    expect(personEffect(list(() => 1, 0))).toBeUndefined();
  });
});
