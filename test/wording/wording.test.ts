import { describe, expect, test } from "vitest";
import type { ProcessQuestion, QuestionNumber, SaidBy, Says, StepQuestion } from "../../src/audit/says.ts";
import { CLI_NEEDS, cliNeed } from "../../src/cli/wording.ts";
import { detectors } from "../../src/detectors/index.ts";
import type { Need } from "../../src/evidence/need.ts";
import { choose, type Choice } from "../../src/input-error.ts";
import { FIELDS, onPages } from "../../src/wording/choices.ts";
import { checkOf, saidByInWords, statementOf } from "../../src/wording/claims.ts";
import { NEEDS, needInWords } from "../../src/wording/needs.ts";
import { PROCESS_QUESTIONS, QUESTIONS, STEP_QUESTIONS } from "../../src/wording/questions.ts";
import { NEED_SAMPLES, SAID_BY_SAMPLES, SAYS_SAMPLES } from "./samples.ts";

const needs = Object.values(NEED_SAMPLES).flat() as Need[];
const says: Says[] = [
  ...(Object.values(SAYS_SAMPLES).flat() as Says[]),
  ...Object.keys(QUESTIONS).map((number): Says => ({
    kind: "answer",
    question: Number(number) as QuestionNumber,
    ...(number === "24" ? { column: "reason" } : {}),
  })),
  ...Object.keys(STEP_QUESTIONS).map((asks): Says => ({
    kind: "asked of step",
    asks: asks as StepQuestion,
    step: "Pay invoice",
  })),
  ...Object.keys(PROCESS_QUESTIONS).map((asks): Says => ({
    kind: "asked of process",
    asks: asks as ProcessQuestion,
  })),
];
const section = (heading: string, lines: string[]) =>
  `${heading}\n\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
const pages = [
  section("What is missing", needs.map(needInWords)),
  section(
    "What is said, and how it is tested",
    says.map(
      (one) => `${statementOf(one)} [${checkOf({ says: one, threshold: 0.9, verdict: "confirmed" })}]`,
    ),
  ),
  section("Who says it", (Object.values(SAID_BY_SAMPLES).flat() as SaidBy[]).map(saidByInWords)),
  section(
    "What closes a leak",
    detectors.map(({ title, remedy }) => `${title}: ${remedy.text} (${remedy.effort}; ${remedy.decides})`),
  ),
  section(
    "What can be chosen",
    Object.keys(FIELDS).map((choice) => onPages(choose(choice as Choice, "COLUMN"))),
  ),
].join("\n");

describe("every sentence of the catalogues (renew with -u and read the diff)", () => {
  test("as pages, reports and mails say it", async () => {
    await expect(pages).toMatchFileSnapshot("golden/pages.txt");
  });
  test("as the command line says it", async () => {
    await expect(`${needs.map(cliNeed).join("\n")}\n`).toMatchFileSnapshot("../cli/golden/wording.txt");
  });
});

test("pages name no option and no fragment of a file; the command line has a word for each need too", () => {
  expect(pages.match(/.*(?:--[a-z]|: …|\w+: \[|\{ \w+:|plumbline ).*/g)).toBeNull();
  expect(Object.keys(CLI_NEEDS).sort()).toEqual(Object.keys(NEEDS).sort());
});

test("values that differ are worded apart, and the same value always the same", () => {
  expect(new Set(needs.map(needInWords)).size).toBe(needs.length);
  const statements = says.filter(({ kind }) => kind !== "sentence").map(statementOf);
  expect(statements.filter((one, i) => statements.indexOf(one) !== i)).toEqual([]);
});
