import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linkRecords, type MatchField } from "../../src/matching/link-records.ts";
import {
  isTransposition,
  jaroWinkler,
  normaliseCode,
  normaliseCompany,
} from "../../src/matching/similarity.ts";
import { findTableErrors } from "../../src/matching/table-errors.ts";
import { Random } from "../../src/statistics/random.ts";
import { shared, whySkipped } from "../shared.ts";

describe("similarity", () => {
  // Winkler (1990), table of examples
  test.each([
    ["MARTHA", "MARHTA", 0.961],
    ["DWAYNE", "DUANE", 0.84],
    ["DIXON", "DICKSONX", 0.813],
    ["JONES", "JOHNSON", 0.832],
    ["ABC", "XYZ", 0],
  ])("Jaro-Winkler of %s and %s is %f", (a, b, value) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(value, 3);
  });
  test("it is symmetric, 1 only for equal texts, between 0 and 1", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const value = jaroWinkler(a, b);
        expect(value).toBeCloseTo(jaroWinkler(b, a), 12);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        if (a !== b && a !== "" && b !== "") expect(value).toBeLessThan(1);
      }),
    );
  });
  test("codes without punctuation and leading zeros, companies without their legal form", () => {
    expect(normaliseCode("R-00123/a")).toBe(normaliseCode("r 123 A"));
    expect(normaliseCompany("ACME Supplies Ltd.")).toBe(normaliseCompany("Acme Supplies"));
    expect(normaliseCompany("Müller & Söhne GmbH & Co. KG")).toBe(normaliseCompany("MULLER SOHNE"));
    expect([
      isTransposition("1243", "1234"),
      isTransposition("1234", "1234"),
      isTransposition("1432", "1234"),
    ]).toEqual([true, false, false]);
  });
});

describe("records that are one object", () => {
  test("are linked though every field may be misspelt, and others are not", () => {
    const random = new Random(7);
    const word = () =>
      Array.from({ length: 7 }, () => "abcdefghijklmnopqrstuvwxyz"[random.below(26)]).join("");
    const people = Array.from({ length: 300 }, () => ({
      name: `${word()} ${word()}`,
      street: `${word()} ${random.below(90)}`,
      id: String(10_000_000 + random.below(89_999_999)),
    }));
    const typo = (text: string) => {
      const at = 1 + random.below(text.length - 2);
      return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
    };
    const copies = people.slice(0, 60).map((p) => ({
      name: typo(p.name),
      street: random.chance(0.3) ? "" : p.street,
      id: random.chance(0.3) ? typo(p.id) : p.id,
    }));
    const all = [...people, ...copies];
    const fields: MatchField[] = [
      { name: "name", kind: "text", values: all.map(({ name }) => name) },
      { name: "street", kind: "text", values: all.map(({ street }) => street) },
      { name: "id", kind: "code", values: all.map(({ id }) => id) },
    ];
    const pairs = linkRecords(fields, { least: 0.5 });
    const right = pairs.filter(({ a, b }) => b === 300 + a).length;
    expect(right).toBeGreaterThanOrEqual(58);
    expect(pairs.length - right).toBeLessThanOrEqual(1);
  });
});

describe("wrong cells", () => {
  test("what the rest of the row settles, a misspelling, an empty cell; a clean table has none", () => {
    const rows = Array.from({ length: 200 }, (_, r) => [
      `P${r % 20}`,
      ["Hamburg", "Lyon", "Graz", "Turin"][(r % 20) % 4],
      ["Germany", "France", "Austria", "Italy"][(r % 20) % 4],
    ]);
    const columns = () => [0, 1, 2].map((k) => rows.map((row) => row[k]));
    expect(findTableErrors(columns())).toEqual([]);
    const dirty = columns();
    dirty[1][5] = "Lyom";
    dirty[2][8] = "Italy";
    dirty[2][50] = "";
    expect(findTableErrors(dirty).map(({ row, column, expected }) => [row, column, expected])).toEqual([
      [5, 1, "Lyon"],
      [8, 2, "Germany"],
      [50, 2, ""],
    ]);
  });
});

describe.skipIf(!shared)(`public sets with known answers${whySkipped}`, () => {
  test("febrl1: every duplicate, and nothing else", () => {
    const [heading, ...lines] = readFileSync(`${shared}/data/records/dedup/febrl1.csv`, "utf8")
      .trim()
      .split(/\r?\n/);
    const names = heading.split(",").map((cell) => cell.trim());
    const list = lines.map((line) => line.split(",").map((cell) => cell.trim()));
    const fields = names.slice(1).map((name, k): MatchField => ({
      name,
      kind: /birth|soc_sec|postcode|number/.test(name) ? "code" : "text",
      values: list.map((row) => row[k + 1]),
    }));
    const pairs = linkRecords(fields, { least: 0.5 });
    const entity = (r: number) => list[r][0].split("-")[1];
    expect(pairs.every(({ a, b }) => entity(a) === entity(b))).toBe(true);
    expect(pairs).toHaveLength(500);
  });
});
