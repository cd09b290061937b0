import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { AwsClient } from "aws4fetch";
import { describe, expect, test } from "vitest";
import { openBlobs, readWhole } from "../../src/store/blobs.ts";

/**
 * An S3-compatible store that runs: `s3+http://KEY:SECRET@HOST:PORT`. The shared material has one that starts
 * on this machine (systems/swift).
 */
const address = process.env["PLUMBLINE_TEST_S3"];

describe(`blobs in an S3-compatible store${address ? "" : " (skipped: set PLUMBLINE_TEST_S3 to one that runs)"}`, () => {
  test.skipIf(!address)(
    "what is put is there, whole; what is removed is gone; what broke was never there; lists go on past a page",
    async () => {
      const url = new URL(address!);
      const bucket = `plumbline-${randomUUID()}`;
      const client = new AwsClient({
        accessKeyId: decodeURIComponent(url.username),
        secretAccessKey: decodeURIComponent(url.password),
        service: "s3",
        region: "us-east-1",
      });
      expect((await client.fetch(`http://${url.host}/${bucket}`, { method: "PUT" })).status).toBe(200);
      const blobs = openBlobs(mkdtempSync(join(tmpdir(), "s3-")), `${address}/${bucket}`);
      const content = Buffer.from(
        Uint32Array.from({ length: 3_000_000 }, (_, i) => Math.imul(i, 2654435761)).buffer,
      );
      const parts = async function* () {
        for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000);
      };
      expect(await blobs.put("o/uploads/1", parts())).toBe(content.length);
      expect((await readWhole(blobs, "o/uploads/1")).equals(content)).toBe(true);
      expect(blobs.pathOf("o/uploads/1")).toBeUndefined();
      await expect(
        blobs.put(
          "o/uploads/2",
          (async function* () {
            yield Buffer.from("abc");
            throw new Error("broke");
          })(),
        ),
      ).rejects.toThrow("broke");
      await expect(blobs.read("o/uploads/2")).rejects.toThrow("404");
      for (let i = 0; i < 5; i++) await blobs.put(`o/logs/${i}`, Buffer.from(`${i}`));
      const keys = [];
      for await (const key of blobs.list("o/")) keys.push(key);
      expect(keys.sort()).toEqual([
        "o/logs/0",
        "o/logs/1",
        "o/logs/2",
        "o/logs/3",
        "o/logs/4",
        "o/uploads/1",
      ]);
      for (const key of keys) await blobs.remove(key);
      await blobs.remove("o/never/there");
      for await (const key of blobs.list("o/")) throw new Error(`${key} is still there`);
    },
  );
});
