import { expect, test } from "vitest";
import { shiftingOwnership } from "../../src/detectors/shifting-ownership.ts";
import { observe } from "./detect.ts";
import { plain } from "./processes.ts";

const checkedBy = (who: (c: number) => string, n = 120) =>
  plain(n, (r, c) =>
    r.map((row) =>
      row.activity === "Check" ? { ...row, person: who(c), role: who(c).replace(/\d/, "") } : row,
    ),
  );

test("a step done by anybody has no owner", () => {
  const roles = ["clerk1", "boss1", "treasury1", "req1"];
  const [finding, ...more] = observe(
    shiftingOwnership,
    checkedBy((c) => roles[c % 4]),
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "Check",
    outOf: 120,
    facts: ["30 of 120", "30 of 120", "30 of 120", "30 of 120"].map((count) => [expect.any(String), count]),
  });
  expect(finding.cases).toHaveLength(90);
});
test("a step passed from owner to owner", () => {
  const owners = ["clerk1", "clerk2", "clerk0", "clerk3"];
  const [finding] = observe(
    shiftingOwnership,
    checkedBy((c) => owners[Math.floor(c / 30)]),
  );
  expect(finding).toMatchObject({ subject: "Check", facts: [["owners", "4"]] });
});
test("one role that does most, or two roles, are none", () => {
  expect(
    observe(
      shiftingOwnership,
      checkedBy((c) => `clerk${c % 3}`),
    ),
  ).toEqual([]);
  expect(
    observe(
      shiftingOwnership,
      checkedBy((c) => ["clerk1", "boss1"][c % 2]),
    ),
  ).toEqual([]);
});
test("forty executions are enough, 39 are not; a role counts from its share on", () => {
  const roles = ["clerk1", "boss1", "treasury1"];
  const found = (n: number) =>
    observe(
      shiftingOwnership,
      checkedBy((c) => roles[c % 3], n),
    ).length;
  expect([found(40), found(39)]).toEqual([1, 0]);
  const share = (minGroupShare: number) =>
    observe(
      shiftingOwnership,
      checkedBy((c) => (c % 10 === 0 ? "treasury1" : roles[c % 2])),
      {},
      { minGroupShare },
    ).length;
  expect([share(0.1), share(0.11)]).toEqual([1, 0]);
});
