import { expect, test } from "vitest";
import { missingData } from "../../src/detectors/missing-data.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { Random } from "../../src/statistics/random.ts";
import { observe, observeRecords, table } from "./detect.ts";
import { plain, every } from "./processes.ts";

const vendorOf = (n: number, value: (c: number) => string | undefined) =>
  plain(n, (r, c) =>
    r.map((row) => ({
      ...row,
      person: row.activity === "Request" ? `req${c % 6}` : row.person,
      vendor: value(c),
    })),
  );

test("a field left empty by one person, with a dash counted as empty", () => {
  const rows = vendorOf(160, (c) => (c % 6 === 1 ? "-" : `V${c % 4}`));
  const [finding, ...more] = observe(missingData, rows);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "vendor",
    people: ["req1"],
    outOf: 160,
    facts: [
      ["filled", "133 of 160"],
      ["left empty by those people", "27 of 27"],
    ],
  });
  expect(finding.cases).toEqual(every(1, 160).filter((id) => Number(id.slice(1)) % 6 === 1));
});
test("a field that a kind of case never needs is no finding", () => {
  const rows = plain(160, (r, c) =>
    r.map((row) => ({
      ...row,
      kind: c % 3 === 0 ? "goods" : "service",
      weight: c % 3 === 0 ? `${c % 5} kg` : undefined,
    })),
  );
  expect(observe(missingData, rows)).toEqual([]);
});
test("eight cases are enough, seven are not; the share counts by its lower bound", () => {
  const found = (n: number, changed = {}) =>
    observe(
      missingData,
      vendorOf(60, (c) => (c % 7 === 3 && c < n * 7 ? undefined : `V${c % 4}`)),
      {},
      changed,
    ).length;
  expect([found(8), found(7)]).toEqual([1, 0]);
  const low = wilsonLow(8, 60);
  expect([found(8, { minShare: low }), found(8, { minShare: low + 1e-9 })]).toEqual([1, 0]);
});
test("a field that is filled in half of the rows is normally filled, in fewer it is not", () => {
  const random = new Random(9);
  const empty = new Set(random.shuffle(Array.from({ length: 100 }, (_, c) => c)).slice(0, 50));
  const found = (more: number) =>
    observe(
      missingData,
      vendorOf(100, (c) =>
        empty.has(c) ||
        [...Array(100).keys()]
          .filter((k) => !empty.has(k))
          .slice(0, more)
          .includes(c)
          ? undefined
          : `V${c % 4}`,
      ),
    ).length;
  expect([found(0), found(1)]).toEqual([1, 0]);
});
test("fields of tables that are empty", async () => {
  const list = (n: number) =>
    table(
      "vendors",
      "vendor_id,name,country,tax_id\n" +
        Array.from(
          { length: 60 },
          (_, i) => `V${i},Firma ${i},Germany,${i % 10 === 0 && i < n * 10 ? "n/a" : `DE${i}000`}`,
        ).join("\n"),
    );
  expect(observeRecords(missingData, [await list(6)])).toMatchObject([
    {
      subject: "tax_id",
      counted: { count: 6, outOf: 60 },
      records: ["V0", "V10", "V20", "V30", "V40", "V50"].map((id) => [id, id]),
    },
  ]);
  expect(observeRecords(missingData, [await list(2)])).toEqual([]);
});
