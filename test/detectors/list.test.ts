import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detectors } from "../../src/detectors/index.ts";

const ids = detectors.map(({ id }) => id);

test("every detector has an id, a title and a question of its own, and a remedy that is a sentence", () => {
  for (const part of ["id", "title", "question"] as const)
    expect(new Set(detectors.map((detector) => detector[part])).size, part).toBe(detectors.length);
  for (const { id, remedy } of detectors) expect(remedy.text, id).toMatch(/^[A-Z].*\.$/);
});

test("a detector yields only to others of the list that stand before it", () => {
  for (const { id, yieldsTo = [], yieldsToSameCases = [] } of detectors)
    for (const other of [...yieldsTo, ...yieldsToSameCases]) {
      expect(ids, `${id} yields to ${other}`).toContain(other);
      // findings meet in the order of the list, and the first that stands keeps the cause
      expect(ids.indexOf(other), `${id} never meets ${other}`).toBeLessThan(ids.indexOf(id));
    }
});

test("one cause is one finding: who keeps it, in pairs of specific/general", () => {
  const pairs = (part: "yieldsTo" | "yieldsToSameCases") =>
    detectors.flatMap(({ id, [part]: others = [] }) => others.map((other) => `${other}/${id}`)).sort();
  expect(pairs("yieldsTo")).toEqual([
    "absence-stall/handoff-wait",
    "batching/handoff-wait",
    "compensating-work/rework",
    "compensating-work/undocumented-step",
    "double-entry/compensating-work",
    "double-entry/side-channel",
    "double-entry/undocumented-step",
    "key-person/absence-stall",
    "late-billing/handoff-wait",
    "late-correction/undocumented-step",
    "late-logging/handoff-wait",
    "ping-pong/compensating-work",
    "ping-pong/rework",
    "pressure-break/approval-bypassed",
    "pressure-break/bypassed-step",
    "pressure-break/rework",
    "process-drift/approval-bypassed",
    "process-drift/bypassed-step",
    "process-drift/undocumented-step",
    "rubber-stamp/absence-stall",
    "rubber-stamp/batching",
    "self-approval/role-mismatch",
    "self-approval/unmapped-approval-chain",
    "shifting-ownership/ownership-by-habit",
    "shifting-ownership/role-mismatch",
    "side-channel/undocumented-step",
    "single-approver/absence-stall",
    "single-approver/key-person",
    "unmapped-approval-chain/undocumented-step",
    "unowned-step/ownership-by-habit",
    "unowned-step/role-mismatch",
    "unowned-wait/handoff-wait",
    "unowned-wait/undocumented-step",
  ]);
  expect(pairs("yieldsToSameCases")).toEqual([
    "approval-after-the-fact/undocumented-path",
    "ping-pong/undocumented-path",
    "rework/undocumented-path",
    "unbilled-work/bypassed-step",
    "unbilled-work/stalled-case",
  ]);
});

test("what documents say of the number of detectors is so", () => {
  const root = join(import.meta.dirname, "../..");
  const said = ["README.md", "docs/audit.md"].flatMap((file) =>
    [
      ...readFileSync(join(root, file), "utf8").matchAll(
        /(\w+(?:-\w+)?) (?:detectors|questions, each with its own file)/g,
      ),
    ]
      .map(([words, number]) => [file, words, number] as const)
      .filter(([, , number]) => /^\d+$|^(?:twenty|thirty|forty|fifty|sixty)/i.test(number)),
  );
  expect(said.length).toBeGreaterThan(0);
  for (const [file, words, number] of said)
    expect(number, `${file}: ${words}`).toBe(String(detectors.length));
});
