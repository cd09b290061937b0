import { expect, test } from "vitest";
import { amountMismatch } from "../../src/detectors/amount-mismatch.ts";
import { observeRecords, table } from "./detect.ts";

test("an invoice above its order or receipt; parts of one order, and the tax, are none", async () => {
  const head = "invoice_id,order_id,amount,order_amount,received_amount";
  const fine = Array.from(
    { length: 40 },
    (_, i) => `I${i},O${i},${(119 + i * 1.19).toFixed(2)},${(100 + i).toFixed(2)},${(100 + i).toFixed(2)}`,
  );
  const [finding] = observeRecords(amountMismatch, [
    await table(
      "invoices",
      [
        head,
        ...fine,
        "P1,O90,59.50,100,100",
        "P2,O90,59.50,100,100",
        "B1,O91,238,100,100",
        "B2,O92,119,100,50",
        "",
      ].join("\n"),
    ),
  ]);
  expect(finding.records!.map(([id]) => id)).toEqual(["B1", "B2"]);
});
test("orders and receipts may be tables of their own", async () => {
  const list = await table(
    "invoices",
    "invoice_id,order_id,amount\n" +
      Array.from({ length: 30 }, (_, i) => `I${i},O${i},${i === 4 || i === 9 ? 150 : 100}`).join("\n"),
  );
  const orders = await table(
    "orders",
    "order_id,amount\n" + Array.from({ length: 30 }, (_, i) => `O${i},100`).join("\n"),
  );
  expect(observeRecords(amountMismatch, [list, orders])[0].records!.map(([id]) => id)).toEqual(["I4", "I9"]);
});
const billed = (...amounts: number[]) =>
  table(
    "invoices",
    [
      "invoice_id,order_id,amount,order_amount",
      ...Array.from({ length: 30 }, (_, i) => `I${i},O${i},${amounts[i] ?? 100},100`),
      "",
    ].join("\n"),
  );

test("what is billed above the order is cash, what is billed below it is not", async () => {
  expect(observeRecords(amountMismatch, [await billed(150, 60, 130)])).toMatchObject([
    {
      subject: "invoices",
      counted: { unit: "invoices", count: 3, outOf: 30 },
      records: [
        ["I0", "I0"],
        ["I1", "I1"],
        ["I2", "I2"],
      ],
      cost: { kind: "cash", rows: { I0: 50, I2: 30 } },
      facts: [["differ from the order", "3"]],
    },
  ]);
});
test("equal amounts are none", async () => {
  expect(observeRecords(amountMismatch, [await billed()])).toEqual([]);
});
test("one in a hundred is allowed, a cent more is not; two are enough, one is not", async () => {
  const found = async (...amounts: number[]) =>
    observeRecords(amountMismatch, [await billed(...amounts)]).length;
  expect([await found(101.01, 101.01), await found(101.02, 101.02)]).toEqual([0, 1]);
  expect([await found(150, 150), await found(150)]).toEqual([1, 0]);
});
