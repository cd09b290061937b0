import { open } from "node:fs/promises";
import { readWhole, type Blobs } from "../store/blobs.ts";

/** A blob in shared memory: read straight into it where it lies on this machine. */
export async function readBytesOf(blobs: Blobs, key: string): Promise<Uint8Array> {
  const path = blobs.pathOf(key);
  if (path === undefined) {
    const whole = await readWhole(blobs, key);
    const bytes = new Uint8Array(new SharedArrayBuffer(whole.length));
    bytes.set(whole);
    return bytes;
  }
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(bytes, at, Math.min(1 << 30, size - at), at);
      if (bytesRead === 0) throw new Error(`${path} was cut off while it was read`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
