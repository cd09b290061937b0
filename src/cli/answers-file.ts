import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline/promises";
import { stringify } from "yaml";
import { z } from "zod";
import { meaningOf, type Answers } from "../audit/answers.ts";
import { OPENING, questions } from "../audit/questions.ts";
import { InputError } from "../input-error.ts";
import { readYaml } from "./yaml-file.ts";

const schema = z
  .strictObject({
    released: z.boolean().optional(),
    people: z.array(
      z.strictObject({
        by: z.string({ error: "expected the name of who answered" }).min(1),
        role: z.string().optional(),
        answers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      }),
    ),
  })
  .superRefine(({ people }, context) => {
    people.forEach(({ by, answers }, p) => {
      if (people.findIndex((one) => one.by === by) < p)
        context.addIssue({
          code: "custom",
          path: ["people", p, "by"],
          message: `expected each person once, got "${by}" again`,
        });
      for (const [number, answer] of Object.entries(answers)) {
        const question = questions.find((q) => String(q.number) === number);
        if (!question)
          context.addIssue({
            code: "custom",
            path: ["people", p, "answers", number],
            message: `expected the number of a question, 1 to ${questions.length}, got "${number}"`,
          });
        else if (meaningOf(question, asText(answer)) === undefined)
          context.addIssue({
            code: "custom",
            path: ["people", p, "answers", number],
            message: `expected ${question.options.map(({ key }) => key).join(", ")}, or always, mostly, sometimes, no, don't know; got "${String(answer)}"`,
          });
      }
    });
  });

/** YAML reads yes and no as they are meant. */
const asText = (answer: string | number | boolean) =>
  answer === true ? "yes" : answer === false ? "no" : String(answer);

/**
 * The answers of a file: `{released, people: [{by, answers: {8: a, …}}]}`. Throws InputError with every
 * problem at its place.
 */
export function readAnswers(path: string): Answers {
  const { released = false, people } = readYaml(path, schema, "answers file");
  return {
    released,
    people: people.map(({ by, answers }) => ({
      by,
      answers: Object.fromEntries(
        Object.entries(answers).map(([number, answer]) => [number, asText(answer)]),
      ),
    })),
  };
}

/**
 * Asks in the terminal what this person has not answered yet, and saves after every answer, so that whoever
 * stops goes on where they were. An empty line skips a question, "back" goes back one, "stop" ends. Throws
 * InputError where there is no terminal to ask in.
 */
export async function askQuestions(path: string, by: string, openingOnly: boolean): Promise<Answers> {
  const all: Answers = existsSync(path) ? readAnswers(path) : { released: false, people: [] };
  let person = all.people.find((one) => one.by === by);
  if (!person) all.people.push((person = { by, answers: {} }));
  const wanted = questions.filter(({ number }) => !openingOnly || OPENING.includes(number));
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: process.stdin.isTTY,
  });
  const reader = lines[Symbol.asyncIterator]();
  const say = (text: string) => process.stderr.write(text);
  say(
    `${wanted.length} questions, about ${openingOnly ? "three" : "fifteen"} minutes. Answer with a letter; an empty line skips, "back" goes back, "stop" ends. Saved in ${path} after every answer.\n`,
  );
  for (let i = 0; i < wanted.length;) {
    const question = wanted[i];
    if (person.answers[String(question.number)] !== undefined && !revisiting.has(question.number)) {
      i++;
      continue;
    }
    say(`\n${question.number} of 30 · ${question.category}\n${question.question}\n`);
    for (const { key, text } of question.options) say(`  ${key}  ${text}\n`);
    say("> ");
    const { value, done } = await reader.next();
    const answer = done ? "stop" : value.trim();
    if (answer === "stop") break;
    if (answer === "back") {
      i = Math.max(0, i - 1);
      revisiting.add(wanted[i].number);
      continue;
    }
    if (answer === "") {
      i++;
      continue;
    }
    if (meaningOf(question, answer) === undefined) {
      say(`Expected ${question.options.map(({ key }) => key).join(", ")}, got "${answer}".\n`);
      continue;
    }
    person.answers[String(question.number)] = answer;
    revisiting.delete(question.number);
    saveAnswers(path, all);
    i++;
  }
  lines.close();
  const count = Object.keys(person.answers).length;
  say(`\n${count} answered by ${by}, kept in ${path}.\n\n`);
  return all;
}

/** Questions that somebody went back to. */
const revisiting = new Set<number>();

function saveAnswers(path: string, answers: Answers): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, stringify(answers));
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new InputError(
      "unwritable",
      path,
      `The answers cannot be kept in ${path}: ${(cause as Error).message}. Name another file with --answers.`,
      { cause },
    );
  }
}
