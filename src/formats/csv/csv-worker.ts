import { answerTasks } from "../../threads/answer-tasks.ts";
import { parseRange } from "./parse-range.ts";
import type { CsvPart, CsvPlan } from "./csv-parser.ts";

/** One byte range of a delimited file. */
export interface RangeTask {
  path: string;
  plan: CsvPlan;
  start: number;
  end: number;
  firstLine: number;
}

// Parses one byte range on a thread of its own and hands the columns over without copying.
answerTasks<RangeTask, CsvPart>(({ path, plan, start, end, firstLine }, progress) => {
  const part = parseRange(path, plan, start, end, firstLine, (share) => progress(share, "reading"));
  const buffers = new Set<ArrayBuffer>();
  for (const column of part.columns) {
    if (column.kind !== "dictionary") buffers.add(column.numbers.buffer as ArrayBuffer);
    else {
      buffers.add(column.codes.buffer as ArrayBuffer);
      buffers.add(column.dictionary.bytes.buffer as ArrayBuffer);
      buffers.add(column.dictionary.offsets.buffer as ArrayBuffer);
    }
  }
  return { result: part, transfer: [...buffers] };
});
