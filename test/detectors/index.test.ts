import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { detectors } from "../../src/detectors/index.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { logOf } from "../log-of.ts";
import { descriptionOf, evidenceOf } from "./detect.ts";
import { plain, PURCHASE, purchases } from "./processes.ts";

/** A test file of a detector, read as text. */
const testsOf = (id: string) => {
  const file = new URL(`${id}.test.ts`, import.meta.url);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
};

test("every detector has a test file of its own, with what it finds, what it does not and its edge", () => {
  for (const { id } of detectors) {
    const text = testsOf(id);
    expect(text, id).toContain(`from "../../src/detectors/${id}.ts"`);
    expect(text.match(/^ *test\(/gm)?.length ?? 0, id).toBeGreaterThanOrEqual(3);
  }
});

test("a plain process yields nothing", () => {
  const evidence = evidenceOf(plain(200));
  for (const detector of detectors) {
    if (detector.missing(evidence).length === 0)
      expect(detector.detect(evidence, detector.options), detector.id).toEqual([]);
  }
});

test("a process that follows its description yields nothing", () => {
  const evidence = evidenceOf(purchases(), { description: descriptionOf(PURCHASE) });
  for (const detector of detectors)
    if (detector.missing(evidence).length === 0)
      expect(detector.detect(evidence, detector.options), detector.id).toEqual([]);
});

test("every detector says what it needs where there is only case, activity and time", () => {
  const evidence = new Evidence(logOf("A B", "A B"));
  const silent = detectors.filter((d) => d.missing(evidence).length === 0).map(({ id }) => id);
  expect(silent.sort()).toEqual([
    "batching",
    "compensating-work",
    "double-entry",
    "pressure-break",
    "process-drift",
    "rework",
    "side-channel",
    "stalled-case",
    "variant-sprawl",
  ]);
  for (const d of detectors) expect(() => d.missing(evidence)).not.toThrow();
});

test("tiny logs harm nobody", () => {
  for (const text of [["A"], ["A", "A"], ["A A A A A"], ["A/x B/y A/x B/y A/x"]]) {
    const evidence = new Evidence(logOf(...text));
    for (const d of detectors)
      if (d.missing(evidence).length === 0) expect(() => d.detect(evidence, { ...d.options })).not.toThrow();
  }
});

test("ids are unique, and options are numbers", () => {
  expect(new Set(detectors.map(({ id }) => id)).size).toBe(detectors.length);
  for (const { options } of detectors)
    for (const value of Object.values(options)) expect(typeof value).toBe("number");
});
