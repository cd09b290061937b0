import { resolve } from "node:path";
import { compare, markdown } from "./measure.ts";
import { sampleLog } from "./sample-log.ts";

const main = resolve(import.meta.dirname, "../src/cli/main.ts");
const peer = resolve(import.meta.dirname, "duckdb-read-sort.ts");

/** `show` of a CSV as a whole process against DuckDB reading and sorting the same file, in one run. */
export function reading(): string {
  const rows = [100_000, 1_000_000].map((cases) => {
    const path = sampleLog(cases);
    const { show, duckdb } = compare(
      { show: [main, ["show", path, "--json"]], duckdb: [peer, [path]] },
      cases > 500_000 ? 3 : 5,
    );
    const cell = (r: typeof show) =>
      `${r.wall.toFixed(2)} s wall, ${r.cpu.toFixed(1)} s CPU, ${r.peakMiB} MiB`;
    return [
      `${cases / 100_000} million events`,
      cell(show),
      cell(duckdb),
      `${(show.wall / duckdb.wall).toFixed(2)} ×`,
    ];
  });
  return markdown(["CSV", "`plumbline show`", "DuckDB: read and sort", "ratio of wall times"], rows);
}
