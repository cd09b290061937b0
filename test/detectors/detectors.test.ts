import { describe, expect, test } from "vitest";
import { withValues } from "../../src/input-error.ts";
import { Evidence, type EvidenceOptions } from "../../src/evidence/evidence.ts";
import { detectors } from "../../src/detectors/index.ts";
import { nameAt } from "../../src/eventlog/strings.ts";
import { Random } from "../../src/statistics/random.ts";
import { logOf, logOfRows, type TestRow } from "../log-of.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2025, 0, 6, 9); // a Monday

function run(id: string, rows: TestRow[], options: EvidenceOptions = {}, changed: object = {}) {
  const evidence = new Evidence(logOfRows(rows), options);
  const detector = detectors.find((d) => d.id === id)!;
  expect(detector.missing(evidence)).toEqual([]);
  return detector.detect(evidence, { ...detector.options, ...changed }).map((o) => ({
    ...o,
    cases: Array.from(o.cases, (c) => nameAt(evidence.log.caseIds, c)),
    people: o.people.map((p) => nameAt(evidence.log.people, p)),
  }));
}

/** A plain process: request, check, approve, pay; a case every two hours, steps some minutes apart, three people a role. */
function plain(cases: number, change: (rows: TestRow[], c: number) => TestRow[] = (rows) => rows): TestRow[] {
  const random = new Random(3);
  return Array.from({ length: cases }, (_, c) => {
    const begin =
      START +
      Math.floor(c / 4) * DAY +
      Math.floor(c / 20) * 2 * DAY +
      (c % 4) * 2 * HOUR -
      (Math.floor(c / 4) % 5 === 0 ? 0 : 0);
    const steps: [string, string, number][] = [
      ["Request", `req${random.below(6)}`, 0],
      ["Check", `clerk${random.below(3)}`, 25 + random.below(20)],
      ["Approve request", `boss${random.below(3)}`, 60 + random.below(30)],
      ["Pay", `treasury${random.below(3)}`, 110 + random.below(30)],
    ];
    const rows = steps.map(([activity, person, after]): TestRow => ({
      case: `c${c}`,
      activity,
      person,
      role: person.replace(/\d/, ""),
      time: begin + after * MINUTE + random.below(60) * 1000,
      amount: 100 + c,
    }));
    return change(rows, c);
  }).flat();
}

test("a plain process yields nothing", () => {
  const evidence = new Evidence(logOfRows(plain(200)));
  for (const detector of detectors) {
    if (detector.missing(evidence).length === 0)
      expect(detector.detect(evidence, detector.options), detector.id).toEqual([]);
  }
});

test("every detector says what it needs where there is only case, activity and time", () => {
  const evidence = new Evidence(logOf("A B", "A B"));
  const silent = detectors.filter((d) => d.missing(evidence).length === 0).map(({ id }) => id);
  expect(silent.sort()).toEqual([
    "batching",
    "compensating-work",
    "double-entry",
    "pressure-break",
    "process-drift",
    "rework",
    "side-channel",
    "stalled-case",
    "variant-sprawl",
  ]);
  for (const d of detectors) expect(() => d.missing(evidence)).not.toThrow();
});

test("tiny logs harm nobody", () => {
  for (const text of [["A"], ["A", "A"], ["A A A A A"], ["A/x B/y A/x B/y A/x"]]) {
    const evidence = new Evidence(logOf(...text));
    for (const d of detectors)
      if (d.missing(evidence).length === 0) expect(() => d.detect(evidence, { ...d.options })).not.toThrow();
  }
});

test("ids are unique, and options are numbers", () => {
  expect(new Set(detectors.map(({ id }) => id)).size).toBe(detectors.length);
  for (const { options } of detectors)
    for (const value of Object.values(options)) expect(typeof value).toBe("number");
});

describe("rework", () => {
  const open = { minCases: 1, minShare: 0, maxShare: 1, maxMeant: 1 };
  const found = (...cases: string[]) => {
    const evidence = new Evidence(logOf(...cases, "Z/p", "Z/q"));
    return detectors.find((d) => d.id === "rework")!.detect(evidence, open);
  };
  test("A A is a self-loop and does not count; A B A A counts once", () => {
    expect(found("A A")).toEqual([]);
    expect(found("A B A A", "A B")).toMatchObject([
      { subject: "A", outOf: 2, facts: [["repetitions", "1"]] },
    ]);
  });
  test("a stretch of ping-pong is left to ping-pong where that makes a finding of it", () => {
    const bouncing = "A/x B/y A/x B/y A/x B/y";
    expect(found(bouncing)).toMatchObject([{ subject: "A" }]); // once is no finding of ping-pong
    expect(found(...Array.from({ length: 6 }, () => bouncing))).toEqual([]);
  });
  test("what only clarifying stands between is left to compensating work", () => {
    expect(found("A Clarify A", "A B A")[0].cases).toEqual(Uint32Array.of(1));
  });
});

describe("ping-pong", () => {
  const open = { minCases: 1, minShare: 0 };
  const found = (...cases: string[]) =>
    detectors.find((d) => d.id === "ping-pong")!.detect(new Evidence(logOf(...cases, "Z/p", "Z/q")), open);
  test("A B A B A between the same two people, with the same work coming back", () => {
    expect(found("do/x back/y do/x back/y do/x")).toMatchObject([{ cases: Uint32Array.of(0) }]);
  });
  test("one return is not ping-pong, a third person interrupts, and work that moves on is none", () => {
    expect(found("do/x back/y do/x")).toEqual([]);
    expect(found("do/x back/y do/x other/z back/y do/x")).toEqual([]);
    expect(found("a/x b/y c/x d/y e/x")).toEqual([]);
  });
  test("nobody's event ends a stretch", () => {
    expect(found("do/x back/y do/x wait back/y do/x")).toEqual([]);
  });
});

describe("self-approval", () => {
  test("one counter-example is enough, and only it", () => {
    const rows = plain(160, (r, c) =>
      c === 7
        ? r.map((row) => (row.activity === "Approve request" ? { ...row, person: r[0].person } : row))
        : r,
    );
    expect(run("self-approval", rows)).toMatchObject([
      { subject: "Approve request", cases: ["c7"], outOf: 160 },
    ]);
  });
  test("who recorded the thing that is approved counts as its requester", () => {
    const rows = plain(160, (r, c) => [
      ...r.slice(0, 2),
      { ...r[1], activity: "Record invoice", person: c < 2 ? "boss1" : "clerk1", time: r[1].time + 1000 },
      { ...r[2], activity: "Approve invoice", person: "boss1" },
      r[3],
    ]);
    expect(run("self-approval", rows)).toMatchObject([{ subject: "Approve invoice", cases: ["c0", "c1"] }]);
  });
  test("an unknown person, and a program, approve nothing of their own", () => {
    const rows = plain(160, (r, c) =>
      c === 7
        ? r.map((row) => ({ ...row, person: undefined }))
        : c === 8
          ? r.map((row) => ({ ...row, person: "SYSTEM" }))
          : r,
    );
    expect(run("self-approval", rows)).toEqual([]);
  });
  test("approvals can be given by name", () => {
    const rows = plain(160, (r, c) =>
      c === 7 ? r.map((row) => (row.activity === "Check" ? { ...row, person: r[0].person } : row)) : r,
    );
    expect(run("self-approval", rows, { approvals: ["Check"] })).toMatchObject([
      { subject: "Check", cases: ["c7"] },
    ]);
  });
});

describe("approvals and people", () => {
  test("a single approver", () => {
    const rows = plain(160, (r) =>
      r.map((row) => (row.activity === "Approve request" ? { ...row, person: "boss0" } : row)),
    );
    expect(run("single-approver", rows)).toMatchObject([
      { subject: "Approve request", people: ["boss0"], outOf: 160 },
    ]);
    expect(run("key-person", rows)).toEqual([]);
  });
  test("a key person, also for one kind of case only", () => {
    const only = plain(160, (r) =>
      r.map((row) => (row.activity === "Check" ? { ...row, person: "clerk0" } : row)),
    );
    expect(run("key-person", only)).toMatchObject([{ subject: "Check", people: ["clerk0"] }]);
    const random = new Random(1);
    const some = plain(240, (r, c) => {
      const site = ["Oslo", "Graz", "Lyon"][c % 3];
      return r.map((row) => ({
        ...row,
        site,
        ...(row.activity === "Check"
          ? { person: site === "Oslo" ? "clerk0" : `clerk${random.below(3)}` }
          : {}),
      }));
    });
    expect(run("key-person", some)).toMatchObject([{ subject: "Check", people: ["clerk0"] }]);
    expect(withValues(run("key-person", some)[0].statement)).toMatch(/where site is "Oslo"/);
  });
  test("a rubber stamp decides in seconds; one who reads does not", () => {
    const rows = plain(160, (r) =>
      r.map((row) =>
        row.activity === "Approve request" && row.person === "boss1"
          ? { ...row, time: r[1].time + 20_000 }
          : row,
      ),
    );
    const [finding] = run("rubber-stamp", rows);
    expect(finding).toMatchObject({ subject: "Approve request", people: ["boss1"] });
    expect(finding.cases.length).toBe(
      rows.filter((row) => row.activity === "Approve request" && row.person === "boss1").length,
    );
  });
  test("a step done by anybody has no owner", () => {
    const random = new Random(2);
    const rows = plain(120, (r) =>
      r.map((row) =>
        row.activity === "Check"
          ? ((p) => ({ ...row, person: p, role: p.replace(/\d/, "") }))(
              random.pick(["clerk1", "boss1", "treasury1", "req1"]),
            )
          : row,
      ),
    );
    expect(run("shifting-ownership", rows)).toMatchObject([{ subject: "Check" }]);
  });
});

describe("waiting", () => {
  test("a hand-over that waits for days, in working time", () => {
    const rows = plain(120, (r, c) =>
      c % 2 === 0 ? r : r.map((row, i) => ({ ...row, time: row.time + (i >= 1 ? 7 * DAY : 0) })),
    );
    const [finding] = run("handoff-wait", rows);
    expect(finding.subject).toBe("Check");
    expect(finding.cases.length).toBe(60);
    expect(finding.cost!.kind).toBe("delay");
  });
  test("a weekly run is a batch; its days are far fewer than the days of arrival", () => {
    const rows = plain(160, (r) =>
      r.map((row) =>
        row.activity === "Pay"
          ? {
              ...row,
              time:
                Math.ceil((row.time - START) / (7 * DAY)) * 7 * DAY +
                START +
                4 * HOUR +
                Math.round((row.time % HOUR) / 60),
            }
          : row,
      ),
    );
    expect(run("batching", rows)).toMatchObject([{ subject: "Pay" }]);
  });
  test("cases left on the way stand still, recent ones do not", () => {
    const rows = plain(200, (r, c) =>
      c % 12 === 0 && c < 150 ? r.slice(0, 2) : c > 190 ? r.slice(0, 2) : r,
    );
    const [finding] = run("stalled-case", rows);
    expect(finding.subject).toBe("Check");
    expect(finding.cases).toEqual(Array.from({ length: 13 }, (_, i) => `c${i * 12}`));
  });
});

describe("data", () => {
  test("a field left empty by one person, with a dash counted as empty", () => {
    const rows = plain(160, (r, c) =>
      r.map((row) => ({
        ...row,
        person: row.activity === "Request" ? `req${c % 6}` : row.person,
        vendor: c % 6 === 1 ? "-" : `V${c % 4}`,
      })),
    );
    const [finding] = run("missing-data", rows);
    expect(finding).toMatchObject({ subject: "vendor", people: ["req1"] });
    expect(finding.cases).toEqual(
      rows.filter((row) => row.activity === "Request" && row["vendor"] === "-").map((row) => row.case),
    );
  });
  test("a field that a kind of case never needs is no finding", () => {
    const rows = plain(160, (r, c) =>
      r.map((row) => ({
        ...row,
        kind: c % 3 === 0 ? "goods" : "service",
        weight: c % 3 === 0 ? `${c % 5} kg` : undefined,
      })),
    );
    expect(run("missing-data", rows)).toEqual([]);
  });
  test("spellings of one vendor; neighbouring codes are no spellings", () => {
    const rows = plain(160, (r, c) =>
      r.map((row) => ({
        ...row,
        vendor: c % 8 === 0 ? "ACME Ltd." : c % 2 === 0 ? "Acme" : "Nordwind",
        site: `Line ${"ABCD"[c % 4]}`,
      })),
    );
    expect(run("inconsistent-entry", rows)).toMatchObject([
      { subject: "vendor", cases: Array.from({ length: 20 }, (_, i) => `c${i * 8}`) },
    ]);
  });
  test("entries recorded days later", () => {
    const rows = plain(160, (r, c) =>
      r.map((row) => ({
        ...row,
        recorded_at: new Date(
          row.time + (row.activity === "Check" && c % 3 === 0 ? 4 * DAY : 5 * MINUTE),
        ).toISOString(),
      })),
    );
    const evidence = logOfRows(rows);
    const column = evidence.columns.findIndex(({ name }) => name === "recorded_at");
    const texts = evidence.columns[column];
    if (texts.kind !== "text" && texts.kind !== "dictionary") throw new Error("expected text");
    const times = Float64Array.from(texts.codes, (code) => Date.parse(nameAt(texts.values, code)));
    evidence.columns[column] = { name: "recorded_at", scope: "event", missing: 0, kind: "time", times };
    const detector = detectors.find((d) => d.id === "late-logging")!;
    const [finding] = detector.detect(new Evidence(evidence), detector.options);
    expect(finding.subject).toBe("Check");
    expect(finding.cases.length).toBe(54);
  });
  test("a change after the approval, never approved again", () => {
    const rows = plain(160, (r, c) =>
      c % 10 === 0
        ? [...r.slice(0, 3), { ...r[3], activity: "Change amount", time: r[3].time - 1 }, r[3]]
        : c % 10 === 5
          ? [...r.slice(0, 2), { ...r[1], activity: "Change amount", time: r[1].time + 1 }, ...r.slice(2)]
          : r,
    );
    expect(run("late-correction", rows)).toMatchObject([
      { subject: "Change amount", cases: Array.from({ length: 16 }, (_, i) => `c${i * 10}`), outOf: 160 },
    ]);
  });
});

describe("the process as a whole", () => {
  test("a step that appears from a day on is a drift, found within a week", () => {
    const rows = plain(400, (r, c) =>
      c >= 200
        ? [...r.slice(0, 2), { ...r[1], activity: "Screen", time: r[1].time + 1000 }, ...r.slice(2)]
        : r,
    );
    const [finding] = run("process-drift", rows);
    expect(finding.subject).toBe("Screen");
    const date = Date.parse(/about (\d{4}-\d{2}-\d{2})/.exec(finding.statement)![1]);
    const truth = rows.find((row) => row.activity === "Screen")!.time;
    expect(Math.abs(date - truth)).toBeLessThan(8 * DAY);
  });
  test("parallel work in any order is not sprawl, improvised work is", () => {
    const random = new Random(5);
    const shuffled = plain(200, (r) => {
      const parts = random
        .shuffle(["P", "Q", "R", "S", "T", "U"])
        .map((activity, i) => ({ ...r[1], activity, time: r[1].time + 1000 + i }));
      return [...r.slice(0, 2), ...parts, ...r.slice(2)];
    });
    expect(run("variant-sprawl", shuffled)).toEqual([]);
    const improvised = plain(200, (r) => {
      const extra = Array.from({ length: 3 }, () => ({
        ...r[1],
        activity: `Ad hoc ${random.below(9)}`,
        time: r[0].time + random.below(100) * MINUTE,
      }));
      return [r[0], ...extra, ...r.slice(1)];
    });
    expect(run("variant-sprawl", improvised)).toMatchObject([{ subject: "whole process" }]);
  });
  test("clarifying and chasing is told by name in several languages, cleaning a prefix is not", async () => {
    const { isCompensatingName, isApprovalName, isExternalName } =
      await import("../../src/evidence/activity-names.ts");
    for (const name of [
      "Clarify invoice",
      "Chase manager",
      "Rückfrage an Anforderer",
      "Relancer fournisseur",
      "FIX_CODING",
      "Send reminder",
    ])
      expect(isCompensatingName(name), name).toBe(true);
    for (const name of ["Set prefix", "Create order", "Affix stamp", "Record invoice"])
      expect(isCompensatingName(name), name).toBe(false);
    for (const name of [
      "Approve invoice",
      "Rechnung freigeben",
      "Sign-off",
      "Declaration FINAL_APPROVED by SUPERVISOR",
      "Goedkeuren",
      "ApprovePurchaseOrder",
    ])
      expect(isApprovalName(name), name).toBe(true);
    for (const name of [
      "Request approval",
      "Send for approval",
      "Reject invoice",
      "Release A",
      "Disapprove claim",
      "Approval reminder sent",
      "Declaration REJECTED by PRE_APPROVER",
      "Saved by approver",
    ])
      expect(isApprovalName(name), name).toBe(false);
    expect(isExternalName("Receive goods")).toBe(true);
    expect(isExternalName("Enter payroll data")).toBe(false);
  });
});
