import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { drawHouse, HOUSE } from "./house.ts";

const src = resolve(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((file) => /\.tsx?$/.test(file) && statSync(join(src, file)).isFile());

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8");
  return [...text.matchAll(/(?:from\s+|import\(|new URL\()"(\.[^"]+)"/g)].map(([, path]) =>
    relative(src, resolve(src, dirname(file), path)),
  );
}

test("every folder is in the table", () => {
  const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
  expect([...folders].sort()).toEqual(Object.keys(HOUSE).sort());
});

test("folders import only what the table allows", () => {
  const broken: string[] = [];
  for (const file of files) {
    const folder = file.split("/")[0];
    for (const target of importsOf(file)) {
      const other = target.split("/")[0];
      const allowed =
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
