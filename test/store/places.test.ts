import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { quoted } from "../../src/input-error.ts";
import { forAnybody, forEvidence, noteOwnPlace, withoutOwnPlaces } from "../../src/store/places.ts";

const ID = "0b0e7a4e-9d4f-4a57-8d2d-6b1f0c3a5e11";
noteOwnPlace("/srv/canary-path");
noteOwnPlace("./relative canary");

describe("places of the machine in a message", () => {
  test.each([
    // a file in a temporary folder keeps the name that somebody gave it, with its blanks
    [`/srv/canary-path/tmp/${ID}/my orders 2025.csv, line 3`, "my orders 2025.csv, line 3"],
    [`/srv/canary-path/tmp/${ID}/0/vendors.csv: bad`, "vendors.csv: bad"],
    [`./relative canary/tmp/${ID}/a.csv: bad`, "a.csv: bad"],
    [`relative canary/tmp/${ID}/file/a.csv: bad`, "a.csv: bad"],
    [
      "ENOENT: no such file, open '/srv/canary-path/blobs/o/uploads/u/0-1'",
      "ENOENT: no such file, open 'a place of this server'",
    ],
    ["mkdir /srv/canary-path", "mkdir a place of this server"],
    ["at file:///srv/canary-path/x.ts:3:4", "at a place of this server:3:4"],
    [`${tmpdir()}/plumbline-x/y.sqlite is locked`, "a place of this server is locked"],
    [`open ${process.cwd()}/src/a.ts`, "open a place of this server"],
    ["EACCES /home/maria/secret.csv (denied)", "EACCES a place of this server (denied)"],
    [String.raw`open C:\Users\maria\a.csv`, "open a place of this server"],
    ["postgres://plumb:secret@db.internal:5432/x refuses", "an address of this server refuses"],
  ])("%s", (message, told) => {
    expect(forAnybody(message)).toBe(told);
    expect(forEvidence(message)).toBe(told);
  });

  test.each([
    "There is no GET /api/organisations/1/home.",
    "dates like 03/04/2025, and/or response(A, B)",
    "What there is stands in /api/openapi.json, see https://example.org/tmp/x.",
    "the directory canary-path of somebody else",
  ])("what is no place stays: %s", (message) => {
    expect(forAnybody(message)).toBe(message);
    expect(withoutOwnPlaces(message)).toBe(message);
  });

  test("a value that is a path is a value", () => {
    const message = `got "${quoted("/home/maria")}"`;
    expect(forAnybody(message)).not.toContain("maria");
    expect(forEvidence(message)).not.toContain("maria");
  });
});
