import { basename } from "node:path";
import { didYouMean, InputError } from "../input-error.ts";
import { asItStands } from "../readiness/as-it-stands.ts";
import { gateOf } from "../readiness/gate.ts";
import type { Command } from "./command.ts";
import { keptAudit } from "./kept-audit.ts";
import { printable, wrap } from "./terminal.ts";

/** `plumbline gate PROCESS STEP`: whether a machine may do a step, by the latest audit. */
export const gate: Command = {
  name: "gate",
  usage: "gate PROCESS STEP [--from audit.json] [--json]",
  summary: "Says whether a machine may do a step yet, according to the latest audit, and why.",
  options: {
    from: { value: "F", help: "audit to read (default: the latest)" },
    json: { help: "one JSON document on standard output" },
  },
  exitCodes: { 3: "the gate is closed" },
  minArgs: 2,
  maxArgs: 2,
  async run([process_, wanted], options) {
    const audit = keptAudit(options["from"] as string | undefined);
    const file = basename(audit.source).replace(/\.[\w.]+$/, "");
    const name = audit.description?.process ?? file;
    if (![name, file, audit.source].includes(process_))
      throw new InputError(
        "unknown-process",
        process_,
        `The latest audit is of "${name}" (${audit.source}), not of "${process_}". Audit that one, or name its audit with --from.`,
      );
    if (!audit.readiness)
      throw new InputError(
        "not-judged",
        process_,
        `The audit of "${name}" was made by a version that did not judge readiness. Audit it again.`,
      );
    const step = asItStands(audit.readiness).find(
      (one) => one.step === wanted || one.activities.includes(wanted),
    );
    if (!step) {
      const known = audit.readiness.map((one) => one.step);
      const near = didYouMean(wanted, known);
      throw new InputError(
        "unknown-step",
        wanted,
        `"${name}" has no step "${wanted}".${near ? ` Did you mean "${near}"?` : ""} Known: ${known.slice(0, 20).join(", ")}.`,
      );
    }
    const answer = gateOf(name, step, audit.at);
    if (options["json"]) process.stdout.write(`${JSON.stringify(answer)}\n`);
    else
      process.stdout.write(
        printable(
          [
            `${answer.open ? "Open" : "Closed"}: ${step.step} (${answer.verdict})`,
            wrap(step.sentence, 100),
            ...step.actions.map(({ text, decides, effort }) =>
              wrap(`- ${text} Takes ${effort}; decided by: ${decides}.`, 100),
            ),
            ...(step.claims.some(({ toSay }) => toSay)
              ? [wrap("In the description, task: and undo: of the step say it.", 100)]
              : []),
            "",
          ].join("\n"),
        ),
      );
    return answer.open ? 0 : 3;
  },
};
