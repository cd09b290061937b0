import { meaningOf, type Answers } from "../audit/answers.ts";
import { OPENING, questions, type Meaning } from "../audit/questions.ts";
import type { Wrap } from "./text-report.ts";

/** What each opening answer points to when it is not well, and the evidence that would show it. */
const POINTS: Record<number, { risk: string; bring: string }> = {
  2: {
    risk: "A tool is set up after the description; where daily work goes its own way, it automates a process that nobody runs.",
    bring: "the description (YAML or BPMN) and an export of what happened: case, activity, time",
  },
  8: {
    risk: "What depends on one person stops with them; a tool that hands work to that desk stops there too.",
    bring: "an export with the person of each step, over a year, so that absences show",
  },
  15: {
    risk: "If approvals come after the commitment, a tool that waits for them slows work down, and one that does not makes the gap permanent.",
    bring: "an export with the approval and the order or payment, with times",
  },
  16: {
    risk: "An approval that only one person gives is where automated work will queue.",
    bring: "an export with the approver of each case, and the roles with their deputies",
  },
  21: {
    risk: "What only one person can do is not written anywhere a tool could learn it from.",
    bring: "an export with the person of each step",
  },
  25: {
    risk: "A tool sees what stands in the systems. What comes from mail, sheets and heads it will guess or leave out.",
    bring:
      "the tables that the step reads (invoices, vendors …) and, if it is there, a column that says in which system each step was done",
  },
};

/**
 * The opening of an audit without any evidence: what each of the six answers points to, and what to bring in
 * order to know. One page of text; answers nobody gave count as not known.
 */
export function openingText(answers: Answers, wrap: Wrap, width: number): string {
  const lines = ["Before any evidence: what the six answers point to", ""];
  let open = 0;
  for (const number of OPENING) {
    const question = questions[number - 1];
    const said = answers.people.flatMap(({ answers: own }): Meaning[] => {
      const answer = own[String(number)];
      const means = answer === undefined ? undefined : meaningOf(question, answer);
      return means ? [means] : [];
    });
    const count = (means: Meaning) => said.filter((m) => m === means).length;
    const well = said.length > 0 && count("good") === said.length;
    const differ = count("good") > 0 && count("bad") > 0;
    if (!well) open++;
    const state = well
      ? "said to be well"
      : said.length === 0
        ? "nobody answered"
        : differ
          ? "answers differ"
          : count("unknown") === said.length
            ? "nobody knows"
            : "said not to be well";
    lines.push(wrap(`${number}. ${question.question}`, width), wrap(`${state}.`, width, "   "));
    if (!well) lines.push(wrap(POINTS[number].risk, width, "   "));
    lines.push(
      wrap(`${well ? "To confirm it" : "To see it"}: bring ${POINTS[number].bring}.`, width, "   "),
      "",
    );
  }
  lines.push(
    wrap(
      open === 0
        ? "All six are said to be well. That is what people believe; an export will show whether it is so: plumbline audit LOG --answers F."
        : `${open} of 6 are open. Hold them against an export of the system: plumbline audit LOG --answers F.`,
      width,
    ),
    "",
  );
  return lines.join("\n");
}
