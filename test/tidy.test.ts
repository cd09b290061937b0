import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** The house rules that a machine can check. A debt is a line in a list that may only shrink. */
const root = resolve(import.meta.dirname, "..");

const filesIn = (folder: string, ends: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => ends.test(path) && statSync(join(root, path)).isFile())
    .sort();
const read = (path: string) => readFileSync(join(root, path), "utf8");

const source = filesIn("src", /\.tsx?$/).filter((path) => !path.endsWith("api-types.ts"));
const everywhere = [...source, ...filesIn("test", /\.tsx?$/), ...filesIn("bench", /\.ts$/), "vite.config.ts"];
const texts = new Map(everywhere.map((path) => [path, read(path)]));

/** Which files import each file, by their paths. */
const importers = new Map<string, string[]>();
for (const [path, text] of texts)
  for (const [, target] of text.matchAll(/(?:from\s+|import\(\s*|new URL\(\s*|import\s+)"(\.[^"]+)"/g)) {
    const imported = relative(root, resolve(root, dirname(path), target));
    importers.set(imported, [...(importers.get(imported) ?? []), path]);
  }

const exportsOf = (text: string): string[] => [
  ...[
    ...text.matchAll(
      /^export (?:async )?(?:abstract )?(function\*?|const|let|class|type|interface|enum) (\w+)/gm,
    ),
  ].flatMap(([, kind, name]) =>
    // a type that an exported signature of the same file names has its use there
    /type|interface/.test(kind) && text.match(new RegExp(`\\b${name}\\b`, "g"))!.length > 1 ? [] : [name],
  ),
  ...[...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) =>
    list
      .split(",")
      .map((one) =>
        one
          .trim()
          .split(/\s+as\s+/)
          .at(-1)!
          .replace(/^type /, ""),
      )
      .filter((name) => name !== ""),
  ),
];

/** Exports that nothing but their tests uses: what they work out is tested by itself. None may be added. */
const FOR_TESTS: string[] = [
  "src/audit/run-audit.ts: findingId",
  "src/cli/wording.ts: CLI_NEEDS",
  "src/cli/wording.ts: cliNeed",
  "src/conformance/check-conformance.ts: checkConformance",
  "src/documents/pdf-text.ts: joinLines",
  "src/evidence/rules/case-view.ts: caseView",
  "src/evidence/summaries/index.ts: summaries",
  "src/formats/table-builder.ts: asNames",
  "src/formats/xml-scanner.ts: unescapeXml",
  "src/implementations/results-of.ts: worthOf",
  "src/model/process-tree.ts: boundedLanguage",
  "src/outcomes/interrupted-series.ts: tBelow",
  "src/prediction/predict-cases.ts: areaUnderCurve",
  "src/prediction/predict-cases.ts: finishedCases",
  "src/readiness/fix-first.ts: remediesOf",
  "src/readiness/upstream.ts: riskDifference",
  "src/simulate/plants/index.ts: recordPlants",
  "src/statistics/intervals.ts: binomialCdf",
  "src/store/states.ts: pairsOf",
  "src/wording/choices.ts: FIELDS",
];

test("no export is without use", () => {
  const unused: string[] = [];
  const tested: string[] = [];
  for (const path of source)
    for (const name of exportsOf(texts.get(path)!)) {
      const word = new RegExp(`\\b${name}\\b`);
      const users = (importers.get(path) ?? []).filter(
        (user) => user !== path && word.test(texts.get(user)!),
      );
      if (users.length === 0) unused.push(`${path}: ${name}`);
      else if (users.every((user) => user.startsWith("test/"))) tested.push(`${path}: ${name}`);
    }
  expect(unused).toEqual([]);
  expect(tested.sort()).toEqual(FOR_TESTS.toSorted());
});

/** Functions of more than 120 lines that we admit, with their lines: none may be added, none may grow. */
const LONG: Record<string, number> = {
  "src/audit/run-audit.ts: price": 123,
  "src/conformance/discover-rules.ts: discoverRules": 146,
  "src/eventlog/life-cycle.ts: executionsOf": 134,
  "src/jobs/runner.ts: startRunner": 189,
  "src/model/petri-net.ts: treeOfNet": 130,
  "src/web/description/description.tsx: Editor": 143,
  "src/web/implementations/gaps-tab.tsx: Gaps": 121,
  "src/web/implementations/new-implementation.tsx: GoingLive": 168,
  "src/web/implementations/requirements.tsx: RequirementsForm": 234,
  "src/web/members/members.tsx: Members": 207,
  "src/web/settings/organisation-settings.tsx: SettingsForm": 229,
  "src/web/settings/process-settings.tsx: SettingsForm": 134,
  "src/web/waiting/waiting.tsx: Waiting": 136,
  "src/web/workload/workload.tsx: Workload": 148,
  "src/what-if/engine.ts: runShop": 168,
};

test("no function outgrows 120 lines but those that we admit", () => {
  const long: Record<string, number> = {};
  for (const path of source) {
    const lines = texts.get(path)!.split("\n");
    lines.forEach((line, i) => {
      const begin =
        /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*? (\w+)|const (\w+) = (?:async )?(?:\(|\w+ =>|function)|(?:async |get |static |#)*(\w+)\()/.exec(
          line,
        );
      if (!begin || /^\s*(?:if|for|while|switch|return|expect|test|describe)\b/.test(line)) return;
      // the signature may take several lines; what has no block is an expression or a call
      const opens = line.endsWith("{")
        ? i
        : /[(<]$/.test(line)
          ? lines.findIndex((other, k) => k > i && other.startsWith(`${begin[1]})`))
          : -1;
      if (opens < 0 || !/(?:=> |\) |[>\]\w] |\}> )\{$/.test(lines[opens])) return;
      const end = lines.findIndex((other, k) => k > opens && other.startsWith(`${begin[1]}}`));
      const length = end - i + 1;
      const name = begin[2] ?? begin[3] ?? begin[4];
      if (length > 120) long[`${path}: ${name}`] = length;
    });
  }
  const grown = Object.entries(long).filter(([name, length]) => length > (LONG[name] ?? 0));
  expect(grown, "longer than admitted").toEqual([]);
  expect(
    Object.keys(LONG).filter((name) => !(name in long)),
    "no longer long: strike them from the list",
  ).toEqual([]);
});

/** Turns of phrase that no English reader uses, or that say in a picture what has a word; beside each what to say. */
const BANNED: [turn: RegExp, instead: string][] = [
  [/\bleads? to expect\b/, "than the earlier trend predicts"],
  [/\bnobody has said\b/, "assumed / not confirmed yet"],
  [/\bit is (not )?so that\b/, "state the fact"],
  [/\bWithout what nothing here\b/, "Hide sentences that can't be tested"],
  [/\bno health, no leak\b/, "could not run because evidence is missing"],
  [/\bNobody can tell\b/, "Can't be judged yet"],
  [/\bnothing speaks for\b/, "… is the earliest plausible date"],
  [/\bIt stands on what\b/, "It relies on …"],
  [/\bforetell(s)?\b/, "predict"],
  [/\bBusy, (as it is|with it)\b/, "Utilisation today / in this scenario"],
  [/\bnot taken away\b/, "not adjusted for"],
  [/\bWhat a machine can be to it\b/, "How a machine can help"],
  [/\bSay first what stands in the way\b/, "Fix the problem above first"],
  [/\bfour in five\b/, "80 %"],
  [/\bstays to be seen\b/, "the record keeps …"],
  [/\bit stands here when\b/, "It appears once …"],
  [/\bin the middle\b/, "a median of"],
  [/\bwritten differently or against\b/, "spelled inconsistently or contradicts"],
  [/\bSomebody was there before\b/, "Conflict: changed by someone else"],
  [/\bare written down: [\d,]+ of\b/, "[n] of [m] executions follow no written step"],
  [/\bput right later\b/, "corrected later"],
  [/\bhow far what really happens\b/, "compares the log with"],
  [/\btells more\b/, "Run … --help for its options"],
  [/\bbeside what was described\b/, "compared with the description"],
  [/\bheld against the evidence\b/, "checked against the evidence"],
  [/\bis to be expected\b/, "is expected"],
  [/\bwas to be expected\b/, "was expected"],
  [/\bcan be told from\b/, "can be predicted from"],
  [/\bis told by what\b/, "is predicted by what"],
  [/\bwhoever ran it\b/, "the user who ran it"],
  [/\bhang(s)? together\b/, "is/are correlated"],
  [/\bgoes together with\b/, "is associated with"],
  [/\bwho (decides|sees to) what by when\b/, "who decides what, and the deadline"],
  [/\bdone beside it\b/, "done but not described"],
  [/\btime of the begin\b/, "start time"],
  [/\bleaves? (it|them) aside\b/, "ignores it"],
  [/\bways rarer than\b/, "paths rarer than"],
  [/\bone rule a line\b/, "one rule per line"],
  [/\ba JSON document a line\b/, "one JSON document per line"],
  [/\bjudged anew\b/, "judged again"],
  [/\bsaid anew\b/, "confirmed again"],
  [/\bwhat nobody saw\b/, "what went unnoticed"],
  [/\bnothing to install beside it\b/, "nothing else to install"],
  [/\bgone on, are what\b/, "extrapolated"],
  [/\bin which order makes\b/, "the order that makes"],
  [/\bproved to be sound\b/, "has been verified"],
  [/\bshop is fitted\b/, "the simulation is fitted"],
  [/\bpressure test\b/, "what-if"],
  [/\bplaybook\b/, "description"],
  [/\bwant(s)? little\b/, "has little work queued"],
  [/\bMaking up for the process\b/, "Rework and chasing"],
  [/\bhangs? on one person\b/, "depends on one person"],
  [/\bone in ten longer than\b/, "90th percentile"],
  [/\bTakes \(median\)/, "Duration (median)"],
  [/\b(is|are|being) held against\b/, "checked against"],
  [/\bthe look is logged\b/, "each look-up is logged"],
  [/\bWhom to go to\b/, "Escalations"],
  [/\bnobody knows when\b/, "an unknown date"],
  [/\bLet it pass\b/, "Override"],
  [/\bone (address|date) a line\b/, "one … per line"],
  [/\bCan a wrong one be undone\b/, "Can an error be undone?"],
];

/** Where a turn stands for another reason: addresses of earlier versions, names of files that are measured, sentences that earlier versions kept. */
const EXEMPT = [
  /^src\/web\/pages\.ts: .*MOVED|\/playbook\$/,
  /^docs\/benchmarks\.md: .*playbook/,
  /^src\/(store\/migrations|wording\/earlier|audit\/earlier)/,
];

test("nothing that people read has a banned turn of phrase", () => {
  const found: string[] = [];
  const documents = [...filesIn("docs", /\.md$/), "README.md", "CONTRIBUTING.md", "SECURITY.md"];
  for (const path of [...source, ...documents])
    for (const line of read(path).split("\n")) {
      if (path.startsWith("src/") && /^\s*(?:\*|\/\/|\/\*|\{\/\*)/.test(line)) continue; // comments are read by us
      const turn = BANNED.find(([pattern]) => pattern.test(line));
      if (turn && !EXEMPT.some((exempt) => exempt.test(`${path}: ${line}`)))
        found.push(`${path}: "${turn[0].exec(line)![0]}", say: ${turn[1]}`);
    }
  expect(found).toEqual([]);
});

/** Lines of documentation wider than this are not read; tables, links and code may be. */
const WIDEST = 110;

test(`no line of documentation is wider than ${WIDEST}`, () => {
  const wide: string[] = [];
  for (const path of source)
    read(path)
      .split("\n")
      .forEach((line, i) => {
        if (/^\s*(?:\*|\/\/|\/\*\*)/.test(line) && line.length > WIDEST && !/https?:\/\//.test(line))
          wide.push(`${path}:${i + 1}`);
      });
  const documents = [
    ...filesIn("docs", /\.md$/),
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
  ];
  for (const path of documents) {
    let isCode = false;
    read(path)
      .split("\n")
      .forEach((line, i) => {
        if (line.startsWith("```")) isCode = !isCode;
        if (!isCode && line.length > WIDEST && !/^\s*\||https?:\/\/|\]\(|!\[/.test(line))
          wide.push(`${path}:${i + 1}`);
      });
  }
  expect(wide).toEqual([]);
});
