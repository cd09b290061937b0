import { basename } from "node:path";
import { parseDocument, stringify } from "yaml";
import { draftFromLog } from "../conformance/draft-from-log.ts";
import { bpmnOfDescription } from "../description/bpmn-description.ts";
import { differencesBetween, ruleInWords } from "../description/compare-descriptions.ts";
import { allSteps, descriptionJsonSchema, type Description } from "../description/description.ts";
import { draftFromText } from "../description/draft-from-text.ts";
import { fingerprint } from "../description/read-description.ts";
import { inductiveMiner } from "../discovery/inductive-miner.ts";
import { InputError } from "../input-error.ts";
import type { Command } from "./command.ts";
import { readDescription } from "./description-file.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { documentText, MOST_BYTES } from "../documents/document-text.ts";
import { readBytes, readText } from "./read-text.ts";
import { countOf, printable } from "./terminal.ts";
import { numberOption } from "./number-option.ts";
import { writeOutput } from "./write-output.ts";

/** `plumbline describe`: checks, drafts, compares, converts and signs descriptions. */
export const describe: Command = {
  name: "describe",
  usage:
    "describe DESCRIPTION|MODEL.bpmn|PROCEDURE.txt|LOG [--out F] [--bpmn F] [--diff OLDER] [--sign NAME] [--schema]",
  summary:
    "Drafts a description from a log or a written procedure; checks, compares, signs and converts one (YAML, BPMN).",
  options: {
    out: { value: "F", help: "write the description as YAML" },
    bpmn: { value: "F", help: "write the description as BPMN 2.0, without loss" },
    diff: { value: "OLDER", help: "list the differences from an older description in sentences" },
    sign: { value: "NAME", help: "sign off the YAML file with today's date; later changes are detected" },
    names: { help: "name the people who hold each role in a draft from a log" },
    noise: { value: "N", help: "leave paths rarer than this share out of a draft from a log (default 0.2)" },
    pool: { value: "NAME", help: "pool of a BPMN file, if several contain steps" },
    schema: { help: "print the JSON Schema of the format" },
    ...readingOptions,
  },
  minArgs: 0,
  maxArgs: 1,
  async run([path], options) {
    if (options["schema"]) {
      process.stdout.write(`${JSON.stringify(descriptionJsonSchema(), null, 2)}\n`);
      return 0;
    }
    if (path === undefined)
      throw new InputError(
        "wrong-arguments",
        "describe",
        `Expected: plumbline ${describe.usage}. Got no file.`,
      );
    const pool = options["pool"] as string | undefined;
    const isDescription = /\.(ya?ml|bpmn|xml)$/i.test(path);
    let description: Description;
    let notes: string[];
    if (isDescription) ({ description, notes } = readDescription(path, pool));
    else if (/\.(txt|md|docx|odt|pdf)$/i.test(path)) {
      const { text } = await documentText(readBytes(path, "procedure", MOST_BYTES), basename(path));
      ({ description, notes } = draftFromText(text, basename(path).replace(/\.\w+$/, "")));
    } else {
      const { log } = await readLogOf(path, options);
      const noise = numberOption(options, "noise", 0, 1) ?? 0.2;
      const tree = inductiveMiner(log, { noise });
      description = draftFromLog(log, tree, {
        process: basename(path).replace(/\.[\w.]+$/, ""),
        names: options["names"] === true,
      });
      notes = [
        "A draft shows what is done, not what should be. Correct it, add rules and owners, then sign it.",
        "What kind of task each step is (task:), and whether a wrong one can be undone (undo:), only people can say; the gate of a step stays closed until they have.",
      ];
    }
    if (options["sign"] !== undefined && options["out"] !== undefined)
      throw new InputError(
        "wrong-option",
        "--sign",
        "--sign: expected without --out, since it signs the file itself. Write the file first, read it, then sign it.",
      );
    if (typeof options["sign"] === "string") sign(path, description, options["sign"]);
    if (typeof options["diff"] === "string") {
      const older = readDescription(options["diff"], pool).description;
      const lines = differencesBetween(older, description);
      process.stdout.write(
        lines.length === 0 ? "Both say the same.\n" : `${lines.map(printable).join("\n")}\n`,
      );
    }
    if (typeof options["bpmn"] === "string")
      writeOutput(options["bpmn"], "--bpmn", bpmnOfDescription(description), [path]);
    if (typeof options["out"] === "string") writeOutput(options["out"], "--out", yamlOf(description), [path]);
    else if (!isDescription && typeof options["bpmn"] !== "string") process.stdout.write(yamlOf(description));
    else if (typeof options["diff"] !== "string") process.stdout.write(summary(description));
    for (const note of notes) process.stderr.write(`${printable(note)}\n`);
    return 0;
  },
};

const yamlOf = (description: Description) => stringify(description, { lineWidth: 110 });

function summary(description: Description): string {
  const steps = allSteps(description);
  const owned = steps.filter((name) => description.steps?.[name]?.role !== undefined).length;
  const signed = description.signedOff
    ? `signed off by ${description.signedOff.by}, ${description.signedOff.at}`
    : "not signed off";
  const lines = [
    `${description.process}${description.version === undefined ? "" : `, version ${description.version}`}, ${signed}`,
    `${countOf(steps.length, "step")}, ${owned} with an owner role; ${countOf(Object.keys(description.roles ?? {}).length, "role")}; ${countOf(description.rules?.length ?? 0, "rule")}`,
    ...(description.rules ?? []).map((rule) => `  ${ruleInWords(rule)}`),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

/** Writes who signed and what into the file, whose comments and order stay. */
function sign(path: string, description: Description, by: string): void {
  if (by.trim() === "")
    throw new InputError(
      "wrong-option",
      "--sign",
      "--sign: expected the name of the person who signs, got nothing.",
    );
  if (!/\.ya?ml$/i.test(path))
    throw new InputError(
      "wrong-option",
      "--sign",
      `--sign: expected a description as YAML, got ${path}. Write one with --out first.`,
    );
  const document = parseDocument(readText(path, "description"));
  const at = new Date().toISOString().slice(0, 10);
  document.set("signedOff", document.createNode({ by, at, content: fingerprint(description) }));
  writeOutput(path, "--sign", String(document));
  process.stdout.write(`${path}: signed off by ${printable(by)} on ${at}.\n`);
}
