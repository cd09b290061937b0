import { parentPort, workerData } from "node:worker_threads";
import { InputError } from "../../input-error.ts";
import { parseRange } from "./parse-range.ts";
import type { CsvPlan } from "./csv-parser.ts";

// Parses one byte range of a delimited file on a thread of its own and posts the columns back without copying.
const { path, plan, start, end, firstLine } = workerData as {
  path: string;
  plan: CsvPlan;
  start: number;
  end: number;
  firstLine: number;
};
try {
  const part = parseRange(path, plan, start, end, firstLine, (share) => parentPort!.postMessage({ share }));
  const buffers = new Set<ArrayBuffer>();
  for (const column of part.columns) {
    if (column.kind !== "dictionary") buffers.add(column.numbers.buffer as ArrayBuffer);
    else {
      buffers.add(column.codes.buffer as ArrayBuffer);
      buffers.add(column.dictionary.bytes.buffer as ArrayBuffer);
      buffers.add(column.dictionary.offsets.buffer as ArrayBuffer);
    }
  }
  parentPort!.postMessage({ part }, [...buffers]);
} catch (error) {
  // what is thrown over the border of a thread is no InputError any more
  if (!(error instanceof InputError)) throw error;
  const { code, where, message } = error;
  parentPort!.postMessage({ refused: { code, where, message } });
}
