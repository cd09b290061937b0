import { join } from "node:path";
import { InputError } from "../input-error.ts";
import { processPlans } from "../simulate/processes.ts";
import { simulate as simulateOrganisation } from "../simulate/simulate.ts";
import { writeProcess } from "../simulate/write.ts";
import type { Command, OptionValues } from "./command.ts";
import { formatCount } from "./terminal.ts";

/** `plumbline simulate OUTDIR`: a sample organisation with known leaks. */
export const simulate: Command = {
  name: "simulate",
  usage: "simulate OUTDIR [--seed 1] [--cases N] [--process NAME] [--clean]",
  summary:
    "Writes a sample organisation: logs, descriptions, records, and a list of the leaks planted in it.",
  options: {
    seed: { value: "N", help: "seed; each one gives a different organisation (default 1)" },
    cases: { value: "N", help: "number of cases per process" },
    process: { value: "NAME", help: "only this process" },
    clean: { help: "without any leak" },
  },
  minArgs: 1,
  maxArgs: 1,
  async run([outDir], options) {
    const seed = wholeNumber(options, "seed", 0) ?? 1;
    const cases = wholeNumber(options, "cases", 1);
    const known = [...new Set(processPlans.flat().map(({ id }) => id))];
    const process_ = options["process"] as string | undefined;
    if (process_ !== undefined && !known.includes(process_)) {
      throw new InputError(
        "unknown-process",
        "--process",
        `--process: expected one of ${known.join(", ")}, got "${process_}".`,
      );
    }
    const processes = simulateOrganisation({
      seed,
      cases,
      process: process_,
      clean: options["clean"] === true,
    });
    for (const simulated of processes) {
      const { directory } = writeProcess(outDir, simulated, seed);
      const leaks = simulated.leaks.map(({ detector }) => detector).join(", ") || "none";
      process.stdout.write(
        `${directory}: ${formatCount(simulated.rows.length)} events of ${formatCount(simulated.cases.length)} cases; planted: ${leaks}\n`,
      );
    }
    process.stdout.write(
      `Audit one with: plumbline audit ${join(outDir, processes[0].plan.id, "log.csv")}\n`,
    );
    return 0;
  },
};

function wholeNumber(options: OptionValues, name: string, least: number): number | undefined {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= 1e7) return value;
  throw new InputError(
    "wrong-option",
    `--${name}`,
    `--${name}: expected a whole number from ${least} to 10,000,000, got "${String(text)}".`,
  );
}
