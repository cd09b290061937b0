import { expect, test } from "vitest";
import { unmappedApprovalChain } from "../../src/detectors/unmapped-approval-chain.ts";
import { observe, descriptionOf } from "./detect.ts";
import { withAmount, PURCHASE, purchases, every } from "./processes.ts";

const given = { description: descriptionOf(PURCHASE) };
const approvedBy = (who: (c: number) => string | undefined) =>
  purchases((steps, c) => steps.map(([a, p]) => [a, a === "Approve request" ? (who(c) ?? p) : p]));

test("an approver whom the description names for no approval", () => {
  const rows = withAmount(approvedBy((c) => (c % 20 === 0 ? "stranger" : undefined)));
  expect(observe(unmappedApprovalChain, rows, given)).toMatchObject([
    {
      subject: "Approve request",
      cases: every(20),
      outOf: 120,
      people: ["stranger"],
      cost: {
        kind: "exposure",
        rows: Object.fromEntries(every(20).map((id) => [`${id} Approve request`, 100])),
      },
    },
  ]);
});
test("an approval that the description does not have", () => {
  const extra = purchases((steps, c) =>
    c % 6 === 0 ? [...steps.slice(0, 2), ["Approve exception", "boss0"], ...steps.slice(2)] : steps,
  );
  expect(observe(unmappedApprovalChain, extra, given)).toMatchObject([
    { subject: "Approve exception", cases: every(6), outOf: 120 },
  ]);
});
test("the deputy is in the chain", () => {
  expect(
    observe(
      unmappedApprovalChain,
      approvedBy((c) => (c % 20 === 0 ? "dep" : undefined)),
      given,
    ),
  ).toEqual([]);
});
test("two cases are enough, one is not", () => {
  const found = (n: number) =>
    observe(
      unmappedApprovalChain,
      approvedBy((c) => (c < n ? "stranger" : undefined)),
      given,
    ).length;
  expect([found(2), found(1)]).toEqual([1, 0]);
});
