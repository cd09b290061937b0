import type { Description } from "./description.ts";
import type { Flow } from "./flow.ts";

/** A draft from prose, and what of the text it could not use. */
export interface TextDraft {
  description: Description;
  notes: string[];
}

/** Verbs of office work in their plain form; what is no verb here begins no step. */
const VERBS =
  "accept acknowledge add adjust allocate analyse analyze answer apply approve archive arrange ask assess assign attach audit authorise authorize award bill book calculate call cancel capture categorise categorize certify change check choose clarify classify clear close code collect compare complete confirm contact convert copy correct count create deactivate decide decline define delete deliver determine discuss dispatch distribute document draft edit enter escalate evaluate examine execute extract file fill finalise finalize forward generate get give grant handle hand identify implement import inform inspect install interview investigate invite invoice issue label list load log make match measure merge monitor negotiate note notify obtain offer open order organise organize pack pay perform pick place plan post prepare present print prioritise prioritize process procure produce propose provide publish purchase put quote raise read receive recommend reconcile record register reimburse reject release remind remove renew repair reply report request require reserve resolve respond retrieve return review revise revoke route run save scan schedule screen search select sell send separate set settle ship sign sort specify split start stop store submit supervise supply support take tell test track train transfer translate triage update upload validate verify visit wait weigh withdraw write".split(
    " ",
  );
const BASE = new Map<string, string>(
  VERBS.flatMap((verb) => forms(verb).map((form) => [form, verb] as const)),
);
const PAST = new Map<string, string>([
  ...VERBS.flatMap((verb) => pastForms(verb).map((form) => [form, verb] as const)),
  ["paid", "pay"],
  ["sent", "send"],
  ["given", "give"],
  ["made", "make"],
  ["written", "write"],
  ["taken", "take"],
  ["chosen", "choose"],
  ["read", "read"],
  ["put", "put"],
  ["set", "set"],
]);

function forms(verb: string): string[] {
  if (/(s|x|z|ch|sh|o)$/.test(verb)) return [verb, `${verb}es`];
  return /[^aeiou]y$/.test(verb) ? [verb, `${verb.slice(0, -1)}ies`] : [verb, `${verb}s`];
}

function pastForms(verb: string): string[] {
  if (verb.endsWith("e")) return [`${verb}d`];
  if (/[^aeiou]y$/.test(verb)) return [`${verb.slice(0, -1)}ied`];
  return [`${verb}ed`, `${verb}${verb.at(-1)}ed`];
}

const CONDITION =
  /^(if|when|whenever|in case|where|unless|for (?:orders|requests|amounts|claims|invoices|cases|purchases)[^,]*(?:above|over|below|more than|less than)[^,]*|optionally|sometimes|if necessary|if needed|occasionally)\b/i;
const TOGETHER = /^(meanwhile|in parallel|at the same time|simultaneously|in the meantime)\b/i;
const FILLER =
  /^(then|next|finally|first|firstly|secondly|thirdly|afterwards?|after that|after this|subsequently|lastly|in the end|now|once (?:this|that) is done|as a (?:first|last|next) step)\b[\s,]*/i;
const REPEATS = /\b(repeat|again until|until (?:it is|they are|everything)|as often as)\b/i;

/**
 * A draft from prose or a numbered procedure, in English: who does what in which order. Sentences with a verb
 * of office work become steps ("The AP clerk checks the invoice and records it" gives two, of AP clerk); a
 * condition at the beginning makes a step optional, "meanwhile" sets it beside the one before. What could not
 * be read as a step is in the notes, with its line: a draft is for somebody to correct. Text is only ever
 * data.
 */
export function draftFromText(text: string, name: string): TextDraft {
  const flow: Flow[] = [];
  const steps: NonNullable<Description["steps"]> = {};
  const notes: string[] = [];
  let lastRole: string | undefined;
  let lastObject = "";
  for (const { line, sentence } of sentencesOf(text)) {
    const parts = actionsIn(sentence, lastRole, lastObject);
    if (parts.length === 0) {
      if (sentence.split(" ").length > 3)
        notes.push(`line ${line}: no step was read from "${sentence.slice(0, 80)}".`);
      continue;
    }
    const own: Flow[] = [];
    for (const { step, role, object } of parts) {
      if (object !== "") lastObject = object;
      if (role !== undefined) lastRole = role;
      if (!Object.hasOwn(steps, step)) steps[step] = role === undefined ? {} : { role };
      if (/^Approve\b|^Authori[sz]e\b/.test(step)) {
        const before = Object.keys(steps)
          .reverse()
          .find(
            (other) =>
              other !== step && /^(Submit|Request|Create|Record|Enter|Prepare|Raise|Draft)\b/.test(other),
          );
        if (before !== undefined) steps[step].approves = before;
      }
      own.push(step);
    }
    const block: Flow = own.length === 1 ? own[0] : own;
    const lead = sentence.replace(FILLER, "");
    if (CONDITION.test(lead)) flow.push({ optional: block });
    else if (TOGETHER.test(lead) && flow.length > 0) {
      const before = flow.pop()!;
      flow.push(
        typeof before === "object" && !Array.isArray(before) && "parallel" in before
          ? { parallel: [...before.parallel, block] }
          : { parallel: [before, block] },
      );
    } else if (REPEATS.test(sentence)) flow.push({ repeat: block });
    else flow.push(...own);
  }
  const roles = [...new Set(Object.values(steps).flatMap(({ role }) => role ?? []))];
  return {
    description: {
      process: name,
      version: 0,
      ...(roles.length > 0 ? { roles: Object.fromEntries(roles.map((role) => [role, []])) } : {}),
      steps,
      flow: flow.length > 0 ? flow : ["Describe the first step here"],
    },
    notes:
      flow.length > 0
        ? notes
        : [...notes, "No step could be read from this text. Write one sentence a step: who does what."],
  };
}

interface Action {
  step: string;
  role: string | undefined;
  object: string;
}

function sentencesOf(text: string): { line: number; sentence: string }[] {
  return text.split(/\r?\n/).flatMap((raw, i) =>
    (/^\s*(#|={3,}|-{3,})/.test(raw) ? "" : raw)
      .replace(/^\s*(step\s*)?(\d+(\.\d+)*[.):]?|[-*•]|[a-z][.)])\s+/i, "")
      .split(/(?<=[.!?;])\s+/)
      .map((sentence) => sentence.trim().replace(/[.!?;:]+$/, ""))
      .filter((sentence) => sentence !== "")
      .map((sentence) => ({ line: i + 1, sentence })),
  );
}

/** The steps that a sentence names, in its order. */
function actionsIn(sentence: string, lastRole: string | undefined, lastObject: string): Action[] {
  let rest = sentence.replace(FILLER, "");
  if (CONDITION.test(rest))
    rest = rest.includes(",") ? rest.slice(rest.indexOf(",") + 1).trim() : rest.replace(CONDITION, "").trim();
  rest = rest
    .replace(TOGETHER, "")
    .replace(/^[\s,]+/, "")
    .replace(FILLER, "");
  const passive =
    /^(?:the |an? |all |each |every )?(.{2,60}?) (?:is|are|must be|has to be|have to be|shall be|will be|gets?) (?:then |also |finally )?(\w+)(?: (?:by|through) (?:the |an? )?(.+?))?(?: (?:in|into|to|with|within|before|after|using|for|from)\b.*)?$/i.exec(
      rest,
    );
  const verb = passive ? PAST.get(passive[2].toLowerCase()) : undefined;
  if (passive && verb !== undefined) {
    const object = objectOf(passive[1], lastObject);
    return [{ step: stepName(verb, object), role: passive[3] ? roleName(passive[3]) : undefined, object }];
  }
  const words = rest.split(/\s+/);
  const at = words.findIndex((word, i) => {
    const plain = word.toLowerCase().replaceAll(/[^a-z]/g, "");
    // "the order desk": a verb does not follow an article, nor stand in the plain form behind a subject
    return (
      BASE.has(plain) &&
      !/^(the|a|an|this|that|of|for|each|every|new|by)$/i.test(words[i - 1] ?? "") &&
      (i === 0 ||
        plain !== BASE.get(plain) ||
        /^(must|shall|should|will|can|may|to|and)$/i.test(words[i - 1]))
    );
  });
  if (at < 0 || at > 6) return [];
  const subject = words
    .slice(0, at)
    .join(" ")
    .replace(/\b(must|shall|should|will|can|may|has to|have to|needs to|also|then)\b/gi, "")
    .trim();
  const role =
    subject === ""
      ? undefined
      : /^(he|she|they|it|this person|who)$/i.test(subject)
        ? lastRole
        : roleName(subject);
  // "checks the invoice and records it": one step for each verb behind "and"
  const actions: Action[] = [];
  let object = lastObject;
  const clauses = words
    .slice(at)
    .join(" ")
    .split(/,? (?:and then|and|then) (?=\w+)/);
  for (const clause of clauses) {
    const [first, ...others] = clause.split(/\s+/);
    const base = BASE.get(first.toLowerCase().replaceAll(/[^a-z]/g, ""));
    if (base === undefined) {
      const previous = actions.at(-1);
      if (previous) previous.step = `${previous.step} and ${objectOf(clause, "")}`;
      continue;
    }
    object = objectOf(others.join(" "), object);
    actions.push({ step: stepName(base, object), role, object });
  }
  return actions;
}

/** What is worked on, without articles and what follows it; "it" is what was worked on before. */
function objectOf(text: string, before: string): string {
  const plain = text
    .replace(/^(the|a|an|all|each|every|this|that|these|those|his|her|their|its|our)\s+/i, "")
    .replace(/[,(].*$/, "")
    .replace(
      /\s+(to|in|into|on|with|within|by|before|after|using|for|from|at|via|through|against|if|when|as|so|which|that|who|once|until|until)\b.*$/i,
      "",
    )
    .replace(/^(the|a|an)\s+/i, "")
    .trim();
  if (/^(it|them|this|these)?$/i.test(plain)) return before;
  return plain.split(/\s+/).slice(0, 5).join(" ");
}

const stepName = (verb: string, object: string) =>
  `${verb[0].toUpperCase()}${verb.slice(1)}${object === "" ? "" : ` ${object}`}`;

function roleName(text: string): string {
  const plain = text
    .replace(/^(the|a|an|our|each|every|one of the)\s+/i, "")
    .replace(/[,.]$/, "")
    .trim();
  return `${plain[0]?.toUpperCase() ?? ""}${plain.slice(1)}`;
}
