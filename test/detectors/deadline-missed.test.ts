import { expect, test } from "vitest";
import { deadlineMissed } from "../../src/detectors/deadline-missed.ts";
import { MONDAY } from "../log-of.ts";
import { observe, observeRecords, table, descriptionOf, OFFICE } from "./detect.ts";
import { PURCHASE, purchases, every, HOUR, DAY } from "./processes.ts";

const rules = [{ deadline: "Pay", within: "10h", after: "Order" }];
const given = { description: descriptionOf({ ...PURCHASE, rules }), calendar: OFFICE };
const paidLater = (isLate: (c: number) => boolean, hours: number) =>
  purchases().map((row) =>
    row.activity === "Pay" && isLate(Number(row.case.slice(1)))
      ? { ...row, time: row.time + hours * HOUR }
      : row,
  );

test("what is done after its deadline, with the working hours beyond it", () => {
  // ordered at 13:00 and due at 23:00; done at 21:00 two days later: eight working hours of each day between
  const [finding, ...more] = observe(
    deadlineMissed,
    paidLater((c) => c % 10 === 0, 52),
    given,
  );
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ subject: "Pay", cases: every(10), outOf: 120, cost: { kind: "delay" } });
  expect(finding.cost!.rows).toMatchObject({ "c0 Pay": 16 });
});
test("what is in time, or not done and not due yet, is none", () => {
  expect(observe(deadlineMissed, purchases(), given)).toEqual([]);
  const open = purchases((steps, c) => (c === 119 ? steps.slice(0, 4) : steps));
  expect(observe(deadlineMissed, open, given)).toEqual([]);
});
test("a step not done yet is late when its time has passed", () => {
  const open = purchases((steps, c) => (c < 3 ? steps.slice(0, 4) : steps));
  expect(observe(deadlineMissed, open, given, { minShare: 0.005 })[0].cases).toEqual(["c0", "c1", "c2"]);
});
test("done at the deadline is in time, a second later is late; three cases are enough, two are not", () => {
  const found = (n: number, hours: number, ms: number) =>
    observe(
      deadlineMissed,
      paidLater((c) => c < n, hours).map((row) =>
        row.activity === "Pay" ? { ...row, time: row.time + ms } : row,
      ),
      given,
      { minShare: 0.005 },
    ).length;
  expect([found(3, 6, 0), found(3, 6, 1000)]).toEqual([0, 1]);
  expect(found(2, 6, 1000)).toBe(0);
});
test("a due day lasts until its end", () => {
  const byColumn = {
    description: descriptionOf({ ...PURCHASE, rules: [{ deadline: "Pay", by: "due_date" }] }),
  };
  const due = (days: number) =>
    purchases().map((row) => ({
      ...row,
      due_date: new Date(Math.floor((MONDAY + Number(row.case.slice(1)) * DAY) / DAY) * DAY + days * DAY)
        .toISOString()
        .slice(0, 10),
    }));
  expect(observe(deadlineMissed, due(0), byColumn)).toEqual([]);
  expect(observe(deadlineMissed, due(-1), byColumn)[0].cases).toHaveLength(120);
});
test("invoices paid after their due date", async () => {
  const list = await table(
    "invoices",
    "invoice_id,amount,due_date,paid_at\n" +
      Array.from(
        { length: 50 },
        (_, i) => `I${i},10.50,2025-03-15,${i % 5 === 0 ? "2025-04-20" : "2025-03-15"}`,
      ).join("\n"),
  );
  expect(observeRecords(deadlineMissed, [list])).toMatchObject([
    { subject: "invoices", counted: { count: 10, outOf: 50 }, facts: [["longest", "35 days"]] },
  ]);
});
test("a payment on the due day is in time, on the next it is not", async () => {
  const invoices = (day: string) =>
    table(
      "invoices",
      "invoice_id,amount,due_date,paid_at\n" +
        Array.from({ length: 50 }, (_, i) => `I${i},10.50,2025-03-15,${i < 3 ? day : "2025-03-01"}`).join(
          "\n",
        ),
    );
  expect(observeRecords(deadlineMissed, [await invoices("2025-03-15")])).toEqual([]);
  expect(observeRecords(deadlineMissed, [await invoices("2025-03-16")])).toMatchObject([
    { counted: { count: 3 } },
  ]);
});
