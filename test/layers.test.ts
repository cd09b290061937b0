import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { drawHouse, HOUSE } from "./house.ts";

const src = resolve(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((file) => /\.tsx?$/.test(file) && statSync(join(src, file)).isFile());

/**
 * What a text of `file` imports: `import type …` and `export type … from` are types alone, everything else
 * runs, `import { type T }` too.
 */
function importsIn(text: string, file: string): { target: string; typesOnly: boolean }[] {
  return [
    ...text.matchAll(
      /(?:\b(import|export)(\s+type)?\s+(?:[\w*{][^"';]*?\s)?from\s+|import\s*\(?\s*|new URL\()"(\.[^"]+)"/g,
    ),
  ].map(([, , type, path]) => ({
    target: relative(src, resolve(src, dirname(file), path)),
    typesOnly: type !== undefined,
  }));
}
const importsWithKind = (file: string) => importsIn(readFileSync(join(src, file), "utf8"), file);
const importsOf = (file: string): string[] => importsWithKind(file).map(({ target }) => target);

test("every folder is in the table", () => {
  const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
  expect([...folders].sort()).toEqual(Object.keys(HOUSE).sort());
});

test("folders import only what the table allows", () => {
  const broken: string[] = [];
  for (const file of files) {
    const folder = file.split("/")[0];
    for (const { target, typesOnly } of importsWithKind(file)) {
      const other = target.split("/")[0];
      const allowed =
        (typesOnly && HOUSE[folder]?.typesOf?.includes(other)) ||
        other === folder ||
        other === "input-error.ts" ||
        other === "figures.ts" ||
        target.startsWith("..") ||
        HOUSE[folder]?.imports.includes(other);
      if (!allowed) broken.push(`${file} imports ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test("an import for types alone is told from one that runs", () => {
  const kinds = (text: string) =>
    importsIn(text, "store/x.ts").map(({ target, typesOnly }) => [target, typesOnly]);
  expect(kinds('import type { A, B as C } from "../audit/a.ts";')).toEqual([["audit/a.ts", true]]);
  expect(kinds('import type {\n  A,\n} from "../audit/a.ts";\nimport { b } from "../audit/b.ts";')).toEqual([
    ["audit/a.ts", true],
    ["audit/b.ts", false],
  ]);
  expect(kinds('export type { A } from "../audit/a.ts";')).toEqual([["audit/a.ts", true]]);
  // what names a value too runs, and so does what is imported for its effect
  expect(kinds('import { type A, b } from "../audit/a.ts";')).toEqual([["audit/a.ts", false]]);
  expect(kinds('import { type A } from "../audit/a.ts";')).toEqual([["audit/a.ts", false]]);
  expect(kinds('import "../audit/a.ts";')).toEqual([["audit/a.ts", false]]);
  expect(kinds('const a = await import("../audit/a.ts");')).toEqual([["audit/a.ts", false]]);
  expect(kinds('export * from "../audit/a.ts";')).toEqual([["audit/a.ts", false]]);
  expect(kinds('new Worker(new URL("../audit/a.ts", import.meta.url))')).toEqual([["audit/a.ts", false]]);
});

test("pure folders use no clock, no random numbers of the runtime and no input or output", () => {
  const found: string[] = [];
  for (const file of files.filter((f) => HOUSE[f.split("/")[0]]?.pure)) {
    const text = readFileSync(join(src, file), "utf8");
    for (const word of [
      "Date.now(",
      "Math.random(",
      "node:fs",
      "node:net",
      "node:http",
      "fetch(",
      "process.env",
      "new Date()",
    ]) {
      if (text.includes(word)) found.push(`${file}: ${word}`);
    }
  }
  expect(found).toEqual([]);
});

test("the simulator knows nothing of the detectors", () => {
  for (const file of files.filter((f) => f.startsWith("simulate/"))) {
    expect(
      importsOf(file).filter((target) => /detectors|audit|discovery/.test(target)),
      file,
    ).toEqual([]);
  }
});

test("nobody is allowed to import what nobody imports", () => {
  const used = new Set(
    files.flatMap((file) => importsOf(file).map((target) => `${file.split("/")[0]} ${target.split("/")[0]}`)),
  );
  const unused = Object.entries(HOUSE).flatMap(([folder, { imports }]) =>
    imports
      .filter((other) => !used.has(`${folder} ${other}`))
      .map((other) => `${folder} imports no ${other}`),
  );
  expect(unused).toEqual([]);
});

test("the picture of the house is drawn from the table (renew it with -u)", async () => {
  await expect(drawHouse(HOUSE)).toMatchFileSnapshot("../docs/pictures/house.svg");
});

test("SQL stands in store/ alone, and only acts reach the trail", () => {
  const found: string[] = [];
  for (const file of files.filter((one) => !one.startsWith("store/"))) {
    const text = readFileSync(join(src, file), "utf8");
    for (const word of [
      /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto)\(/,
      /^import (?!type).*from "(kysely|pg)"/m,
      /\baddToTrail\b/,
    ])
      if (word.test(text)) found.push(`${file}: ${word.source}`);
  }
  expect(found).toEqual([]);
});
