import { describe, expect, test } from "vitest";
import { duplicateVendor } from "../../src/detectors/duplicate-vendor.ts";
import { observeRecords, table } from "./detect.ts";

describe("vendors kept twice", () => {
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
    expect(observeRecords(duplicateVendor, [list])[0].records).toEqual([
      ["A1", "A2"],
      ["A4", "A5"],
    ]);
  });
  test("one pair is one finding, with its reason and out of all vendors", async () => {
    const list = await vendors(
      "A1,Nordwind Logistik GmbH,DE111222333,DE7,Kiel",
      "A2,NORDWIND LOGISTIK,DE 111 222 333,,Kiel",
    );
    expect(observeRecords(duplicateVendor, [list])).toMatchObject([
      {
        subject: "vendors",
        cases: [],
        counted: { unit: "vendors", count: 1, outOf: 32 },
        records: [["A1", "A2"]],
        facts: [["the same tax number", "1"]],
      },
    ]);
    expect(observeRecords(duplicateVendor, [list], [], { minPairs: 2 })).toEqual([]);
  });
  test("one account under names that have nothing in common is two vendors; vendors kept once are none", async () => {
    expect(
      observeRecords(duplicateVendor, [
        await vendors("A4,Hafen Handel,DE9991,DE5551234,Bremen", "A5,Quitte Obstbau,DE8882,DE5551234,Trier"),
      ]),
    ).toEqual([]);
    expect(observeRecords(duplicateVendor, [await vendors()])).toEqual([]);
  });
});
