import { describe, expect, test } from "vitest";
import { readRecords } from "../../src/formats/records.ts";
import { withValues } from "../../src/input-error.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { file } = temporaryFiles();

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
