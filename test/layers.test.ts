import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Which folder may import which: the drawing of the architecture. Every folder may import itself, src/input-error.ts and src/figures.ts. */
const MAY_IMPORT: Record<string, string[]> = {
  threads: [],
  statistics: [],
  matching: ["statistics"],
  model: [],
  formats: ["eventlog"],
  documents: ["threads"],
  eventlog: ["statistics"],
  discovery: ["model", "eventlog", "statistics"],
  description: ["model", "eventlog"],
  evidence: ["eventlog", "discovery", "description", "statistics"],
  conformance: ["model", "discovery", "description", "eventlog", "statistics"],
  prediction: ["discovery", "eventlog", "statistics"],
  drawing: ["model", "discovery"],
  detectors: ["evidence", "eventlog", "description", "matching", "statistics"],
  audit: ["detectors", "evidence", "conformance", "description", "model", "eventlog", "statistics"],
  readiness: ["audit", "evidence", "description", "eventlog", "statistics"],
  judgement: ["readiness", "audit", "evidence", "description", "eventlog"],
  implementations: ["readiness", "audit", "evidence", "description", "statistics"],
  outcomes: ["evidence", "eventlog", "statistics"],
  "what-if": ["detectors", "evidence", "discovery", "eventlog", "statistics"],
  exploration: [
    "what-if",
    "outcomes",
    "drawing",
    "conformance",
    "evidence",
    "discovery",
    "description",
    "eventlog",
    "statistics",
  ],
  reports: ["implementations", "audit", "detectors", "description"],
  simulate: ["statistics"],
  store: ["outcomes", "eventlog"],
  jobs: [
    "store",
    "reports",
    "implementations",
    "judgement",
    "readiness",
    "audit",
    "description",
    "formats",
    "eventlog",
    "threads",
  ],
  server: [
    "jobs",
    "store",
    "simulate",
    "reports",
    "exploration",
    "outcomes",
    "implementations",
    "readiness",
    "audit",
    "evidence",
    "description",
    "eventlog",
    "documents",
    "formats",
    "threads",
  ],
  web: [], // knows the server by its API alone
  cli: [
    "server",
    "jobs",
    "store",
    "simulate",
    "reports",
    "judgement",
    "readiness",
    "audit",
    "detectors",
    "drawing",
    "prediction",
    "conformance",
    "discovery",
    "description",
    "model",
    "eventlog",
    "documents",
    "formats",
    "statistics",
  ],
};

/** Folders without clock, randomness of their own, or input and output. */
const PURE = new Set([
  "statistics",
  "matching",
  "model",
  "eventlog",
  "discovery",
  "description",
  "evidence",
  "conformance",
  "prediction",
  "drawing",
  "detectors",
  "audit",
  "readiness",
  "judgement",
  "implementations",
  "outcomes",
  "what-if",
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
