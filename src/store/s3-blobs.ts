import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { openAsBlob } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { AwsClient } from "aws4fetch";
import { checkKey, removeOlder, writeSynced, type Blobs, type PutOptions } from "./blobs.ts";

/**
 * Blobs in a bucket of an S3-compatible store: `s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=R]`, over TLS;
 * `s3+http://` without, for one on this machine. What is put goes through a spool file, since the store wants
 * to know the length beforehand.
 */
export class S3Blobs implements Blobs {
  readonly #client: AwsClient;
  readonly #bucket: string;
  readonly #spool: string;

  constructor(address: string, spool: string) {
    const url = new URL(address);
    this.#client = new AwsClient({
      accessKeyId: decodeURIComponent(url.username),
      secretAccessKey: decodeURIComponent(url.password),
      service: "s3",
      region: url.searchParams.get("region") ?? "us-east-1",
      retries: 4,
    });
    this.#bucket = `${url.protocol === "s3+http:" ? "http" : "https"}://${url.host}${url.pathname.replace(/\/$/, "")}`;
    this.#spool = spool;
    mkdirSync(spool, { recursive: true, mode: 0o700 });
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options?: PutOptions,
  ): Promise<number> {
    const file = join(this.#spool, randomUUID());
    try {
      const bytes = await writeSynced(file, content, options);
      await this.#ask("PUT", checkKey(key), {
        body: await openAsBlob(file),
        headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "content-length": String(bytes) },
      });
      return bytes;
    } finally {
      await rm(file, { force: true });
    }
  }

  async read(key: string): Promise<Readable> {
    const response = await this.#ask("GET", checkKey(key));
    return Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
  }

  pathOf(): undefined {
    return undefined;
  }

  async remove(key: string): Promise<void> {
    await this.#ask("DELETE", checkKey(key), {}, [404]);
  }

  removeUnfinished(before: Date): Promise<void> {
    return removeOlder(this.#spool, before);
  }

  async *list(prefix: string): AsyncIterable<string> {
    for (let after = ""; ;) {
      const query = new URLSearchParams({
        "list-type": "2",
        prefix,
        ...(after ? { "continuation-token": after } : {}),
      });
      const text = await (await this.#ask("GET", `?${query}`)).text();
      for (const [, key] of text.matchAll(/<Key>([^<]+)<\/Key>/g)) yield key;
      after = /<NextContinuationToken>([^<]+)</.exec(text)?.[1] ?? "";
      if (!after) return;
    }
  }

  async #ask(
    method: string,
    path: string,
    init: RequestInit = {},
    allowed: number[] = [],
  ): Promise<Response> {
    const response = await this.#client.fetch(`${this.#bucket}/${path}`, { method, ...init });
    if (response.ok || allowed.includes(response.status)) return response;
    throw Object.assign(
      new Error(
        `The blob store answered ${response.status} to ${method} ${path}: ${(await response.text()).slice(0, 300)}`,
      ),
      { status: response.status },
    );
  }
}
