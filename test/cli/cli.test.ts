import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { plumblineIn } from "./run-plumbline.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";

const { directory, file } = temporaryFiles();
const run = plumblineIn(directory);
let log: string;
beforeAll(() => {
  expect(run("simulate", join(directory, "org"), "--seed", "1").status).toBe(0);
  log = join(directory, "org/purchase-to-pay/log.csv");
});

describe("plumbline", () => {
  test("show prints where every row went", () => {
    const { status, stdout } = run("show", log);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Read 9,\d{3} rows of delimited text, separator , = 9,\d{3} kept \+ 0 rejected/);
  });

  test("show --json is one document with the shape of the design", () => {
    const { stdout } = run("show", log, "--json");
    const { log: summary } = JSON.parse(stdout) as { log: Record<string, unknown> };
    for (const key of ["cases", "events", "rejected", "lifecycle", "classifier", "from", "to", "columns"])
      expect(summary).toHaveProperty(key);
  });

  test("audit --json has every key of the design, and why opens its findings by id", () => {
    const { status, stdout, stderr } = run("audit", log, "--json", "--html", join(directory, "report.html"));
    expect([status, stderr]).toEqual([0, ""]);
    const audit = JSON.parse(stdout) as Record<string, unknown> & { findings: Record<string, unknown>[] };
    expect(Object.keys(audit)).toEqual(
      expect.arrayContaining([
        "log",
        "findings",
        "notTestable",
        "claims",
        "totals",
        "exposure",
        "compensationHours",
        "seconds",
      ]),
    );
    expect(audit.findings.length).toBeGreaterThanOrEqual(2);
    for (const finding of audit.findings) {
      for (const key of [
        "id",
        "detector",
        "category",
        "subject",
        "statement",
        "cases",
        "outOf",
        "share",
        "interval",
        "caseIds",
        "people",
        "records",
        "money",
        "alsoSeenBy",
      ])
        expect(finding).toHaveProperty(key);
      expect((finding["caseIds"] as string[]).length).toBe(finding["cases"]);
    }
    const id = String(audit.findings[0]["id"]);
    expect(run("why", id).stdout).toContain(id);
    expect(JSON.parse(run("why", id, "--json").stdout)).toMatchObject({ id });
    expect(readFileSync(join(directory, "report.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  test("the terminal report shows roles and no names", () => {
    const { stdout } = run("audit", log);
    const people = new Set(
      readFileSync(log, "utf8")
        .split("\n")
        .slice(1, -1)
        .map((line) => line.split(",")[4]),
    );
    people.delete(""); // nobody
    for (const name of people) expect(stdout).not.toContain(name);
    expect(stdout).toContain("plumbline why ID");
  });

  test("rates, calendar, approvals and thresholds are read; mistakes in them are all listed with their place", () => {
    const rates = file("currency: SEK\ndefault: 400\nroles: { Buyer: 500 }\n", "rates.yaml");
    const calendar = file(
      'timeZone: Europe/Oslo\nhours: { mon: "08:00-16:00", tue: "08:00-16:00", wed: off, thu: "08:00-16:00", fri: "08:00-16:00" }\nholidays: ["2025-01-01"]\n',
      "calendar.yaml",
    );
    const { status, stdout } = run(
      "audit",
      log,
      "--rates",
      rates,
      "--calendar",
      calendar,
      "--approvals",
      "Approve invoice",
      "--set",
      "key-person.minShare=0.99",
      "--json",
    );
    expect(status).toBe(0);
    const audit = JSON.parse(stdout) as {
      rates: string;
      calendar: string;
      totals: { currency: string }[];
      findings: { detector: string }[];
    };
    expect(audit.rates).toMatch(/^400 SEK an hour, one role with a rate of its own/);
    expect(audit.calendar).toMatch(/Mon–Tue 08:00–16:00, Thu–Fri 08:00–16:00 \(given, Europe\/Oslo/);
    expect(audit.findings.some(({ detector }) => detector === "key-person")).toBe(false);

    const wrong = run(
      "audit",
      log,
      "--rates",
      file("currency: kroner\ndefault: much\nextra: 1\n", "wrong.yaml"),
    );
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/line 1.*currency[\s\S]*line 2.*default[\s\S]*extra/);
  });

  test("--strict turns a rejection into exit code 2", () => {
    const path = file("case,activity,time\n1,A,2025-01-31\n1,B,2025-02-30\n");
    expect(run("show", path).status).toBe(0);
    const strict = run("show", path, "--strict");
    expect([strict.status, strict.stdout]).toEqual([2, ""]);
    expect(strict.stderr).toMatch(/line 3, column "time": expected a time like .*, got "2025-02-30"/);
  });

  test.each<[string[], RegExp]>([
    [["shwo", "x"], /No command "shwo". Did you mean "show"/],
    [["show"], /Expected: plumbline show LOG/],
    [["show", "none.csv"], /There is no file none.csv/],
    [["show", "x", "--cse", "y"], /no option --cse. Did you mean --case/],
    [["show", "x", "--date-order", "ymd"], /expected dmy or mdy, got "ymd"/],
    [["show", "x", "--time-zone", "Mars/Base"], /expected an IANA name/],
    [["why", "nothing", "--from", "none.json"], /There is no audit/],
    [["list", "detectr"], /Did you mean "detectors"/],
    [["simulate", "x", "--seed", "one"], /expected a whole number/],
    [["audit", "x", "--set", "rework.minShare"], /expected DETECTOR.OPTION=NUMBER/],
  ])("%j is an error of the input that says what to do", (args, message) => {
    const { status, stderr, stdout } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("every command has a help with its exit codes", async () => {
    for (const name of Object.keys(commands)) {
      const { status, stdout } = run(name, "--help");
      expect(status).toBe(0);
      expect(stdout).toMatch(/Exit codes:[\s\S]*2 {2}the input needs correcting/);
    }
    expect(existsSync(join(directory, "data"))).toBe(true);
  });

  test("list prints the lists that the program itself uses", () => {
    expect(JSON.parse(run("list", "detectors", "--json").stdout)).toHaveLength(44);
    expect(run("list", "sources").stdout).toMatch(/OCEL 2.0/);
  });
});
