import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Which folder may import which: the drawing of the architecture. Every folder may import itself, src/input-error.ts and src/figures.ts. */
const MAY_IMPORT: Record<string, string[]> = {
  statistics: [],
  eventlog: ["statistics"],
  formats: ["eventlog"],
  isolation: [],
  documents: ["isolation"],
  model: [],
  matching: ["statistics"],
  discovery: ["model", "eventlog", "statistics"],
  description: ["model", "eventlog"],
  conformance: ["model", "discovery", "description", "eventlog", "statistics"],
  prediction: ["discovery", "eventlog", "statistics"],
  drawing: ["model", "discovery"],
  evidence: ["eventlog", "discovery", "description", "statistics"],
  detectors: ["evidence", "eventlog", "discovery", "description", "matching", "statistics"],
  audit: [
    "eventlog",
    "discovery",
    "description",
    "conformance",
    "model",
    "evidence",
    "detectors",
    "statistics",
  ],
  simulate: ["statistics"],
  readiness: ["eventlog", "discovery", "description", "evidence", "detectors", "audit", "statistics"],
  outcomes: ["eventlog", "evidence", "detectors", "statistics"],
  pressure: ["eventlog", "discovery", "evidence", "detectors", "statistics"],
  exploration: [
    "outcomes",
    "pressure",
    "eventlog",
    "model",
    "discovery",
    "description",
    "conformance",
    "drawing",
    "evidence",
    "detectors",
    "statistics",
  ],
  store: ["eventlog"],
  jobs: ["isolation", "eventlog", "formats", "description", "audit", "readiness", "outcomes", "store"],
  server: [
    "isolation",
    "outcomes",
    "eventlog",
    "description",
    "evidence",
    "detectors",
    "audit",
    "readiness",
    "exploration",
    "formats",
    "documents",
    "simulate",
    "store",
    "jobs",
  ],
  web: [], // knows the server by its API alone
  cli: [
    "eventlog",
    "formats",
    "documents",
    "model",
    "discovery",
    "description",
    "conformance",
    "prediction",
    "drawing",
    "evidence",
    "detectors",
    "audit",
    "readiness",
    "simulate",
    "statistics",
    "store",
    "jobs",
    "server",
  ],
};

/** Folders without clock, randomness of their own, or input and output. */
const PURE = new Set([
  "statistics",
  "eventlog",
  "model",
  "matching",
  "discovery",
  "description",
  "conformance",
  "prediction",
  "drawing",
  "evidence",
  "detectors",
  "audit",
  "readiness",
  "outcomes",
  "pressure",
  "exploration",
]);

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
  expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
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
        MAY_IMPORT[folder]?.includes(other);
      if (!allowed) broken.push(`${file} imports ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test("pure folders use no clock, no random numbers of the runtime and no input or output", () => {
  const found: string[] = [];
  for (const file of files.filter((f) => PURE.has(f.split("/")[0]))) {
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
