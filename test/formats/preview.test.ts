import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { previewLog } from "../../src/formats/preview.ts";

const folder = mkdtempSync(join(tmpdir(), "preview-"));
const room = () => mkdtempSync(join(tmpdir(), "preview-room-"));
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const rows = Array.from(
  { length: 40 },
  (_, i) =>
    `${i >> 2},Step ${i % 4},2025-03-${String(1 + (i % 28)).padStart(2, "0")}T09:00:00Z,ana,"x, ""y"""`,
);

describe("a look at a file before it is read", () => {
  test("shows what columns are taken as, and ten rows as they are written", async () => {
    const path = file("a.csv", ["case,activity,timestamp,resource,note", ...rows].join("\n"));
    const preview = await previewLog(path, {}, room());
    expect(preview.columns.map(({ name, takenAs }) => [name, takenAs])).toEqual([
      ["case", "case"],
      ["activity", "activity"],
      ["timestamp", "time"],
      ["resource", "person"],
      ["note", null],
    ]);
    expect(preview.rows).toHaveLength(10);
    expect(preview.rows[0]).toEqual(["0", "Step 0", "2025-03-01T09:00:00Z", "ana", 'x, "y"']);
    expect([preview.read, preview.kept, preview.cases, preview.beginning, preview.problem]).toEqual([
      40,
      40,
      10,
      false,
      null,
    ]);
  });

  test("what stands in the way is told with the columns there are, so that it can be corrected", async () => {
    const path = file(
      "b.csv",
      ["Vorfall;Was;Wann genau", ...rows.map((row) => row.split(",").slice(0, 3).join(";"))].join("\n"),
    );
    const before = await previewLog(path, {}, room());
    expect(before.problem?.message).toMatch(/case/);
    expect(before.columns.map(({ name }) => name)).toEqual(["Vorfall", "Was", "Wann genau"]);
    expect(before.rows).toHaveLength(10);
    const after = await previewLog(path, { case: "Vorfall", activity: "Was", time: "Wann genau" }, room());
    expect([after.problem, after.cases]).toEqual([null, 10]);
  });

  test("of a large text only the beginning is read, up to its last whole line, also when it is packed", async () => {
    const many = ["case,activity,timestamp"];
    for (let i = 0; i < 60_000; i++) many.push(`${i},A,2025-03-01T09:00:00Z`);
    const text = many.join("\n");
    for (const path of [file("c.csv", text), file("c.csv.gz", gzipSync(text))]) {
      const preview = await previewLog(path, {}, room());
      expect(preview.problem).toBeNull();
      expect(preview.beginning).toBe(true);
      expect(preview.read).toBeGreaterThan(20_000);
      expect(preview.read).toBeLessThan(60_000);
      expect(preview.rejected).toBe(0);
    }
  });

  test("logs in a standard format show their first events; what is no log says so", async () => {
    const xes = `<log><trace><string key="concept:name" value="1"/><event><string key="concept:name" value="A"/><date key="time:timestamp" value="2025-03-01T09:00:00Z"/></event></trace></log>`;
    const preview = await previewLog(file("d.xes", xes), {}, room());
    expect([preview.format, preview.rows[0]]).toEqual(["xes", ["1", "A", "2025-03-01T09:00:00.000Z"]]);
    for (const [name, content] of [
      ["e.pdf", "%PDF-1.7 …"],
      ["f.csv", ""],
      ["g.bin", new Uint8Array([1, 0, 2, 0, 3, 9, 9])],
    ] as const)
      expect((await previewLog(file(name, content), {}, room())).problem?.message).toContain(name);
  });
});
