import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { findTableErrors } from "../src/matching/table-errors.ts";
import { markdown } from "./measure.ts";

/**
 * Detection of wrong cells on public dirty tables with their clean versions, without any labelled example;
 * the published figures use 20 labelled rows.
 */
export function tableErrors(): string {
  const directory = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared", "data/records/errors");
  if (!existsSync(directory)) return "No shared material (PLUMBLINE_SHARED): not measured.";
  const published: Record<string, string> = {
    hospital: "72 to 75 Raha (20 labelled rows), 88 with a 20-row review loop",
    flights: "81 Raha (20 labelled rows), 85 with a 20-row review loop",
  };
  const rows = Object.entries(published).map(([set, figures]) => {
    const [dirty, clean] = ["dirty", "clean"].map((kind) => read(resolve(directory, set, `${kind}.csv`)));
    const columns = dirty[0].map((_, k) => dirty.slice(1).map((row) => row[k] ?? ""));
    const began = performance.now();
    const found = findTableErrors(columns, { skip: new Set([0]) });
    const seconds = (performance.now() - began) / 1000;
    const wrong = new Set<string>();
    dirty.slice(1).forEach((row, r) => {
      row.forEach((value, k) => {
        if (k > 0 && value.trim() !== (clean[r + 1][k] ?? "").trim()) wrong.add(`${r},${k}`);
      });
    });
    const right = found.filter(({ row, column }) => wrong.has(`${row},${column}`)).length;
    const [precision, recall] = [right / found.length, right / wrong.size];
    const percent = (value: number) => (value * 100).toFixed(1);
    const f1 = (2 * precision * recall) / (precision + recall);
    return [
      set,
      `${wrong.size} of ${columns.length * columns[0].length}`,
      percent(precision),
      percent(recall),
      percent(f1),
      figures,
      `${seconds.toFixed(2)} s`,
    ];
  });
  return markdown(["table", "wrong cells", "precision", "recall", "F1", "published F1", "time"], rows);
}

function read(path: string): string[][] {
  const rows: string[][] = [];
  for (const line of readFileSync(path, "utf8").trim().split(/\r?\n/)) {
    const cells: string[] = [];
    for (const [, quoted, bare] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
      cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    rows.push(cells);
  }
  return rows;
}
