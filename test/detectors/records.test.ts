import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withValues } from "../../src/input-error.ts";
import { descriptionSchema } from "../../src/description/description.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { detectors } from "../../src/detectors/index.ts";
import type { RecordTable } from "../../src/eventlog/record-table.ts";
import { runAudit } from "../../src/audit/run-audit.ts";
import { readRecords } from "../../src/formats/records.ts";
import { inputErrorOf, temporaryFiles } from "../formats/temporary-files.ts";
import { logOf } from "../log-of.ts";

const { file } = temporaryFiles();
const log = logOf(...Array.from({ length: 40 }, () => "A B"));
let count = 0;
const table = async (name: string, csv: string, tag?: string): Promise<RecordTable> =>
  (await readRecords(file(csv, `${name}-${count++}.csv`), name, tag)).table;
const run = (id: string, records: RecordTable[], rules: object[] = []) => {
  const description = descriptionSchema.parse({ process: "p", flow: ["A", "B"], rules });
  const evidence = new Evidence(log, { records, description });
  const detector = detectors.find((d) => d.id === id)!;
  expect(detector.missing(evidence)).toEqual([]);
  return detector.detect(evidence, { ...detector.options });
};
const HEAD = "invoice_id,vendor_id,vendor_name,reference,date,amount,currency,case_id";
const filler = (n: number) =>
  Array.from(
    { length: n },
    (_, i) =>
      `F${i},V${i % 9},Vendor ${i % 9},Z-${1000 + i * 37},2025-02-${String(1 + (i % 27)).padStart(2, "0")},${(100 + i * 7.31).toFixed(2)},EUR,c${1 + (i % 40)}`,
  );
const invoices = (...lines: string[]) => table("invoices", [HEAD, ...filler(60), ...lines, ""].join("\n"));

describe("reading records", () => {
  test("columns are recognised by name and content, identifiers stay as they are written", async () => {
    const { table: t, notes } = await readRecords(
      file(
        "Rechnungsnr;Kreditor;Betrag;Rechnungsdatum;Bank\n0047;00123;1.234,50;03.04.2025;DE89370400440532013000\n0048;00124;7,00;25.04.2025;DE02120300000000202051\n",
        "de.csv",
      ),
      "invoices",
      undefined,
    );
    expect(Object.fromEntries(t.roles)).toMatchObject({
      reference: "Rechnungsnr",
      vendor_id: "Kreditor",
      amount: "Betrag",
      date: "Rechnungsdatum",
      bank_account: "Bank",
    });
    const values = (name: string) => t.columns.find((c) => c.name === name)!;
    expect(values("Betrag")).toMatchObject({ kind: "number", numbers: Float64Array.of(1234.5, 7) });
    expect((values("Kreditor") as { values: { at(i: number): string | undefined } }).values.at(1)).toBe(
      "00123",
    );
    expect(notes.join()).toMatch(/amount = "Betrag"/);
  });
  test("JSON is read alike; what is no table, has no rows or dates of two readings is refused", async () => {
    const json = await readRecords(
      file('[{"id":"1","name":"Acme","tax_id":"X"},{"id":"2","name":"Beta","tax_id":"Y"}]', "v.json"),
      "vendors",
      "crm",
    );
    expect(json.table).toMatchObject({ rowCount: 2, tag: "crm", key: "id" });
    expect(
      (await inputErrorOf(readRecords(file("invoice_id,amount\n", "empty.csv"), "invoices", undefined)))
        .message,
    ).toMatch(/not a single row/);
    expect((await inputErrorOf(readRecords(file("<log/>", "x.xes"), "invoices", undefined))).message).toMatch(
      /expected a table of records/,
    );
    expect(
      (
        await inputErrorOf(
          readRecords(file("invoice_id,date\n1,03/04/2025\n2,05/06/2025\n", "d.csv"), "invoices", undefined),
        )
      ).message,
    ).toMatch(/day first or month first/);
  });
  test.each(["csv", "json"])("values that do not fit are named with their place, in %s", async (kind) => {
    const rows = Array.from({ length: 30 }, (_, i) => ({
      invoice_id: `I${i}`,
      amount: i === 4 ? "1e300" : `${100 + i}.50`,
      date: i === 7 ? "soon" : `2025-02-${String(1 + (i % 28)).padStart(2, "0")}`,
    }));
    const text =
      kind === "json"
        ? JSON.stringify(rows.map((row) => ({ ...row, amount: Number(row.amount) })))
        : ["invoice_id,amount,date", ...rows.map((row) => Object.values(row).join(","))].join("\n");
    const { table: t, notes } = await readRecords(file(text, `odd.${kind}`), "invoices", undefined);
    expect(t.rowCount).toBe(30);
    expect(withValues(notes.join("\n"))).toMatch(/1 values do not fit.*"date": expected .*, got "soon"/);
    expect(notes.join("\n")).toMatch(/"amount": 1 numbers beyond a quadrillion/);
    const amount = t.columns.find(({ name }) => name === "amount")!;
    expect(amount.kind === "number" && [amount.numbers[3], amount.numbers[4]]).toEqual([103.5, NaN]);
  });
});

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
    expect(run("duplicate-payment", [await invoices(first, second)])).toMatchObject([
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
    expect(run("duplicate-payment", [await invoices(...lines)])).toEqual([]);
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
          const found = run("duplicate-payment", [await table("invoices", [HEAD, ...lines, ""].join("\n"))]);
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
    const { findings, totals } = runAudit(new Evidence(log, { records: [list, payments] }), {
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

describe("vendors, amounts, sources, reports", () => {
  const vendors = (...lines: string[]) =>
    table(
      "vendors",
      [
        "vendor_id,name,tax_id,bank_account,city",
        ...Array.from(
          { length: 30 },
          (_, i) =>
            `W${i},Firma ${"abcdefghijklmnopqrstuvwxyzäöüß"[i]}${i} Handel,DE${900_000_000 + i * 13},DE1${i}5005000000${i}77,Ulm`,
        ),
        ...lines,
        "",
      ].join("\n"),
    );
  test("one tax number under two numbers is one vendor; a similar name with another is not", async () => {
    const list = await vendors(
      "A1,Nordwind Logistik GmbH,DE111222333,DE7,Kiel",
      "A2,NORDWIND LOGISTIK,DE 111 222 333,,Kiel",
      "A3,Nordwind Logistics BV,NL998877665,NL1,Kiel",
      "A4,Hafen Handel,,DE555,Bremen",
      "A5,Hafen-Handel GmbH & Co. KG,,DE555,Bremen",
    );
    expect(run("duplicate-vendor", [list])[0].records).toEqual([
      ["A1", "A2"],
      ["A4", "A5"],
    ]);
  });
  test("an invoice above its order or receipt; parts of one order, and the tax, are none", async () => {
    const head = "invoice_id,order_id,amount,order_amount,received_amount";
    const fine = Array.from(
      { length: 40 },
      (_, i) => `I${i},O${i},${(119 + i * 1.19).toFixed(2)},${(100 + i).toFixed(2)},${(100 + i).toFixed(2)}`,
    );
    const [finding] = run("amount-mismatch", [
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
    expect(run("amount-mismatch", [list, orders])[0].records!.map(([id]) => id)).toEqual(["I4", "I9"]);
  });
  test("two systems that tell an account differently; spelling is no conflict, and a rule says who is right", async () => {
    const [erp, crm] = await Promise.all(
      ["erp", "crm"].map((tag) =>
        table(
          "vendors",
          "vendor_id,name,bank_account\n" +
            Array.from(
              { length: 50 },
              (_, i) =>
                `V${i},${tag === "crm" && i % 3 === 0 ? `FIRMA ${i} GMBH` : `Firma ${i}`},${tag === "crm" && i % 10 === 0 ? `NL${i}` : `DE${i}`}`,
            ).join("\n"),
          tag,
        ),
      ),
    );
    const found = run(
      "conflicting-sources",
      [erp, crm],
      [{ authoritative: "bank_account", of: "vendors", source: "erp" }],
    );
    expect(found).toMatchObject([
      { subject: "bank_account", records: ["V0", "V10", "V20", "V30", "V40"].map((id) => [id, id]) },
    ]);
    expect(found[0].statement).toMatch(/erp is right by the description/);
  });
  test("two systems without common ids are linked by what they have in common", async () => {
    const names = Array.from(
      { length: 40 },
      (_, i) =>
        `${["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel"][i % 8]} ${["Metals", "Paper", "Tools", "Office", "Energy"][Math.floor(i / 8)]}`,
    );
    const make = (tag: string) =>
      table(
        "vendors",
        "id,name,street,city\n" +
          names
            .map(
              (name, i) => `${tag}${i},${name},Lane ${i * 7},${tag === "b" && i % 8 === 0 ? "Bonn" : "Köln"}`,
            )
            .join("\n"),
        tag,
      );
    const [finding] = run("conflicting-sources", [await make("a"), await make("b")]);
    expect(finding).toMatchObject({
      subject: "city",
      records: [0, 8, 16, 24, 32].map((i) => [`a${i}`, `b${i}`]),
    });
  });
  test("a report without a decision, and one that nobody has used for long", async () => {
    const list = await table(
      "reports",
      "report,decision,owner,last_used,hours,runs_per_year\nCash,Borrow or not,Ana,2025-02-01,2,52\nMargin,none,Ben,2025-02-01,4,12\nStock,Reorder,Cy,2023-01-15,1,12\n",
    );
    expect(
      run("report-without-decision", [list])
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(["Margin", "Stock"]);
  });
  test("fields of tables that are empty or written in many ways", async () => {
    const list = await table(
      "vendors",
      "vendor_id,name,country,tax_id\n" +
        Array.from(
          { length: 60 },
          (_, i) =>
            `V${i},Firma ${i},${i % 15 === 0 ? "GERMANY" : "Germany"},${i % 10 === 0 ? "n/a" : `DE${i}000`}`,
        ).join("\n"),
    );
    expect(run("missing-data", [list])).toMatchObject([
      { subject: "tax_id", counted: { count: 6, outOf: 60 } },
    ]);
    expect(run("inconsistent-entry", [list])).toMatchObject([{ subject: "country", counted: { count: 4 } }]);
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
    expect(run("deadline-missed", [list])).toMatchObject([
      { subject: "invoices", counted: { count: 10, outOf: 50 } },
    ]);
  });
});
