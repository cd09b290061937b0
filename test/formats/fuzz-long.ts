import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { InputError } from "../../src/input-error.ts";
import { readLog } from "../../src/formats/index.ts";
import { Random } from "../../src/statistics/random.ts";

// Damages small files of every kind at random and reads them: only an InputError or a log whose rows add up
// may come of it, within ten seconds. `npm run fuzz -- [--seconds 60] [--seed 1]`; prints the seed that shows
// a failure.

const option = (name: string, otherwise: number) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const CSV = `case,activity,time,user,amount\n${Array.from({ length: 30 }, (_, i) => `c${i % 7},"act, ${i % 3}",2025-01-${String((i % 28) + 1).padStart(2, "0")}T10:00:00Z,u${i % 4},${i}.50`).join("\n")}\n`;
const XES = `<?xml version="1.0"?><log xes.version="2.0"><trace><string key="concept:name" value="c1"/>${Array.from({ length: 9 }, (_, i) => `<event><string key="concept:name" value="a${i % 3}"/><date key="time:timestamp" value="2025-01-0${i + 1}T10:00:00Z"/><list key="l"><values><int key="n" value="${i}"/></values></list></event>`).join("")}</trace></log>`;
const JSONL = Array.from({ length: 9 }, (_, i) =>
  JSON.stringify({ case: `c${i % 3}`, activity: "A", time: "2025-01-31T10:00:00Z", deep: { n: i } }),
).join("\n");
const OCEL = JSON.stringify({
  objectTypes: [],
  eventTypes: [],
  objects: [{ id: "o1", type: "order", attributes: [] }],
  events: [
    {
      id: "e1",
      type: "A",
      time: "2025-01-31T10:00:00Z",
      attributes: [],
      relationships: [{ objectId: "o1", qualifier: "q" }],
    },
  ],
});
const MBOX = `From a Mon Jan  6 10:00:00 2025\nFrom: Ana <a@x>\nTo: b@x\nSubject: s\nDate: Mon, 6 Jan 2025 10:00:00 +0100\nMessage-ID: <1@x>\n\ntext\n\nFrom b Mon Jan  6 11:00:00 2025\nFrom: b@x\nSubject: Re: s\nDate: Mon, 6 Jan 2025 11:00:00 +0100\nIn-Reply-To: <1@x>\n\nok\n`;
const seeds: Uint8Array[] = [
  ...[CSV, XES, JSONL, `[${JSONL.replaceAll("\n", ",")}]`, OCEL, MBOX].map((text) => Buffer.from(text)),
  gzipSync(CSV),
  gzipSync(XES),
  zipSync({ "log.csv": strToU8(CSV) }),
  Buffer.from(`\uFEFF${CSV}`, "utf16le"),
];

const seed = option("seed", Math.floor(performance.now()));
const until = performance.now() + option("seconds", 60) * 1000;
const random = new Random(seed);
const directory = mkdtempSync(join(tmpdir(), "plumbline-fuzz-"));
const path = join(directory, "input");
let runs = 0;
let logs = 0;
try {
  for (; performance.now() < until; runs++) {
    const bytes = damage(random.pick(seeds));
    writeFileSync(path, bytes);
    const began = performance.now();
    try {
      const { log, report } = await readLog(path, { objectType: random.chance(0.5) ? "order" : undefined });
      logs++;
      if (report.read !== report.kept + report.rejected)
        throw new Error(`read ${report.read} is not kept ${report.kept} + rejected ${report.rejected}`);
      if (log.caseStart[log.caseCount] !== log.eventCount)
        throw new Error("the cases do not cover the events");
    } catch (error) {
      if (!(error instanceof InputError)) {
        writeFileSync("fuzz-failure.bin", bytes);
        throw new Error(`seed ${seed}, run ${runs}: kept as fuzz-failure.bin`, { cause: error });
      }
    }
    if (performance.now() - began > 10_000)
      throw new Error(`seed ${seed}, run ${runs}: took more than ten seconds`);
  }
} finally {
  rmSync(directory, { recursive: true });
}
process.stdout.write(`${runs} damaged files read without a crash, ${logs} of them as logs (seed ${seed})\n`);

function damage(original: Uint8Array): Uint8Array {
  let bytes = Buffer.from(original);
  for (let k = 1 + random.below(4); k > 0; k--) {
    const at = random.below(bytes.length + 1);
    const length = random.below(20);
    const way = random.below(5);
    if (way === 0 && bytes.length > 0) bytes[at % bytes.length] = random.below(256);
    else if (way === 1) bytes = bytes.subarray(0, at);
    else if (way === 2)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + length))]);
    else if (way === 3)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(random.pick(['"', "\n", "<", ">", "&", "\0", ",", "{", "]", "é", "-"])),
        bytes.subarray(at),
      ]);
    else bytes = Buffer.concat([bytes, bytes.subarray(at, at + length * 10)]);
    bytes = Buffer.from(bytes);
  }
  return bytes;
}
