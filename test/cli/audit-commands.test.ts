import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { plumblineIn } from "./run-plumbline.ts";
import { temporaryFiles } from "../formats/temporary-files.ts";

const { directory, file } = temporaryFiles();
const run = plumblineIn(directory);
const folder = join(directory, "org/purchase-to-pay");
const log = join(folder, "log.csv");
const description = join(folder, "description.yaml");
const records = ["vendors@erp", "vendors@crm", "invoices", "payments"].flatMap((name) => [
  "--records",
  `${name}=${join(folder, `${name}.csv`)}`,
]);
beforeAll(() => {
  expect(run("simulate", join(directory, "org"), "--seed", "1", "--process", "purchase-to-pay").status).toBe(
    0,
  );
});

interface Audit {
  findings: {
    id: string;
    detector: string;
    subject: string;
    state: string;
    money: { mid: number } | null;
    caseIds: string[];
    people: string[];
  }[];
  claims: { verdict: string; statement: string; saidBy: string }[];
  blindSpots: { saidWell: number[]; disagreements: number[] };
  describedObserved: { name: string; state: string }[];
  totals: { cash: { mid: number } }[];
}
const audit = (...args: string[]): Audit => {
  const { status, stdout } = run("audit", log, "--description", description, ...records, "--json", ...args);
  expect(status).toBe(0);
  return JSON.parse(stdout) as Audit;
};

test("description, records, answers and requirements become findings, claims and blind spots; page and PDF are written", () => {
  const answers = file(
    "people:\n  - { by: Ana, answers: { 3: a, 8: a } }\n  - { by: Ben, answers: { 8: c } }\n",
    "answers.yaml",
  );
  const requirements = file("The cost_centre must be filled in at least 90 % of cases.\n", "req.md");
  const [html, pdf] = [join(directory, "r.html"), join(directory, "r.pdf")];
  const result = audit("--answers", answers, "--requirements", requirements, "--html", html, "--pdf", pdf);
  const ids = result.findings.map(({ detector }) => detector);
  expect(ids).toEqual(
    expect.arrayContaining([
      "duplicate-payment",
      "conflicting-sources",
      "amount-mismatch",
      "undocumented-step",
      "role-mismatch",
    ]),
  );
  expect(result.claims.find(({ saidBy }) => saidBy === "req.md, line 1")).toMatchObject({
    verdict: "confirmed",
  });
  expect(result.blindSpots).toMatchObject({ saidWell: [3], disagreements: [8] });
  expect(result.describedObserved.find(({ state }) => state === "seen, never described")).toBeDefined();
  const page = readFileSync(html, "utf8");
  expect(page).toMatch(/What nobody said/);
  expect(page).not.toMatch(/Ana|Ben/);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe("%PDF-");
  expect(statSync(pdf).size).toBeGreaterThan(10_000);
});

test("a review moves the money of the next audit, and a false alarm has none", () => {
  const before = audit();
  const finding = before.findings.find(({ detector }) => detector === "duplicate-payment")!;
  expect(run("review", finding.id, "false-alarm", "--note", "instalments").stdout).toMatch(/0 of 1 judged/);
  const after = audit();
  expect(after.findings.find(({ id }) => id === finding.id)).toMatchObject({
    state: "false alarm",
    money: null,
  });
  expect(after.totals[0].cash.mid).toBeCloseTo(before.totals[0].cash.mid - finding.money!.mid, 2);
  // as the version before kept it
  renameSync(join(directory, "data/reviews.jsonl"), join(directory, "data/verdicts.jsonl"));
  const earlier = readFileSync(join(directory, "data/verdicts.jsonl"), "utf8").replace('"said"', '"verdict"');
  writeFileSync(join(directory, "data/verdicts.jsonl"), earlier);
  expect(audit().findings.find(({ id }) => id === finding.id)!.money).toBeNull();
  // the command under the name that it had before
  expect(run("verdict", finding.id, "confirmed").status).toBe(0);
  expect(audit().findings.find(({ id }) => id === finding.id)!.money!.mid).toBeGreaterThan(
    finding.money!.mid,
  );
  expect(run("review", "nothing", "confirmed")).toMatchObject({ status: 2 });
  expect(run("review", finding.id.slice(0, 3), "confirmed").stderr).toMatch(/first 4 characters/);
  const kept = join(directory, "data/reviews.jsonl");
  const good = readFileSync(kept, "utf8");
  writeFileSync(kept, `${good}{"finding": 3}\n`);
  expect(run("review", finding.id, "confirmed").stderr).toMatch(/line 2: expected a review/);
  expect(readFileSync(kept, "utf8")).toBe(`${good}{"finding": 3}\n`);
  writeFileSync(kept, good);
  expect(run("review", finding.id, "perhaps").stderr).toMatch(/expected confirmed or false-alarm/);
});

test("pseudonyms leave neither people nor cases, and the key is for its owner alone", () => {
  const result = audit("--pseudonyms");
  const lines = readFileSync(log, "utf8")
    .split("\n")
    .slice(1, -1)
    .map((line) => line.split(","));
  const text = JSON.stringify(result);
  for (const name of new Set(lines.map((cells) => cells[4]).filter((cell) => cell !== "")))
    expect(text.includes(`"${name}"`), name).toBe(false);
  expect(text.includes(lines[0][0])).toBe(false);
  const key = join(directory, "data/pseudonyms.json");
  expect(statSync(key).mode & 0o077).toBe(0);
  expect(
    Object.values((JSON.parse(readFileSync(key, "utf8")) as { cases: Record<string, string> }).cases),
  ).toContain(lines[0][0]);
  audit("--pseudonyms");
  expect(readdirSync(join(directory, "data")).filter((name) => name.startsWith("pseudonyms"))).toHaveLength(
    2,
  );
});

describe("asking", () => {
  const main = resolve(import.meta.dirname, "../../src/cli/main.ts");
  const ask = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, [main, "audit", ...args], {
      input,
      encoding: "utf8",
      env: { ...process.env, PLUMBLINE_DATA: join(directory, "ask") },
    });
  test("six questions without a log; stopping keeps what was answered, going on asks the rest, back goes back", () => {
    const path = join(directory, "ask.yaml");
    const first = ask("c\nz\na\nstop\n", "--opening", "--by", "Ana", "--answers", path, "--ask");
    expect(first.status).toBe(0);
    expect(first.stderr).toMatch(/Expected a, b, c, d, got "z"/);
    expect(first.stdout).toMatch(/said not to be well[\s\S]*nobody answered/);
    expect(readFileSync(path, "utf8")).toMatch(/"2": c[\s\S]*"8": a/);
    const second = ask("b\nback\nd\n\nstop\n", "--opening", "--by", "Ana", "--answers", path, "--ask");
    expect(second.stderr).not.toMatch(/^2 of 30/m);
    expect(readFileSync(path, "utf8")).toMatch(/"15": d/);
  });
  test("no log and no opening is an error that says so", () => {
    expect(ask("")).toMatchObject({ status: 2 });
  });
});

describe("wrong input says where and what", () => {
  test.each([
    ["records without a name", ["--records", "invoices.csv"], /expected NAME=FILE/],
    [
      "one table twice",
      [
        "--records",
        `invoices=${join(folder, "invoices.csv")}`,
        "--records",
        `invoices=${join(folder, "payments.csv")}`,
      ],
      /different tags/,
    ],
    ["a page over the log", ["--html", log], /--html/],
    ["requirements that are empty", ["--requirements", file(" ", "empty.md")], /got an empty document/],
    [
      "one person twice",
      ["--answers", file("people:\n  - { by: A, answers: {} }\n  - { by: A, answers: {} }\n", "twice.yaml")],
      /each person once/,
    ],
    ["a description that is none", ["--description", log], /expected names with values.*got a text/],
    ["a file that is not there", ["--records", "invoices=none.csv"], /There is no file none.csv/],
  ])("%s", (_, args, message) => {
    const { status, stderr } = run("audit", log, ...args);
    expect([status, message.test(stderr)]).toEqual([2, true]);
  });
  test("every mistake of a description and of answers stands with its line and column", () => {
    const wrong = file(
      "process: P\nflow: [Approve order, Pay]\nstep:\n  Pay: {}\nrules:\n  - { before: Pay, must: Aprove order }\n  - { limt: Pay, upTo: 3 }\n",
      "wrong.yaml",
    );
    const { status, stderr } = run("audit", log, "--description", wrong);
    expect(status).toBe(2);
    expect(stderr).toMatch(/line 3, column 1: .*Did you mean "steps"/);
    expect(stderr).toMatch(/line 7, column \d+: .*Did you mean "limit"/);
    const answers = run(
      "audit",
      log,
      "--answers",
      file("people:\n  - by: Ana\n    answers: { 2: q, 99: a }\n", "bad.yaml"),
    );
    expect(answers.stderr).toMatch(/line 3.*number of a question/s);
  });
});

describe("describe", () => {
  test("a draft from the log leaves people out, describes what the log shows, and is read again", () => {
    const draft = join(directory, "draft.yaml");
    expect(run("describe", log, "--out", draft).status).toBe(0);
    const text = readFileSync(draft, "utf8");
    const people = new Set(
      readFileSync(log, "utf8")
        .split("\n")
        .slice(1, -1)
        .map((line) => line.split(",")[4])
        .filter((name) => name !== ""),
    );
    for (const name of people) expect(text.includes(name), name).toBe(false);
    const { status, stdout } = run("conform", log, draft, "--json");
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { fitness: number }).fitness).toBeGreaterThan(0.9);
  });
  test("signing shows later changes, and differences are told in words", () => {
    const own = file(readFileSync(description, "utf8"), "own.yaml");
    expect(run("describe", own, "--sign", "Head of Finance").stdout).toMatch(/signed off by Head of Finance/);
    expect(run("describe", own)).toMatchObject({ status: 0, stderr: "" });
    expect(run("describe", own, "--sign", " ").stderr).toMatch(/name of the person who signs/);
    expect(run("describe", own, "--sign", "A", "--out", join(directory, "o.yaml")).stderr).toMatch(
      /without --out/,
    );
    writeFileSync(own, readFileSync(own, "utf8").replace("owner: Head of Finance", "owner: Somebody else"));
    expect(run("describe", own).stderr).toMatch(/changed since Head of Finance signed it off/);
    expect(run("describe", own, "--diff", description).stdout).toBe(
      "The owner is “Somebody else”, no longer “Head of Finance”.\n",
    );
  });
  test("YAML to BPMN and back says the same", () => {
    const bpmn = join(directory, "d.bpmn");
    expect(run("describe", description, "--bpmn", bpmn).status).toBe(0);
    expect(run("describe", bpmn, "--diff", description).stdout).toBe("Both say the same.\n");
  });
});
