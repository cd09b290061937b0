import { expect, test } from "vitest";
import { unownedWait } from "../../src/detectors/unowned-wait.ts";
import { observe, OFFICE } from "./detect.ts";
import { draw, times, every } from "./processes.ts";

/** Every case lies in a queue with its team until somebody takes it. */
const queued = (hours: (c: number) => number, n = 20, taken = "x/clerk") =>
  draw(
    times(n, (c) => `Request/req${c % 4} Queue+1h Check/${taken.slice(2)}${c % 3}+${hours(c)}h Pay/boss`),
  ).map((row) => ({ ...row, role: row.activity === "Queue" ? "Clerks" : undefined }));

test("work that lies with a team for days", () => {
  // queued at 10:00; a day later, eight working hours, somebody takes it
  const [finding, ...more] = observe(
    unownedWait,
    queued((c) => (c % 5 === 4 ? 72 : 24)),
    { calendar: OFFICE },
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Queue",
    outOf: 20,
    cost: { kind: "delay", rows: { "c0 Queue": 8, "c4 Queue": 8 } },
  });
  expect(finding.facts).toContainEqual(["left to Clerks", "20 times"]);
  expect(finding.cases).toHaveLength(20);
});
test("an hour in the queue is how teams take work in", () => {
  expect(
    observe(
      unownedWait,
      queued(() => 1),
      { calendar: OFFICE },
    ),
  ).toEqual([]);
});
test("where most are quick, those that are not, beyond sixteen hours", () => {
  const some = (hours: number) =>
    observe(
      unownedWait,
      queued((c) => (c % 5 < 2 ? hours : 1), 40),
      { calendar: OFFICE },
    );
  expect(some(49)[0]).toMatchObject({
    cases: every(1, 40).filter((id) => Number(id.slice(1)) % 5 < 2),
    outOf: 40,
  });
  expect(some(48)).toEqual([]);
});
test("seven working hours in the middle are long, a minute less is not; eight cases are enough, seven are not", () => {
  const found = (hours: number, n = 20) =>
    observe(
      unownedWait,
      queued(() => hours, n),
      { calendar: OFFICE },
    ).length;
  expect([found(7), found(7 - 1 / 60)]).toEqual([1, 0]);
  expect([found(7, 8), found(7, 7)]).toEqual([1, 0]);
});
