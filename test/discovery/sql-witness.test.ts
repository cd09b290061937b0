import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Evidence } from "../../src/evidence/evidence.ts";
import { rework } from "../../src/detectors/rework.ts";
import { selfApproval } from "../../src/detectors/self-approval.ts";
import { directlyFollows } from "../../src/discovery/directly-follows.ts";
import { findVariants } from "../../src/discovery/variants.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { readLog } from "../../src/formats/index.ts";
import type { ReadOptions } from "../../src/formats/format.ts";
import { Random } from "../../src/statistics/random.ts";
import { shared, whySkipped } from "../shared.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";

// The same questions in SQL, over the same file, read and sorted by DuckDB.

const { file } = temporaryFiles();
let instance: DuckDBInstance;
let sql: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  sql = await instance.connect();
});
afterAll(() => {
  sql.closeSync();
  instance.closeSync();
});

async function load(
  path: string,
  columns: { case: string; activity: string; time: string; person: string },
): Promise<void> {
  await sql.run("drop table if exists log");
  await sql.run(
    `create table log as select *, row_number() over (partition by c order by t, n) as i from (select "${columns.case}" as c, "${columns.activity}" as a, "${columns.time}" as t, "${columns.person}" as p, row_number() over () as n from read_csv($path, all_varchar = false, types = {'${columns.case}': 'varchar'}))`,
    { path },
  );
}
const rows = async (query: string) => (await sql.runAndReadAll(query)).getRowsJS();

function randomLog(seed: number): string {
  const random = new Random(seed);
  const names = ["Request", "Check", "Approve request", "Record order", "Pay"];
  const lines = Array.from(
    { length: 1500 },
    () =>
      `c${random.below(200)},${random.pick(names)},2025-01-${String(1 + random.below(28)).padStart(2, "0")} 10:${String(random.below(60)).padStart(2, "0")}:00,${random.chance(0.05) ? "" : `p${random.below(9)}`}`,
  );
  return `case,activity,time,person\n${lines.join("\n")}\n`;
}

async function compare(
  path: string,
  columns: Parameters<typeof load>[1],
  options: ReadOptions = {},
): Promise<Evidence> {
  await load(path, columns);
  const { log } = await readLog(path, options);
  const n = log.activities.length;
  const { edges } = directlyFollows(log);
  const seen = new Map(
    [...edges].map(([key, count]) => [
      `${nameAt(log.activities, Math.floor(key / n))} → ${nameAt(log.activities, key % n)}`,
      count,
    ]),
  );
  const expected = await rows(
    "select x.a || ' → ' || y.a, count(*)::int from log x join log y on x.c = y.c and y.i = x.i + 1 group by 1",
  );
  expect(seen).toEqual(new Map(expected.map(([edge, count]) => [String(edge), Number(count)])));

  const variants = await rows(
    "select s, count(*)::int as n from (select c, string_agg(a, chr(31) order by i) as s from log group by c) group by s order by n desc",
  );
  const { caseCount } = findVariants(log);
  expect([...caseCount]).toEqual(variants.map(([, count]) => Number(count)));
  const [[cases, people]] = await rows("select count(distinct c)::int, count(distinct p)::int from log");
  expect([log.caseCount, log.people.length - 1]).toEqual([cases, people]);
  return new Evidence(log);
}

describe("SQL in DuckDB gives the same", () => {
  const plain = { case: "case", activity: "activity", time: "time", person: "person" };

  test.each([1, 2, 3, 4, 5])("edges, variants, rework and self-approval of random log %i", async (seed) => {
    const evidence = await compare(file(randomLog(seed), `random-${seed}.csv`), plain);

    const found = rework.detect(evidence, { minCases: 1, minShare: 0, maxShare: 1, maxMeant: 1 });
    const own = new Map(
      found.flatMap((o) =>
        o.facts
          .filter(([label]) => label === "repetitions")
          .map(([, count]) => [o.subject, Number(count)] as const),
      ),
    );
    const repeated = await rows(
      "select a, count(*)::int from (select a, i, lag(i) over (partition by c, a order by i) as before from log) where before < i - 1 group by a",
    );
    const bySql = new Map(repeated.map(([a, count]) => [String(a), Number(count)]));
    for (const [a, count] of own) expect(bySql.get(a), a).toBe(count);
    expect(own.size).toBeGreaterThan(0);

    // The requester is the person of the first event (unless that is an approval itself) or of the last
    // "Request" before the approval; nobody is nobody.
    const [self] = selfApproval.detect(evidence, { minCases: 1 });
    const cases = await rows(
      `select distinct x.c from log x join log f on f.c = x.c and f.i = 1
       left join log r on r.c = x.c and r.i = (select max(i) from log l where l.c = x.c and l.a = 'Request' and l.i > 1 and l.i < x.i)
       where x.a = 'Approve request' and x.i > 1 and ((f.a <> 'Approve request' and f.p = x.p) or r.p = x.p)`,
    );
    expect(Array.from(self.cases, (c) => nameAt(evidence.log.caseIds, c)).sort()).toEqual(
      cases.map(([c]) => String(c)).sort(),
    );
  });

  test.skipIf(!shared)(`edges and variants of the road-traffic fines${whySkipped}`, async () => {
    await compare(`${shared}/data/logs/road_traffic_fines.csv.gz`, {
      case: "case_id",
      activity: "activity",
      time: "timestamp",
      person: "resource",
    });
  });
});
