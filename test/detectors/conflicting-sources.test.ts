import { expect, test } from "vitest";
import { conflictingSources } from "../../src/detectors/conflicting-sources.ts";
import { observeRecords, table } from "./detect.ts";

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
  const found = observeRecords(
    conflictingSources,
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
  const [finding] = observeRecords(conflictingSources, [await make("a"), await make("b")]);
  expect(finding).toMatchObject({
    subject: "city",
    records: [0, 8, 16, 24, 32].map((i) => [`a${i}`, `b${i}`]),
  });
});
const versions = (n: number, other: (i: number) => string) =>
  Promise.all(
    ["erp", "crm"].map((tag) =>
      table(
        "vendors",
        "vendor_id,name,bank_account\n" +
          Array.from(
            { length: 50 },
            (_, i) => `V${i},Firma ${i},${tag === "crm" && i < n ? other(i) : `DE${i}`}`,
          ).join("\n"),
        tag,
      ),
    ),
  );

test("two records that differ are enough, one is not; what nearly always differs means something else", async () => {
  const found = async (n: number) =>
    observeRecords(conflictingSources, await versions(n, (i) => `NL${i}`)).map(({ counted }) => counted);
  expect(await found(2)).toEqual([{ unit: "vendors", count: 2, outOf: 50 }]);
  expect(await found(1)).toEqual([]);
  expect([(await found(40)).length, (await found(41)).length]).toEqual([1, 0]);
});
test("what one side leaves empty is not compared", async () => {
  expect(observeRecords(conflictingSources, await versions(10, () => ""))).toEqual([]);
});
