import { createHash } from "node:crypto";
import { ruleInWords } from "../description/compare-descriptions.ts";
import { describeDuration } from "../description/duration.ts";
import { describeTests } from "../evidence/described.ts";
import type { Rule } from "../description/description.ts";
import type { Claim } from "./claims.ts";

/**
 * The id that a claim of a description had before ids were hashes of keys, when they were hashes of these
 * sentences: histories that the command line keeps in files still name claims by it. Undefined for claims
 * whose id has not changed. The sentences are never shown and never change.
 */
export function earlierId({ source, says }: Pick<Claim, "source" | "says">): string | undefined {
  const sentence = sentenceOf(says);
  return sentence === undefined
    ? undefined
    : createHash("sha256").update(`${source}\u0000${sentence}`).digest("hex").slice(0, 10);
}

const where = ({ when }: Pick<Rule, "when">) => {
  const tests = describeTests(when);
  return tests === "" ? "" : ` where ${tests}`;
};

function sentenceOf(says: Claim["says"]): string | undefined {
  switch (says.kind) {
    case "process seen":
      return "The log shows the described process.";
    case "step done":
      return `"${says.step}" is done in every case that goes past it.`;
    case "step happens":
      return `"${says.step}" happens.`;
    case "step by role":
      return `"${says.step}" is done by ${says.role}.`;
    case "field filled":
      return `"${says.column}" is filled when "${says.step}" is done.`;
    case "step in time":
      return `"${says.step}" is done within ${describeDuration(says.within)}.`;
    case "order":
      return `"${says.first}" comes before "${says.later}".`;
    case "before":
      return `Always ${[says.rule.must]
        .flat()
        .map((must) => `"${must}"`)
        .join(" or ")} before "${says.rule.before}"${where(says.rule)}.`;
    case "separate":
      return `Nobody does both "${says.first}" and "${says.second}" of one case.`;
    case "limit":
      return `Nobody does "${says.step}" above their limit.`;
    case "deadline": {
      const { deadline, by, within, after } = says.rule;
      const terms =
        by !== undefined
          ? `by "${by}"`
          : `within ${describeDuration(within!)} of ${after === undefined ? "the begin" : `"${after}"`}`;
      return `"${deadline}" is done ${terms}${where(says.rule)}.`;
    }
    case "rule":
      return `${ruleInWords(says.rule)}.`;
    default:
      return undefined;
  }
}
