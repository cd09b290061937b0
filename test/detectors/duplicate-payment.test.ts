import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detectors } from "../../src/detectors/index.ts";
import { runAudit } from "../../src/audit/run-audit.ts";
import { duplicatePayment } from "../../src/detectors/duplicate-payment.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { observeRecords, table, quietLog } from "./detect.ts";
import { DAY } from "./processes.ts";

const HEAD = "invoice_id,vendor_id,vendor_name,reference,date,amount,currency,case_id";
const filler = (n: number) =>
  Array.from(
    { length: n },
    (_, i) =>
      `F${i},V${i % 9},Vendor ${i % 9},Z-${1000 + i * 37},2025-02-${String(1 + (i % 27)).padStart(2, "0")},${(100 + i * 7.31).toFixed(2)},EUR,c${1 + (i % 40)}`,
  );
const invoices = (...lines: string[]) => table("invoices", [HEAD, ...filler(60), ...lines, ""].join("\n"));

describe("invoices entered twice", () => {
  test.each([
    ["all equal", "X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1", "X2,V1,Acme,R-100,2025-03-01,512.37,EUR,c2"],
    [
      "the reference without its dash",
      "X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1",
      "X2,V1,Acme,R100,2025-03-01,512.37,EUR,c2",
    ],
    [
      "the reference with leading zeros",
      "X1,V1,Acme,4711,2025-03-01,512.37,EUR,c1",
      "X2,V1,Acme,0004711,2025-03-01,512.37,EUR,c2",
    ],
    [
      "the reference with a letter more",
      "X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1",
      "X2,V1,Acme,R-100B,2025-03-01,512.37,EUR,c2",
    ],
    ["O for 0", "X1,V1,Acme,RE1005,2025-03-01,512.37,EUR,c1", "X2,V1,Acme,RE1OO5,2025-03-01,512.37,EUR,c2"],
    [
      "the vendor in capitals under another number",
      "X1,V1,Acme Ltd,R-10077,2025-03-01,512.37,EUR,c1",
      "X2,V77,ACME LIMITED,R-10077,2025-03-01,512.37,EUR,c2",
    ],
    [
      "two digits of the amount swapped",
      "X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1",
      "X2,V1,Acme,R-100,2025-03-02,521.37,EUR,c2",
    ],
    ["weeks later", "X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1", "X2,V1,Acme,R-100,2025-04-20,512.37,EUR,c2"],
  ])("%s", async (_, first, second) => {
    expect(observeRecords(duplicatePayment, [await invoices(first, second)])).toMatchObject([
      { subject: "invoices", records: [["X1", "X2"]] },
    ]);
  });
  test.each([
    [
      "neighbouring numbers of one day",
      ["X1,V1,Acme,R-100,2025-03-01,18.90,EUR,", "X2,V1,Acme,R-101,2025-03-01,18.90,EUR,"],
    ],
    [
      "a rent under one reference",
      Array.from({ length: 5 }, (_, m) => `X${m},V1,Acme,RENT,2025-0${m + 1}-01,4200.00,EUR,`),
    ],
    [
      "a credit note and the bill anew",
      [
        "X1,V1,Acme,R-9,2025-03-01,731.25,EUR,",
        "X2,V1,Acme,R-9,2025-03-09,-731.25,EUR,",
        "X3,V1,Acme,R-9,2025-03-10,731.25,EUR,",
      ],
    ],
    [
      "two currencies",
      ["X1,V1,Acme,R-100,2025-03-01,512.37,EUR,", "X2,V1,Acme,R-100,2025-03-01,512.37,USD,"],
    ],
    [
      "two vendors with a short reference and a round amount",
      ["X1,V1,Acme,12,2025-03-01,500.00,EUR,", "X2,V2,Zeta,12,2025-03-01,500.00,EUR,"],
    ],
  ])("%s is no duplicate", async (_, lines) => {
    expect(observeRecords(duplicatePayment, [await invoices(...lines)])).toEqual([]);
  });
  test("finds what comparing all with all finds, where reference, vendor and amount are equal", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.nat(4), fc.nat(2), fc.nat(200)), { minLength: 2, maxLength: 30 }),
        async (list) => {
          const lines = list.map(
            ([v, r, a, d], i) =>
              `I${i},V${v},Name ${v},${["ALPHA711", "BRAVO352", "CEDAR868", "DELTA194", "EMBER405"][r]}V${v}V,${new Date(Date.UTC(2025, 0, 1 + d)).toISOString().slice(0, 10)},${(a + 1) * 113.37},EUR,`,
          );
          const found = observeRecords(duplicatePayment, [
            await table("invoices", [HEAD, ...lines, ""].join("\n")),
          ]);
          const groups = new Map<string, number[]>();
          list.forEach(([v, r, a, d]) =>
            groups.set(`${v}/${r}/${a}`, [...(groups.get(`${v}/${r}/${a}`) ?? []), d]),
          );
          const expected = [...groups.values()].reduce((sum, days) => {
            const sorted = [...days].sort((x, y) => x - y);
            const recurring = days.length >= 3 && sorted.slice(1).every((d, i) => d - sorted[i] >= 20);
            return sum + (recurring ? 0 : days.length - 1);
          }, 0);
          expect(found.reduce((sum, { records = [] }) => sum + records.length, 0)).toBe(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
  test("what was paid twice is cash, weighed by precision; what was not is told apart; a payment made twice is found", async () => {
    const list = await invoices(
      "X1,V1,Acme,R-100,2025-03-01,500.10,EUR,c1",
      "X2,V1,Acme,R100,2025-03-01,500.10,EUR,c2",
      "X3,V1,Acme,R-300,2025-03-01,80.30,EUR,",
      "X4,V1,Acme,R300,2025-03-01,80.30,EUR,",
      "X5,V1,Acme,R-777,2025-03-05,61.20,EUR,",
    );
    const payments = await table(
      "payments",
      "payment_id,invoice_id,amount,paid_at\nP1,X1,500.10,2025-04-01\nP2,X2,500.10,2025-04-02\nP3,X3,80.30,2025-04-01\nP4,X5,61.20,2025-04-01\nP5,X5,61.20,2025-04-03\n",
    );
    const { findings, totals } = runAudit(new Evidence(quietLog, { records: [list, payments] }), {
      detectors: detectors.filter(({ id }) => id === "duplicate-payment"),
    });
    expect(findings[0]).toMatchObject({
      cases: 3,
      outOf: 65,
      unit: "invoices",
      caseIds: ["c1", "c2"],
      records: [
        ["X1", "X2"],
        ["X3", "X4"],
        ["X5", "X5"],
      ],
    });
    expect(findings[0].money).toMatchObject({
      kind: "cash",
      mid: Math.round((500.1 + 61.2) * 0.95 * 100) / 100,
    });
    expect(totals[0].cash.mid).toBe(findings[0].money!.mid);
    expect(findings[0].facts).toContainEqual(["not paid twice yet", "80.30"]);
  });
});

test("what was entered twice and may not be paid is exposed, with the smaller amount of each pair", async () => {
  const pair = await invoices(
    "X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1",
    "X2,V1,Acme,R-100,2025-03-02,521.37,EUR,c2",
  );
  expect(observeRecords(duplicatePayment, [pair])).toMatchObject([
    {
      counted: { unit: "invoices", count: 1, outOf: 62 },
      cases: ["c1", "c2"],
      cost: { kind: "exposure", currency: "EUR", rows: { X2: 512.37 } },
      facts: [["amount slipped", "1"]],
    },
  ]);
  expect(observeRecords(duplicatePayment, [pair], [], { minPairs: 2 })).toEqual([]);
});
test("400 days apart is still the same invoice, 401 are not; a slipped amount within a week, not on the eighth day", async () => {
  const apart = async (days: number, second: string) => {
    const day = new Date(Date.UTC(2025, 2, 1) + days * DAY).toISOString().slice(0, 10);
    return observeRecords(duplicatePayment, [
      await invoices("X1,V1,Acme,R-100,2025-03-01,512.37,EUR,c1", `X2,V1,Acme,R-100,${day},${second},EUR,c2`),
    ]).length;
  };
  expect([await apart(400, "512.37"), await apart(401, "512.37")]).toEqual([1, 0]);
  expect([await apart(7, "521.37"), await apart(8, "521.37")]).toEqual([1, 0]);
});
