import { expect, test } from "vitest";
import { reportWithoutDecision } from "../../src/detectors/report-without-decision.ts";
import { observeRecords, table } from "./detect.ts";

test("a report without a decision, and one that nobody has used for long", async () => {
  const list = await table(
    "reports",
    "report,decision,owner,last_used,hours,runs_per_year\nCash,Borrow or not,Ana,2025-02-01,2,52\nMargin,none,Ben,2025-02-01,4,12\nStock,Reorder,Cy,2023-01-15,1,12\n",
  );
  expect(
    observeRecords(reportWithoutDecision, [list])
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual(["Margin", "Stock"]);
});
const register = (decision: string, lastUsed: string) =>
  table(
    "reports",
    `report,decision,owner,last_used,hours,runs_per_year\nCash,Borrow or not,Ana,2026-02-01,2,52\nMargin,${decision},Ben,${lastUsed},4,12\n`,
  );

test("a report that serves nothing, with the hours that it takes a year", async () => {
  expect(observeRecords(reportWithoutDecision, [await register("none", "2026-02-01")])).toMatchObject([
    {
      subject: "Margin",
      cases: [],
      counted: { unit: "reports", count: 1, outOf: 2 },
      facts: [
        ["decision", "none"],
        ["owner", "Ben"],
        ["last used", "2026-02-01"],
        ["hours a year", "48"],
      ],
    },
  ]);
});
test("a report that serves a decision and is used is none", async () => {
  expect(observeRecords(reportWithoutDecision, [await register("Set prices", "2026-02-01")])).toEqual([]);
});
test("unused for 180 days is still in use, for 181 it is not; never used is not", async () => {
  const found = async (lastUsed: string) =>
    observeRecords(reportWithoutDecision, [await register("Set prices", lastUsed)]).map(
      ({ statement }) => statement,
    );
  expect(await found("2025-08-05")).toEqual([]);
  expect(await found("2025-08-04")).toEqual([expect.stringMatching(/181 days/)]);
  expect(await found("")).toEqual([expect.stringMatching(/never used/)]);
});
