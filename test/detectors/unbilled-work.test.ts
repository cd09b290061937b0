import { expect, test } from "vitest";
import { unbilledWork } from "../../src/detectors/unbilled-work.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { observe, observeRecords, table } from "./detect.ts";
import { draw, times, withAmount, HOUR } from "./processes.ts";

const sold = (isBilled: (c: number) => boolean, rest = " Post_payment/d") =>
  withAmount(
    draw(
      times(
        60,
        (c) =>
          `Take_order/a Ship_goods/b ${isBilled(c) ? "Send_invoice/c+1d " : ""}${isBilled(c) ? rest : ""}`,
      ),
    ),
    (c) => 100 + c,
  );

test("what was delivered and never billed is cash", () => {
  expect(
    observe(
      unbilledWork,
      sold((c) => c >= 3),
    ),
  ).toMatchObject([
    {
      subject: "Ship goods",
      cases: ["c0", "c1", "c2"],
      outOf: 60,
      people: [],
      cost: { kind: "cash", rows: { "c0 Ship goods": 100, "c1 Ship goods": 101, "c2 Ship goods": 102 } },
    },
  ]);
});
test("what is billed, or cancelled, or delivered of late, is none", () => {
  expect(
    observe(
      unbilledWork,
      sold(() => true),
    ),
  ).toEqual([]);
  expect(
    observe(
      unbilledWork,
      sold((c) => c < 55),
    ),
  ).toEqual([]);
  const cancelled = sold((c) => c >= 3).flatMap((row) =>
    row.activity === "Ship goods" && Number(row.case.slice(1)) < 3
      ? [row, { ...row, activity: "Cancel order", time: row.time + HOUR }]
      : [row],
  );
  expect(observe(unbilledWork, cancelled)).toEqual([]);
});
test("three cases are enough, two are not; longer ago than it says, by days", () => {
  const found = (n: number, options = {}) =>
    observe(
      unbilledWork,
      sold((c) => c >= n),
      {},
      options,
    ).length;
  expect([found(3), found(2)]).toEqual([1, 0]);
  const low = wilsonLow(3, 60);
  expect([found(3, { minShare: low }), found(3, { minShare: low + 1e-9 })]).toEqual([1, 0]);
  // c2 was delivered on working day 2, and the log ends on working day 59 and the two days after: 81 calendar
  // days
  expect([found(3, { minDays: 79 }), found(3, { minDays: 82 })]).toEqual([1, 0]);
});
test("orders delivered and without an invoice, in tables", async () => {
  const tables = (n: number) =>
    Promise.all([
      table(
        "orders",
        "order_id,delivered_at,amount\n" +
          Array.from({ length: 30 }, (_, i) => `O${i},2025-0${1 + Math.floor(i / 10)}-15,${100 + i}`).join(
            "\n",
          ),
      ),
      table(
        "invoices",
        "invoice_id,order_id,amount\n" +
          Array.from({ length: 30 - n }, (_, i) => `I${i},O${i + n},100`).join("\n"),
      ),
    ]);
  expect(observeRecords(unbilledWork, await tables(3))).toMatchObject([
    {
      subject: "orders",
      counted: { unit: "orders", count: 3 },
      cost: { kind: "cash", rows: { O0: 100, O1: 101, O2: 102 } },
    },
  ]);
  expect(observeRecords(unbilledWork, await tables(2))).toEqual([]);
});
