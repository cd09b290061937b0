import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { linkRecords, scorePairs, type LinkedPair, type MatchField } from "../src/matching/link-records.ts";
import { markdown } from "./measure.ts";

const records = resolve(process.env["PLUMBLINE_SHARED"] ?? "../shared", "data/records/dedup");

/**
 * Record matching on public sets with known answers, without any labelled example; the published figures are
 * of supervised methods and of a plain Fellegi-Sunter.
 */
export function matching(): string {
  if (!existsSync(records)) return "No shared material (PLUMBLINE_SHARED): not measured.";
  const rows = [
    labelled("DBLP-ACM", "98.4 Magellan, 98.4 DeepMatcher, 99.0 Ditto (all trained on labelled pairs)"),
    labelled("Fodors-Zagats", "100 Magellan, 100 DeepMatcher (trained; Mudgal et al. 2018)"),
    febrl1(),
    febrl4(),
  ];
  return markdown(["set", "records or pairs", "precision", "recall", "F1", "published F1", "time"], rows);
}

function labelled(set: string, published: string): string[] {
  const parts = ["train", "valid", "test"].map((part) =>
    gunzipSync(readFileSync(resolve(records, set, `${part}.txt.gz`)))
      .toString("utf8")
      .trimEnd()
      .split("\n"),
  );
  const lines = parts.flat();
  const names = new Set<string>();
  const values: Record<string, string>[] = [];
  const pairs: [number, number][] = [];
  const truth: boolean[] = [];
  for (const line of lines) {
    const [left, right, label] = line.split("\t");
    for (const side of [left, right]) {
      const record: Record<string, string> = {};
      for (const [, name, value] of side.matchAll(/COL (\S+) VAL (.*?)(?= COL |$)/g)) {
        record[name] = value.trim();
        names.add(name);
      }
      values.push(record);
    }
    pairs.push([values.length - 2, values.length - 1]);
    truth.push(label.trim() === "1");
  }
  const fields = [...names].map((name): MatchField => ({
    name,
    kind: /phone|year|^id$/.test(name) ? "code" : "text",
    values: values.map((record) => record[name] ?? ""),
  }));
  const began = performance.now();
  const scored = scorePairs(fields, pairs);
  const seconds = (performance.now() - began) / 1000;
  const first = parts[0].length + parts[1].length; // judged on the test pairs alone, as the published figures are
  // both lists are free of duplicates, so a record is linked once, to what it most probably is
  const said = scored.map(() => false);
  const used = new Set<string>();
  const order = scored.map((_, i) => i).sort((i, j) => scored[j].weight - scored[i].weight);
  for (const i of order) {
    const [left, right] = [`l${JSON.stringify(values[2 * i])}`, `r${JSON.stringify(values[2 * i + 1])}`];
    if (scored[i].probability < 0.5 || used.has(left) || used.has(right)) continue;
    used.add(left).add(right);
    said[i] = true;
  }
  return row(
    set,
    `${parts[2].length} test pairs`,
    said.slice(first).map((yes, i) => [yes, truth[first + i]] as const),
    truth.slice(first).filter(Boolean).length,
    published,
    seconds,
  );
}

function csv(name: string): Record<string, string>[] {
  const [heading, ...lines] = readFileSync(resolve(records, name), "utf8").trim().split(/\r?\n/);
  const names = heading.split(",").map((cell) => cell.trim());
  return lines.map((line) => {
    const cells = line.split(",").map((cell) => cell.trim());
    return Object.fromEntries(names.map((column, k) => [column, cells[k] ?? ""]));
  });
}

function febrlFields(list: Record<string, string>[]): MatchField[] {
  const kinds: Record<string, MatchField["kind"]> = {
    date_of_birth: "code",
    soc_sec_id: "code",
    postcode: "code",
    street_number: "code",
  };
  return Object.keys(list[0])
    .filter((name) => name !== "rec_id")
    .map((name) => ({ name, kind: kinds[name] ?? "text", values: list.map((record) => record[name]) }));
}

const entity = (record: Record<string, string>) => record["rec_id"].split("-")[1];

function febrl1(): string[] {
  const list = csv("febrl1.csv");
  const began = performance.now();
  const pairs = linkRecords(febrlFields(list), { least: 0.5 });
  const seconds = (performance.now() - began) / 1000;
  const truth = list.filter((record) => record["rec_id"].includes("-dup-")).length;
  return row("febrl1", `${list.length} records`, judged(pairs, list), truth, "–", seconds);
}

function febrl4(): string[] {
  const [a, b] = [csv("febrl4a.csv"), csv("febrl4b.csv")];
  const list = [...a, ...b];
  const began = performance.now();
  const pairs = linkRecords(febrlFields(list), { split: a.length, least: 0.5 });
  const seconds = (performance.now() - began) / 1000;
  return row(
    "febrl4a, febrl4b",
    `${a.length} + ${b.length} records`,
    judged(pairs, list),
    a.length,
    "99.4 to 99.8 Fellegi-Sunter",
    seconds,
  );
}

function judged(pairs: LinkedPair[], list: Record<string, string>[]) {
  return pairs.map(({ a, b }) => [true, entity(list[a]) === entity(list[b])] as const);
}

function row(
  set: string,
  size: string,
  answers: (readonly [said: boolean, truth: boolean])[],
  matches: number,
  published: string,
  seconds: number,
): string[] {
  const right = answers.filter(([said, truth]) => said && truth).length;
  const said = answers.filter(([yes]) => yes).length;
  const [precision, recall] = [right / said, right / matches];
  const percent = (value: number) => (value * 100).toFixed(1);
  return [
    set,
    size,
    percent(precision),
    percent(recall),
    percent((2 * precision * recall) / (precision + recall)),
    published,
    `${seconds.toFixed(2)} s`,
  ];
}
