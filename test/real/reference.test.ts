import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { directlyFollows } from "../../src/discovery/directly-follows.ts";
import { findVariants } from "../../src/discovery/variants.ts";
import { timeRange, type EventLog } from "../../src/eventlog/event-log.ts";
import { allNames } from "../../src/eventlog/strings.ts";
import { readLog } from "../../src/sources/index.ts";
import type { ReadOptions } from "../../src/sources/source.ts";
import { shared, whySkipped } from "../shared.ts";

/** Logs with reference results of another implementation, and the life cycle with which those were made. */
const LOGS: [reference: string, file: string, options: ReadOptions][] = [
  ["receipt", "receipt.xes.gz", { lifecycle: "events" }],
  ["sepsis", "sepsis.xes.gz", { lifecycle: "events" }],
  ["helpdesk", "helpdesk.xes.gz", { lifecycle: "events" }],
  ["bpic2012_complete", "bpic2012.xes.gz", { lifecycle: "complete" }],
  ["bpic2013_closed", "bpic2013_closed.xes.gz", { lifecycle: "events" }],
  ["bpic2013_incidents", "bpic2013_incidents.xes.gz", { lifecycle: "events" }],
  ["bpic2020_domestic", "bpic2020_DomesticDeclarations.xes.gz", { lifecycle: "events" }],
  ["bpic2020_permit", "bpic2020_PermitLog.xes.gz", { lifecycle: "events" }],
  ["bpic2020_rfp", "bpic2020_RequestForPayment.xes.gz", { lifecycle: "events" }],
  ["road_traffic_fines", "road_traffic_fines.csv.gz", {}],
];

interface Reference {
  events: number;
  cases: number;
  from: string;
  to: string;
  activities: Record<string, number>;
  start_activities: Record<string, number>;
  end_activities: Record<string, number>;
  dfg: [string, string, number][];
  dfg_edges: number;
  variant_count: number;
  variants_sha256: string;
}

describe.skipIf(!shared).each(LOGS)(
  `%s equals the reference results${whySkipped}`,
  (reference, file, options) => {
    let log: EventLog;
    let expected: Reference;
    let names: string[];
    beforeAll(async () => {
      log = (await readLog(`${shared}/data/logs/${file}`, options)).log;
      expected = JSON.parse(readFileSync(`${shared}/data/reference/${reference}.json`, "utf8")) as Reference;
      names = allNames(log.activities);
    });

    test("cases, events and time range", () => {
      expect([log.caseCount, log.eventCount]).toEqual([expected.cases, expected.events]);
      const { from, to } = timeRange(log)!;
      const instant = (text: string) => Date.parse(text.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1"));
      // The reference labels the wall clock of times with an offset as UTC (09:17+01:00 became 09:17Z); ours are instants, one or two
      // hours earlier in these European logs.
      const HOUR = 3_600_000;
      expect([0, HOUR, 2 * HOUR, 3 * HOUR]).toContain(instant(expected.from) - from);
      expect([0, HOUR, 2 * HOUR, 3 * HOUR]).toContain(instant(expected.to) - to);
    });

    test("activities, starts, ends and directly-follows counts", () => {
      const { activityCount, starts, ends, edges } = directlyFollows(log);
      const counted = (counts: Float64Array) =>
        Object.fromEntries(names.map((name, a) => [name, counts[a]]).filter(([, n]) => Number(n) > 0));
      expect(counted(activityCount)).toEqual(expected.activities);
      expect(counted(starts)).toEqual(expected.start_activities);
      expect(counted(ends)).toEqual(expected.end_activities);
      expect(edges.size).toBe(expected.dfg_edges);
      const n = names.length;
      const seen = new Map(
        [...edges].map(([key, count]) => [`${names[Math.floor(key / n)]}\u0000${names[key % n]}`, count]),
      );
      for (const [a, b, count] of expected.dfg) expect(seen.get(`${a}\u0000${b}`), `${a} → ${b}`).toBe(count);
    });

    test("variants, each with its count", () => {
      const { caseCount, example } = findVariants(log);
      expect(caseCount.length).toBe(expected.variant_count);
      const rows = Array.from(example, (c, v) => ({
        count: caseCount[v],
        activities: Array.from(
          log.activity.subarray(log.caseStart[c], log.caseStart[c + 1]),
          (a) => names[a],
        ),
      }));
      const byCodePoint = (x: string[], y: string[]) => {
        for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] < y[i] ? -1 : 1;
        return x.length - y.length;
      };
      rows.sort((x, y) => y.count - x.count || byCodePoint(x.activities, y.activities));
      const hash = (end: string) =>
        createHash("sha256")
          .update(
            rows.map(({ count, activities }) => `${count}\t${activities.join("\u001f")}`).join("\n") + end,
          )
          .digest("hex");
      expect([hash(""), hash("\n")]).toContain(expected.variants_sha256);
    });
  },
);
