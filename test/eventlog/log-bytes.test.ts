import fc from "fast-check";
import { expect, test } from "vitest";
import { logFromBytes, logToBytes } from "../../src/eventlog/log-bytes.ts";
import { allNames } from "../../src/eventlog/strings.ts";
import type { EventLog } from "../../src/eventlog/event-log.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { readLog } from "../../src/formats/index.ts";
import { logOf } from "../log-of.ts";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const bytesOf = (log: EventLog) => Buffer.concat([...logToBytes(log)]);

/** All that a log says, as plain values. */
function plain(log: EventLog): unknown {
  const value = (one: unknown): unknown => {
    if (ArrayBuffer.isView(one)) return Array.from(one as unknown as ArrayLike<number>);
    if (one && typeof one === "object" && "at" in one && "length" in one)
      return allNames(one as EventLog["people"]);
    return one;
  };
  const { columns, ...rest } = log;
  const object = (of: object) =>
    Object.fromEntries(
      Object.entries(of)
        .filter(([, v]) => v !== undefined)
        .map(([k, v]) => [k, value(v)]),
    );
  return { ...object(rest), columns: columns.map(object) };
}

test("a log that is written and read back says the same, with every kind of column", async () => {
  const directory = mkdtempSync(join(tmpdir(), "log-bytes-"));
  const [first] = simulate({ seed: 3 });
  const { log } = await readLog(writeProcess(directory, first, 3).log);
  expect(log.columns.length).toBeGreaterThan(2);
  const bytes = bytesOf(log);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  expect(plain(logFromBytes(shared))).toEqual(plain(log));
});

test("names in any script, empty ones and many of them come back", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 60 }), (names) => {
      const log = logOf("A B");
      const [first] = [{ ...log, roles: names }];
      const back = logFromBytes(new Uint8Array(bytesOf(first)));
      expect(allNames(back.roles)).toEqual(names.map((name) => Buffer.from(name).toString()));
    }),
  );
});

test("a log without events comes back", () => {
  const empty: EventLog = {
    ...logOf("A"),
    caseCount: 0,
    eventCount: 0,
    caseStart: new Uint32Array(1),
    activity: new Uint16Array(0),
    time: new Float64Array(0),
    columns: [],
  };
  expect(logFromBytes(new Uint8Array(bytesOf(empty))).eventCount).toBe(0);
});

test("bytes that are cut off or of another kind are refused", () => {
  const bytes = new Uint8Array(bytesOf(logOf("A B C", "A C")));
  expect(() => logFromBytes(bytes.slice(0, bytes.length - 64))).toThrow("cut off");
  expect(() => logFromBytes(new TextEncoder().encode("case,activity,time\n1,A,2025"))).toThrow(
    "not an event log",
  );
});
