import { describe, expect, test } from "vitest";
import { objectSvg } from "../../src/drawing/object-svg.ts";
import { objectGraph } from "../../src/discovery/object-centric.ts";
import { directlyFollows } from "../../src/discovery/directly-follows.ts";
import { readLog, readObjectLog } from "../../src/formats/index.ts";
import { shared, whySkipped } from "../shared.ts";
import { inputErrorOf, temporaryFiles } from "../formats/temporary-files.ts";

const { file } = temporaryFiles();

/** One order of two items, sent in two parcels, invoiced once. */
const ocel = {
  objectTypes: [{ name: "order" }, { name: "item" }, { name: "parcel" }].map((t) => ({
    ...t,
    attributes: [],
  })),
  eventTypes: ["place", "pick", "send", "bill"].map((name) => ({ name, attributes: [] })),
  objects: [
    { id: "o1", type: "order" },
    { id: "i1", type: "item" },
    { id: "i2", type: "item" },
    { id: "p1", type: "parcel" },
    { id: "p2", type: "parcel" },
  ],
  events: [
    ["e1", "place", "2025-01-06T09:00:00Z", ["o1", "i1", "i2"]],
    ["e2", "pick", "2025-01-06T10:00:00Z", ["i1"]],
    ["e3", "pick", "2025-01-06T11:00:00Z", ["i2"]],
    ["e4", "send", "2025-01-06T12:00:00Z", ["i1", "p1"]],
    ["e5", "send", "2025-01-06T13:00:00Z", ["i2", "p2"]],
    ["e6", "bill", "2025-01-06T14:00:00Z", ["o1", "i1", "i2"]],
  ].map(([id, type, time, objects]) => ({
    id,
    type,
    time,
    attributes: [],
    relationships: (objects as string[]).map((objectId) => ({ objectId, qualifier: "" })),
  })),
};

describe("an order of two items", () => {
  const path = file(JSON.stringify(ocel), "order.jsonocel");
  test("is placed once, though two items see it", async () => {
    const graph = objectGraph((await readObjectLog(path)).log);
    const type = (name: string) => graph.types.find((t) => t.type === name)!;
    expect(type("item")).toMatchObject({
      objects: 2,
      events: 6,
      flattened: 8,
      starts: { place: 2 },
      ends: { bill: 2 },
    });
    const edges = (name: string) =>
      type(name).edges.map(({ from, to, count, eventPairs, objects }) => [
        from,
        to,
        count,
        eventPairs,
        objects,
      ]);
    expect(edges("order")).toEqual([["place", "bill", 1, 1, 1]]);
    expect(edges("item").sort()).toEqual([
      ["pick", "send", 2, 2, 2],
      ["place", "pick", 2, 2, 2],
      ["send", "bill", 2, 2, 2],
    ]);
    expect(type("item").edges.find(({ from }) => from === "send")!.wait).toMatchObject({
      min: 3_600_000,
      max: 7_200_000,
    });
    expect(type("item").activities.find(({ name }) => name === "place")).toEqual({
      name: "place",
      events: 1,
      objects: 2,
      perEvent: 2,
    });
    expect(graph.interactions.map(({ a, b, kind, pairs }) => [a, b, kind, pairs])).toEqual([
      ["order", "item", "1:n", 2],
      ["item", "parcel", "1:1", 2],
    ]);
  });

  test("is one picture, each type in its colour", async () => {
    const svg = objectSvg(objectGraph((await readObjectLog(path)).log), "One <order>", 1);
    expect(svg).toContain("One &lt;order&gt;");
    for (const text of ["item (2)", "parcel (2)", "order (1)", ">place<", ">bill<"])
      expect(svg).toContain(text);
    // a line for each step of each type, and one each from the begin and to the end
    expect(svg.match(/<path d="M[^"]*" fill="none"/g)).toHaveLength(4 + 2 + 2 + 2);
  });

  test("other files are refused with advice", async () => {
    const error = await inputErrorOf(
      readObjectLog(file("case,activity,timestamp\n1,A,2025-01-01\n", "log.csv")),
    );
    expect(error.message).toMatch(/expected an object-centric log .*use plumbline map/);
  });
});

test.skipIf(!shared)(`steps of each type are those of the log flattened by it${whySkipped}`, async () => {
  for (const name of [
    "ocel20_example.jsonocel",
    "ocel20_example.xmlocel",
    "ocel20_example.sqlite",
    "ocel2_running-example.sqlite",
  ]) {
    const path = `${shared}/data/logs/${name}`;
    const graph = objectGraph((await readObjectLog(path)).log);
    for (const { type, edges, starts } of graph.types) {
      if (edges.length === 0) continue;
      const { log } = await readLog(path, { objectType: type });
      const { edges: counts } = directlyFollows(log);
      const n = log.activities.length;
      const flattened = new Map(
        [...counts].map(([key, count]) => [
          `${log.activities.at(Math.floor(key / n))} ${log.activities.at(key % n)}`,
          count,
        ]),
      );
      expect(
        new Map(edges.map(({ from, to, count }) => [`${from} ${to}`, count])),
        `${name} ${type}`,
      ).toEqual(flattened);
      expect(Object.values(starts).reduce((a, b) => a + b, 0)).toBe(log.caseCount);
    }
  }
});
