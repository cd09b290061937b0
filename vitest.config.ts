import { defineConfig } from "vitest/config";

/** What needs more than a newcomer's machine has: servers that are killed, small disks, gigabytes of memory to fill, the shared material. CI runs it after `npm test`. */
const MACHINE = ["test/faults/**/*.test.ts", "test/real/**/*.test.ts", "test/server/hardening.test.ts"];

/** A file to which the counts of a run go, for whoever counts them (CI). */
const report = process.env["TEST_REPORT"];

export default defineConfig({
  test: {
    globalSetup: ["test/setup-temporary.ts", "test/setup-databases.ts", "test/setup-pages.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      { extends: true, test: { name: "house", include: ["test/**/*.test.ts"], exclude: MACHINE } },
      { extends: true, test: { name: "machine", include: MACHINE } },
    ],
  },
});
