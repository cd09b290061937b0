import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameAt } from "../../src/eventlog/strings.ts";
import { readLog } from "../../src/formats/index.ts";
import { unescapeXml, XmlScanner } from "../../src/formats/xml-scanner.ts";
import { columnOf } from "../log-of.ts";
import { inputErrorOf, temporaryFiles } from "./temporary-files.ts";

const { file } = temporaryFiles();
const event = (name: string, time: string, more = "") =>
  `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${time}"/>${more}</event>`;
const log = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">${inner}</log>`;
const trace = (name: string, inner: string) =>
  `<trace><string key="concept:name" value="${name}"/>${inner}</trace>`;

test("every attribute type, nested attributes, lists, containers and attributes of traces", async () => {
  const more = `<string key="org:resource" value="Ana &amp; Ben"/><int key="n" value="-7"/><float key="x" value="1.5e3"/><boolean key="ok" value="true"/><id key="id" value="abc"/>
    <string key="outer" value="o"><string key="inner" value="i"/></string>
    <list key="items"><values><string key="item" value="first"/><int key="count" value="2"/></values></list>
    <container key="box"><float key="weight" value="2.5"/></container>`;
  const { log: l, report } = await readLog(
    file(
      log(
        trace(
          "c1",
          `<float key="amount" value="12.5"/>${event("A", "2025-01-31T09:30:00+01:00", more)}${event("B", "2025-01-31T10:30:00+01:00")}`,
        ),
      ),
    ),
  );
  expect(report).toMatchObject({ read: 2, kept: 2, rejected: 0 });
  expect(new Date(l.time[0]).toISOString()).toBe("2025-01-31T08:30:00.000Z");
  expect(nameAt(l.people, l.person![0])).toBe("Ana & Ben");
  expect(l.person![1]).toBe(0);
  expect(
    l.columns.map(({ name, kind, scope, missing }) => `${name} ${kind} ${scope} ${missing}`).sort(),
  ).toEqual([
    "box.weight number event 1",
    "case:amount number case 0",
    "id dictionary event 1",
    "items.count number event 1",
    "items.item dictionary event 1",
    "n number event 1",
    "ok dictionary event 1",
    "outer dictionary event 1",
    "outer.inner dictionary event 1",
    "x number event 1",
  ]);
  const n = columnOf(l, "n");
  expect(n.kind === "number" && n.numbers[0]).toBe(-7);
});

test("globals are not filled in, classifiers and extensions are named", async () => {
  const head = `<extension name="Concept" prefix="concept" uri="u"/><global scope="event"><string key="cost" value="UNKNOWN"/></global><classifier name="Both" keys="concept:name lifecycle:transition"/>`;
  const { log: l, report } = await readLog(file(log(head + trace("1", event("A", "2025-01-31T09:30:00Z")))));
  expect(l.columns.map(({ name }) => name)).toEqual([]);
  expect(report.notes.join(" ")).toMatch(
    /Both = concept:name lifecycle:transition.*Extensions: Concept.*1 global/,
  );
});

test("a classifier of two keys joins their values with a plus, and the life cycle pairs start and complete", async () => {
  const row = (t: string, time: string) =>
    event("A", time, `<string key="lifecycle:transition" value="${t}"/>`);
  const path = file(
    log(trace("1", row("start", "2025-01-31T09:00:00Z") + row("complete", "2025-01-31T10:00:00Z"))),
  );
  const pairs = await readLog(path);
  expect(pairs.log.eventCount).toBe(1);
  expect(pairs.log.time[0] - pairs.log.start![0]).toBe(3_600_000);
  const both = await readLog(path, {
    classifier: ["concept:name", "lifecycle:transition"],
    lifecycle: "events",
  });
  expect([0, 1].map((e) => nameAt(both.log.activities, both.log.activity[e]))).toEqual([
    "A+start",
    "A+complete",
  ]);
  expect(both.report).toMatchObject({ lifecycle: "events", classifier: "concept:name,lifecycle:transition" });
});

test("events without name or time are rejected with their line; a trace without a name is named by its place", async () => {
  const text = log(
    `<trace>\n${event("A", "2025-01-31T09:30:00Z")}\n<event><date key="time:timestamp" value="2025-01-31T09:30:00Z"/></event>\n<event><string key="concept:name" value="C"/></event></trace>`,
  );
  const { log: l, report } = await readLog(file(text));
  expect(nameAt(l.caseIds, 0)).toBe("trace 1");
  expect(report).toMatchObject({ read: 3, kept: 1, rejected: 2 });
  expect(report.rejections.map(({ at, column }) => [at, column])).toEqual([
    [3, "concept:name"],
    [4, "time:timestamp"],
  ]);
});

test("gzip, namespace prefixes, single quotes, comments and character references", async () => {
  const text = `<?xml version='1.0'?><!-- <trace> --><x:log xmlns:x='u'><x:trace><x:string key='concept:name' value='c&#x41;&#66;'/><x:event><x:string key="concept:name" value="a &gt; b"/><x:date key="time:timestamp" value="2025-01-31T09:30:00.123Z"/></x:event></x:trace></x:log>`;
  const { log: l } = await readLog(file(gzipSync(text)));
  expect([nameAt(l.caseIds, 0), nameAt(l.activities, l.activity[0])]).toEqual(["cAB", "a > b"]);
});

describe("hostile and damaged XML", () => {
  test.each<[string, string, RegExp]>([
    [
      "billion laughs",
      `<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>${log("").slice(38)}`,
      /document type declaration/,
    ],
    ["external entity", `<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>`, /document type declaration/],
    [
      "cut off",
      log(trace("1", event("A", "2025-01-31T09:30:00Z"))).slice(0, -20),
      /expected <\/(event|trace|log)>, got the end of the file/,
    ],
    ["wrong nesting", "<log><trace></log></trace>", /expected <\/trace>, got <\/log>/],
    ["unquoted value", "<log><trace><string key=a value=b/></trace></log>", /expected a quoted value/],
    ["no log", "<html><body/></html>", /expected an XES log/],
    ["empty log", log(""), /without a single event/],
    ["text only", "<", /expected|damaged/],
  ])("%s", async (_, text, message) => {
    expect((await inputErrorOf(readLog(file(text)))).message).toMatch(message);
  });

  test("an undeclared entity stays as written", () => {
    expect(unescapeXml("&lol; &amp; &#x1F600; &#0;")).toBe("&lol; & \u{1F600} &#0;");
  });
});

test("the scanner reports the same elements wherever the blocks are cut", () => {
  const text = Buffer.from(
    log(
      trace(
        "a > b",
        event("A", "2025-01-31T09:30:00Z", `<list key='l'><values><int key="n" value="1"/></values></list>`),
      ) + "<!-- é --><?pi ?>",
    ),
  );
  const scan = (sizes: number[]) => {
    const seen: string[] = [];
    const scanner = new XmlScanner("x", {
      open: (tag) => seen.push(`${tag.name} ${tag.text("key")} ${tag.text("value")} ${tag.line}`),
      close: () => seen.push("/"),
    });
    let at = 0;
    for (let i = 0; at < text.length; i++) {
      const size = Math.max(1, sizes[i % sizes.length]);
      scanner.push(text.subarray(at, at + size));
      at += size;
    }
    scanner.end();
    return seen;
  };
  const whole = scan([text.length]);
  expect(whole.length).toBeGreaterThan(15);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), (sizes) => {
      expect(scan(sizes)).toEqual(whole);
    }),
  );
});
