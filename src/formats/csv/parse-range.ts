import { closeSync, openSync, readSync } from "node:fs";
import { CsvParser, type CsvPart, type CsvPlan } from "./csv-parser.ts";

/** Parses the records that begin in [start, end) of a file on this thread, in blocks. */
export function parseRange(
  path: string,
  plan: CsvPlan,
  start: number,
  end: number,
  firstLine: number,
  onProgress?: (share: number, what: string) => void,
): CsvPart {
  const parser = new CsvParser(plan, firstLine, Math.min(1 << 24, Math.ceil((end - start) / 60)));
  const file = openSync(path, "r");
  try {
    let buffer = new Uint8Array(8 << 20);
    let length = 0; // valid bytes in the buffer
    let base = start; // file offset of the buffer's first byte
    let done = 0; // bytes of the buffer that were parsed
    for (;;) {
      if (done === 0 && length === buffer.length)
        buffer = Buffer.concat([buffer, new Uint8Array(buffer.length)]);
      buffer.copyWithin(0, done, length);
      base += done;
      length -= done;
      const count = readSync(file, buffer, length, buffer.length - length, base + length);
      length += count;
      const stop = Math.min(length, end - base);
      done = parser.parse(buffer, 0, stop, length, count === 0);
      onProgress?.((base + done - start) / (end - start), "reading");
      if (base + done >= end || count === 0) return parser.finish(base + done);
    }
  } finally {
    closeSync(file);
  }
}
