import { checkRule, parseRule, TEMPLATE_NAMES, type DeclareRule } from "../conformance/declare.ts";
import { discoverRules } from "../conformance/discover-rules.ts";
import { nameAt } from "../eventlog/strings.ts";
import { formatDuration } from "../figures.ts";
import { InputError } from "../input-error.ts";
import type { Command, OptionValues } from "./command.ts";
import { shareOption } from "./number-option.ts";
import { readText } from "./read-text.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, table } from "./terminal.ts";

/** `plumbline rules LOG`: rules that the work follows, or how given rules fare. */
export const rules: Command = {
  name: "rules",
  usage:
    'rules LOG [--check "response(A, B)"]… [--file F] [--min-support S] [--min-confidence C] [--json] [reading options]',
  summary: "Finds the rules that the work follows, or checks the rules that you name (Declare).",
  options: {
    check: {
      value: "RULE",
      multiple: true,
      help: `a rule to check: ${TEMPLATE_NAMES.slice(0, 1)[0]}(A), response(A, B), precedence(A, B | C, 0..48h) …`,
    },
    file: { value: "F", help: "file with one rule per line; lines that begin with # are comments" },
    "min-support": {
      value: "0..1",
      help: "minimum share of cases in which a discovered rule is tested and holds (default 0.1)",
    },
    "min-confidence": {
      value: "0..1",
      help: "minimum share of the cases that test a discovered rule in which it holds (default 0.95)",
    },
    json: { help: "one JSON document on standard output, with the cases that break each rule" },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const minSupport = shareOption(options, "min-support");
    const minConfidence = shareOption(options, "min-confidence");
    const given = givenRules(options);
    const { log } = await readLogOf(path, options);
    const seconds = () => Math.round(performance.now() - began) / 1000;
    if (given.length > 0) {
      const checks = given.map((rule) => checkRule(log, rule));
      if (options["json"]) {
        const document = checks.map(({ violatedCases, support, confidence, ...check }) => ({
          ...check,
          support: support ?? null,
          confidence: confidence ?? null,
          caseIds: Array.from(violatedCases, (c) => nameAt(log.caseIds, c)),
        }));
        process.stdout.write(
          JSON.stringify({ rules: document, cases: log.caseCount, seconds: seconds() }) + "\n",
        );
        return 0;
      }
      const rows = checks.map(({ statement, activatedCases, satisfiedCases, violatedCases }) => [
        statement,
        activatedCases === 0
          ? "never tested"
          : `${formatCount(satisfiedCases)} of ${formatCount(activatedCases)} cases (${formatPercent(satisfiedCases / activatedCases)})`,
        Array.from(violatedCases.subarray(0, 3), (c) => nameAt(log.caseIds, c)).join(", "),
      ]);
      process.stdout.write(
        `${table(["rule", "holds in", "broken for example in"], rows)}\nDone in ${seconds()} s.\n`,
      );
      return 0;
    }
    const found = discoverRules(log, {
      ...(minSupport !== undefined && { minSupport }),
      ...(minConfidence !== undefined && { minConfidence }),
    });
    if (options["json"]) {
      process.stdout.write(JSON.stringify({ rules: found, cases: log.caseCount, seconds: seconds() }) + "\n");
      return 0;
    }
    const rows = found
      .slice(0, 40)
      .map(({ statement, satisfiedCases, activatedCases, support, usuallyWithinMs }) => [
        statement,
        `${formatCount(satisfiedCases)} of ${formatCount(activatedCases)}`,
        formatPercent(support),
        usuallyWithinMs === undefined ? "" : formatDuration(usuallyWithinMs),
      ]);
    process.stdout.write(
      `${found.length === 0 ? "No rule reaches the support and confidence asked for; lower --min-support or --min-confidence." : table(["rule", "holds in cases that test it", "of all cases", "95 % within"], rows)}${found.length > 40 ? `\n… and ${formatCount(found.length - 40)} more (--json lists all)` : ""}\nDone in ${seconds()} s.\n`,
    );
    return 0;
  },
};

function givenRules(options: OptionValues): DeclareRule[] {
  const rules = ((options["check"] as string[] | undefined) ?? []).map((text) => parseRule(text, "--check"));
  if (typeof options["file"] !== "string") return rules;
  const path = options["file"];
  const text = readText(path, "file of rules");
  const problems: string[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === "" || line.trim().startsWith("#")) return;
    try {
      rules.push(parseRule(line, `${path}, line ${i + 1}`));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  });
  if (problems.length > 0) throw new InputError("wrong-rule", path, problems.join("\n"));
  return rules;
}
