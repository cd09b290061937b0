import { audit } from "./audit.ts";
import { conformance } from "./conformance.ts";
import { detectors } from "./detectors.ts";
import { discovery } from "./discovery.ts";
import { matching } from "./matching.ts";
import { tableErrors } from "./table-errors.ts";
import { intervals } from "./intervals.ts";
import { wholeAudit } from "./whole-audit.ts";
import { server } from "./server.ts";
import { machine } from "./measure.ts";
import { pages } from "./pages.ts";
import { prediction } from "./prediction.ts";
import { whatIf } from "./what-if.ts";
import { reading } from "./reading.ts";
import { rules } from "./rules.ts";
import { xes } from "./xes.ts";

/** Every claim of speed or accuracy and how it is measured: `npm run bench`, or `npm run bench -- NAME …`. */
const benches: Record<string, () => string | Promise<string>> = {
  reading,
  xes,
  discovery,
  conformance,
  prediction,
  "what-if": whatIf,
  audit,
  "whole-audit": wholeAudit,
  detectors,
  rules,
  intervals,
  matching,
  "table-errors": tableErrors,
  server,
  pages,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!Object.hasOwn(benches, name)) {
    process.stderr.write(`No benchmark "${name}". Known: ${Object.keys(benches).join(", ")}.\n`);
    process.exit(2);
  }
}
process.stdout.write(`${machine()}, ${new Date().toISOString().slice(0, 10)}\n`);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n## ${name}\n\n${await bench()}\n`);
}
