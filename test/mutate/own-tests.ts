import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "vite";

/** How far it is by imports from each file to each file that it reaches, within the project. */
export class Imports {
  readonly #root: string;
  readonly #direct = new Map<string, string[]>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The files, as paths below the project, that a file imports to run, types left out. */
  of(file: string): string[] {
    const known = this.#direct.get(file);
    if (known) return known;
    const { module } = parseSync(file, readFileSync(join(this.#root, file), "utf8"));
    const source = readFileSync(join(this.#root, file), "utf8");
    const names = [
      ...module.staticImports
        .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
        .map(({ moduleRequest }) => moduleRequest.value),
      ...module.staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ moduleRequest, isType }) =>
          moduleRequest && !isType ? [moduleRequest.value] : [],
        ),
      ),
      ...module.dynamicImports.map(({ moduleRequest }) =>
        source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
      ),
    ];
    const files = names
      .filter((name) => name.startsWith("."))
      .map((name) => relative(this.#root, join(this.#root, dirname(file), name)))
      .filter((path) => /\.tsx?$/.test(path) && existsSync(join(this.#root, path)));
    this.#direct.set(file, files);
    return files;
  }

  /** Steps to each file that this one reaches; 0 for itself. */
  reach(file: string): Map<string, number> {
    const steps = new Map([[file, 0]]);
    for (const one of steps.keys())
      for (const next of this.of(one)) if (!steps.has(next)) steps.set(next, steps.get(one)! + 1);
    return steps;
  }
}

/**
 * The tests that a source file answers to, nearest first: the test file of its own name and those that import
 * it directly; without one of its name, all of the folder that mirrors its own that reach it; without any of
 * these, the nearest that reach it at all, at most `most` of them.
 *
 * `tests` are the candidates: what needs servers, browsers or minutes is no test of a pure folder and should
 * not be among them.
 */
export function ownTests(file: string, tests: readonly string[], imports: Imports, most = 8): string[] {
  const mirrored = file.replace(/^src\//, "test/").replace(/\.tsx?$/, ".test.ts");
  const folder = `${dirname(mirrored)}/`;
  const reaching = tests
    .map((test) => ({ test, steps: imports.reach(test).get(file) }))
    .filter((one): one is { test: string; steps: number } => one.steps !== undefined)
    .sort((x, y) => x.steps - y.steps || (x.test < y.test ? -1 : 1));
  const direct = reaching.filter(({ steps }) => steps === 1).map(({ test }) => test);
  if (tests.includes(mirrored)) return [...new Set([mirrored, ...direct])];
  const beside = reaching.filter(({ test }) => test.startsWith(folder)).map(({ test }) => test);
  const own = [...new Set([...direct, ...beside])];
  return (own.length > 0 ? own : reaching.map(({ test }) => test)).slice(0, most);
}
