import { spawn } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Random } from "../src/statistics/random.ts";
import { HOUSE } from "./house.ts";
import { mutantsOf, type Mutant } from "./mutate/mutants.ts";
import { Imports, ownTests } from "./mutate/own-tests.ts";

/**
 * `npm run mutate`: changes operators in pure folders, one at a time, and tells which changes no test
 * notices. The same seed draws the same changes, as long as the sources are the same.
 *
 *   --seed N       another draw for each seed (default 1)
 *   --mutants N    how many of all possible changes are drawn (default 300)
 *   --folder F     tries only those of the draw that lie in this folder; parts by folder add up to the whole
 *   --file F       draws from this file alone
 *   --timeout S    seconds that the tests of one change may take; what takes longer counts as noticed (default 90)
 *   --out FILE     where the results go as JSON (default mutants.json, next to package.json; not committed)
 *
 * Each change is tried in a copy of the project against its own tests (`ownTests`). Exit code 0, whatever
 * survives: survivors are read, and kept in test/mutants.md with a word each.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    mutants: { type: "string", default: "300" },
    folder: { type: "string" },
    file: { type: "string" },
    timeout: { type: "string", default: "90" },
    out: { type: "string", default: join(root, "mutants.json") },
  },
});

/** Tests that need servers, files, browsers or minutes: they are no pure folder's own. */
const NOT_OWN =
  /^test\/(cli|database|faults|formats|jobs|real|server|store|threads|web|simulate|documents)\//;

type Outcome = "killed" | "killed by time" | "survived" | "no test";

const files = globSync("src/**/*.ts", { cwd: root })
  .filter((file) => (options.file ? file === options.file : HOUSE[file.split("/")[1]]?.pure))
  .sort();
const all = files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")));
const drawn = new Random(`mutate/${options.seed}`).shuffle([...all]).slice(0, Number(options.mutants));
const tried = drawn
  .filter(({ file }) => options.folder === undefined || file.split("/")[1] === options.folder)
  .sort((x, y) => (x.file < y.file ? -1 : x.file > y.file ? 1 : x.from - y.from));
const tests = globSync("test/**/*.test.ts", { cwd: root }).filter((test) => !NOT_OWN.test(test));
const imports = new Imports(root);

const copy = copyOfProject();
const results: (Mutant & { outcome: Outcome; tests: string[]; seconds: number })[] = [];
try {
  for (const mutant of tried) {
    const own = ownTests(mutant.file, tests, imports);
    const begin = performance.now();
    const outcome = own.length === 0 ? "no test" : await outcomeOf(mutant, own);
    const seconds = Math.round((performance.now() - begin) / 100) / 10;
    results.push({ ...mutant, outcome, tests: own, seconds });
    console.log(
      `${String(results.length).padStart(3)} of ${tried.length}  ${outcome.padEnd(14)} ${inWords(mutant)}  (${seconds} s)`,
    );
    writeFileSync(options.out, JSON.stringify({ ...options, possible: all.length, results }, null, 1));
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const count = (...outcomes: Outcome[]) => results.filter(({ outcome }) => outcomes.includes(outcome)).length;
console.log(
  `\nseed ${options.seed}: ${results.length} of ${all.length} possible changes tried, ${count("killed", "killed by time")} killed (${count("killed by time")} by time), ${count("survived")} survived, ${count("no test")} without a test`,
);
for (const result of results)
  if (!result.outcome.startsWith("killed"))
    console.log(`- ${inWords(result)} (${result.outcome}: ${result.tests.join(", ")})`);

function inWords({ file, line, before, after }: Mutant): string {
  const short = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text).replaceAll("\n", " ");
  return `${file}:${line}  \`${short(before)}\` → \`${short(after) || "nothing"}\``;
}

/** Sources and tests in a folder of their own, with the modules of this one. */
function copyOfProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-mutate-"));
  for (const name of ["src", "test", "bench", "docs", "examples", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, ".cache"));
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `export default {
      cacheDir: ".cache",
      test: {
        include: ["test/**/*.test.ts"],
        globalSetup: ["test/setup-temporary.ts"],
        isolate: false, pool: "threads", maxWorkers: 1, bail: 1, testTimeout: 60_000,
        experimental: { fsModuleCache: true },
      },
    };`,
  );
  return folder;
}

/** Makes the change, runs its tests, and takes it back. */
async function outcomeOf(mutant: Mutant, own: string[]): Promise<Outcome> {
  const path = join(copy, mutant.file);
  const source = readFileSync(path, "utf8");
  writeFileSync(path, source.slice(0, mutant.from) + mutant.after + source.slice(mutant.to));
  try {
    const ended = await runTests(own);
    return ended === undefined ? "killed by time" : ended === 0 ? "survived" : "killed";
  } finally {
    writeFileSync(path, source);
  }
}

/** The exit code of a run of these tests; undefined where it took too long. */
function runTests(own: string[]): Promise<number | undefined> {
  const child = spawn(
    process.execPath,
    [join(copy, "node_modules/vitest/vitest.mjs"), "run", "--reporter=dot", ...own],
    {
      cwd: copy,
      stdio: "ignore",
      detached: true,
    },
  );
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        process.kill(-child.pid!, "SIGKILL"); // a loop without end hears no other signal
        resolve(undefined);
      },
      Number(options.timeout) * 1000,
    );
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}
