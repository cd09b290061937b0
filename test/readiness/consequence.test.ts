import { describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { readinessOf } from "../../src/readiness/readiness.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOfRows, MONDAY, type TestRow } from "../log-of.ts";

const HOUR = 3_600_000;
const KINDS = ["network", "access", "hardware", "software"];
const TEAMS = ["Work by blue", "Work by green", "Work by red"];

/** A step as it truly is: nobody in the log says so. */
interface World {
  /** the step sends money out of the house */
  irreversible: boolean;
  /** share of cases in which the outcome is somebody's judgement and not told by what is recorded */
  judgement: number;
  /** share of cases in which what tells it is not filled in */
  missing: number;
  /** the last part of the time follows another rule */
  changes: boolean;
  perWeek: number;
}

const draw = (random: Random): World => ({
  irreversible: random.chance(0.15),
  judgement: random.chance(0.3) ? random.between(0.45, 0.9) : random.between(0, 0.05),
  missing: random.chance(0.2) ? random.between(0.2, 0.5) : random.between(0, 0.015),
  changes: random.chance(0.15),
  perWeek: random.chance(0.15) ? 1 : 28,
});

/** Cases as the world makes them: what is recorded, and the team that is right. */
function casesOf(world: World, random: Random, n: number, from: number, of: number) {
  return Array.from({ length: n }, (_, i) => {
    const kind = random.below(KINDS.length);
    const rule = world.changes && (from + i) / of > 0.55 ? (kind + 1) % 3 : kind % 3;
    const team = random.chance(world.judgement) ? random.below(3) : rule;
    return { kind: random.chance(world.missing) ? undefined : KINDS[kind], team };
  });
}

/** The log of a world, and the verdict that it gets. */
function verdictOf(world: World, seed: string) {
  const random = new Random(`world ${seed}`);
  const n = world.perWeek === 1 ? 60 : 700;
  const step = world.irreversible ? "Pay claim" : "Assign ticket";
  const rows: TestRow[] = casesOf(world, random, n, 0, n).flatMap(({ kind, team }, c) => {
    const at = MONDAY + ((c * 168) / world.perWeek) * HOUR;
    const row = (activity: string, hours: number, person: string): TestRow => ({
      case: `t${c}`,
      activity,
      start: at + (hours - 0.1) * HOUR,
      time: at + hours * HOUR,
      person,
      kind,
      site: random.pick(["Oslo", "Graz"]),
    });
    return [
      row("Enter ticket", 0, random.pick(["a", "b", "c"])),
      row(step, 1, random.pick(["a", "b", "c", "d"])),
      row(TEAMS[team], 2, random.pick(["e", "f", "g"])),
      row("Check result", 3, random.pick(["h", "i"])),
      row("Close ticket", 4, random.pick(["h", "i"])),
    ];
  });
  // who knows the work says what the steps are; whether the outcome is judgement only the log shows
  const { steps } = readinessOf(
    new Evidence(logOfRows(rows), {}),
    { findings: [], notTestable: [] },
    {
      [step]: { task: "sort", undo: world.irreversible ? "no" : "yes" },
      "Check result": { task: "check", undo: "yes" },
    },
  );
  return steps.find((one) => one.step === step)!;
}

/**
 * What comes of an assistant that is really run: it learns from 600 cases of the world which team each kind
 * most often needs, and decides 2,000 cases that come afterwards. In euros a year, against people, who take
 * six minutes and err in some.
 */
function consequenceOf(world: World, seed: string): { error: number; net: number } {
  const random = new Random(`consequence ${seed}`);
  const [learned, decided] = [600, 2000];
  const seen = new Map<string | undefined, number[]>();
  for (const { kind, team } of casesOf(world, random, learned, 0, learned)) {
    const counts = seen.get(kind) ?? [0, 0, 0];
    counts[team]++;
    seen.set(kind, counts);
  }
  const answer = (kind: string | undefined) => {
    const counts = seen.get(kind) ?? [1, 0, 0];
    return counts.indexOf(Math.max(...counts));
  };
  const after = casesOf(world, random, decided, learned, learned + decided);
  const error = after.filter(({ kind, team }) => answer(kind) !== team).length / decided;
  const [minutes, hourly, running] = [6, 45, 2500];
  // what cannot be undone costs what was paid out; people look twice there
  const [peoplesError, wrong] = world.irreversible ? [0.005, 900] : [0.04, 45];
  const each = (minutes / 60) * hourly - (error - peoplesError) * wrong;
  return { error, net: each * world.perWeek * 52 - running };
}

describe("the verdict, against what truly comes of an assistant", () => {
  test("agrees in at least 95 of 100 steps (20 seeds, 12 steps each); each wrong one is known by its world", () => {
    const wrong: string[] = [];
    let [steps, ready, good] = [0, 0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(`worlds ${seed}`);
      for (let i = 0; i < 12; i++) {
        const world = draw(random);
        const { verdict } = verdictOf(world, `${seed}/${i}`);
        const { error, net } = consequenceOf(world, `${seed}/${i}`);
        steps++;
        if (verdict === "ready") ready++;
        if (net > 0) good++;
        if ((verdict === "ready") !== net > 0)
          wrong.push(
            `${seed}/${i} ${verdict}, net ${net.toFixed(0)}, error ${error.toFixed(2)}: ${JSON.stringify(world)}`,
          );
      }
    }
    // both answers are frequent: neither always yes nor always no would do
    expect(ready / steps).toBeGreaterThan(0.2);
    expect(good / steps).toBeGreaterThan(0.2);
    expect(good / steps).toBeLessThan(0.6);
    expect(wrong.length / steps, wrong.join("\n")).toBeLessThanOrEqual(0.05);
    if (process.env["VERBOSE"])
      process.stderr.write(`${steps} steps, ${ready} ready, ${good} good\n${wrong.join("\n")}\n`);
  });
});
