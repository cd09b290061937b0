import { expect, test } from "vitest";
import { inconsistentEntry } from "../../src/detectors/inconsistent-entry.ts";
import { wilsonLow } from "../../src/statistics/intervals.ts";
import { Random } from "../../src/statistics/random.ts";
import { observe, observeRecords, table } from "./detect.ts";
import { plain, every } from "./processes.ts";

const spelled = (odd: (c: number) => boolean) =>
  plain(160, (r, c) =>
    r.map((row) => ({
      ...row,
      vendor: odd(c) ? "ACME Ltd." : c % 2 === 0 ? "Acme" : "Nordwind",
      site: `Line ${"ABCD"[c % 4]}`,
    })),
  );

test("spellings of one vendor; neighbouring codes are no spellings", () => {
  expect(
    observe(
      inconsistentEntry,
      spelled((c) => c % 8 === 0),
    ),
  ).toMatchObject([
    { subject: "vendor", cases: every(8, 160), outOf: 160, facts: [["spellings too many", "1"]] },
  ]);
});
test("a value that one person uses where others do not", () => {
  const random = new Random(4);
  const rows = plain(240, (r) =>
    r.map((row) =>
      row.activity === "Request"
        ? {
            ...row,
            category:
              row.person === "req1" ? "Other" : random.pick(["Travel", "Office", "Other", "Tools", "Print"]),
          }
        : row,
    ),
  );
  const own = rows.filter((row) => row.activity === "Request" && row.person === "req1");
  const [finding, ...more] = observe(inconsistentEntry, rows);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    subject: "category",
    people: ["req1"],
    outOf: own.length,
    cases: own.map((row) => row.case),
  });
  expect(finding.p).toBeLessThan(0.001);
});
test("one spelling is none", () => {
  expect(
    observe(
      inconsistentEntry,
      spelled(() => false),
    ),
  ).toEqual([]);
});
test("eight cases are enough, seven are not; the share counts by its lower bound", () => {
  const found = (n: number, changed = {}) =>
    observe(
      inconsistentEntry,
      spelled((c) => c % 20 === 0 && c < n * 20),
      {},
      changed,
    ).length;
  expect([found(8), found(7)]).toEqual([1, 0]);
  const low = wilsonLow(8, 160);
  expect([found(8, { minSpellingShare: low }), found(8, { minSpellingShare: low + 1e-9 })]).toEqual([1, 0]);
});
test("fields of tables that are written in several ways", async () => {
  const list = (n: number) =>
    table(
      "vendors",
      "vendor_id,name,country\n" +
        Array.from(
          { length: 60 },
          (_, i) => `V${i},Firma ${i},${i % 15 === 0 && i < n * 15 ? "GERMANY" : "Germany"}`,
        ).join("\n"),
    );
  expect(observeRecords(inconsistentEntry, [await list(4)])).toMatchObject([
    {
      subject: "country",
      counted: { count: 4, outOf: 60 },
      records: ["V0", "V15", "V30", "V45"].map((id) => [id, id]),
    },
  ]);
  expect([
    observeRecords(inconsistentEntry, [await list(3)]).length,
    observeRecords(inconsistentEntry, [await list(2)]).length,
  ]).toEqual([1, 0]);
});
