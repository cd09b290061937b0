/**
 * Something a person can correct: a wrong file, option or value.
 *
 * `code` is stable and meant for programs; `where` names the file, line, column or option; the message says
 * where, what was expected, what came and what to do next. Leads to exit code 2 (HTTP 4xx on the server).
 * What came is given as `quoted` where it stood in somebody's file: not everybody who reads the message may
 * read that.
 */
export class InputError extends Error {
  readonly code: string;
  readonly where: string;

  constructor(code: string, where: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "InputError";
    this.code = code;
    this.where = where;
  }
}

/**
 * A message may hold a value out of somebody's file. It is marked where the message is worded, and shown or
 * not where the message is: whole with `withValues`, and with what kind of thing it was with `withoutValues`.
 * The marks are noncharacters of Unicode, which no text holds that is exchanged; a value that does all the
 * same loses them.
 */
const [REJECTED, KEPT, INSTEAD, END] = ["\uFDD0", "\uFDD1", "\uFDD2", "\uFDD3"];
const MARKS = /[\uFDD0-\uFDD3]/g;
const marked = (begin: string, value: string, instead = "") =>
  `${begin}${value.replaceAll(MARKS, "")}${instead === "" ? "" : INSTEAD + instead}${END}`;

/**
 * What stood in a file and was not taken, as `got "…"`: for whoever may add evidence, and for nobody else.
 */
export const quoted = (value: string): string => marked(REJECTED, value);

/**
 * A value of the evidence in a statement about it: for members, as cases are, and not for readers from
 * outside.
 */
export const cited = (value: string): string => marked(KEPT, value);

/**
 * What somebody can choose where a file is read, a model imported or a process set up: an option of the
 * command line, a field of a page.
 */
export type Choice =
  | "case"
  | "activity"
  | "time"
  | "start"
  | "time-of-day"
  | "start-time-of-day"
  | "person"
  | "role"
  | "sheet"
  | "object-type"
  | "lifecycle"
  | "classifier"
  | "date-order"
  | "decimal"
  | "time-zone"
  | "encoding"
  | "separator"
  | "pool"
  | "sign"
  | "approvals"
  | "rates";

const [CHOICE, CHOSEN] = ["\uFDD4", "\uFDD5"];
const CHOICES = /\uFDD4--([\w-]+)(?: ([^\uFDD5]*))?\uFDD5/g;

/**
 * A choice named in a message, with what to choose: marked as values are, and worded where the message is
 * shown, by `withChoices`.
 */
export const choose = (choice: Choice, value = ""): string =>
  `${CHOICE}--${choice}${value === "" ? "" : ` ${value}`}${CHOSEN}`;

/** A message with its choices in somebody's words. */
export const withChoices = (message: string, say: (choice: Choice, value: string) => string): string =>
  message.replaceAll(CHOICES, (_, choice: Choice, value = "") => say(choice, value as string));

/** A message with its choices as options of the command line. */
export const withOptions = (message: string): string =>
  withChoices(message, (choice, value) => `--${choice}${value === "" ? "" : ` ${value}`}`);

/** Why something failed in the words of another program, which may quote the file. */
export const reason = (cause: unknown): string =>
  marked(
    REJECTED,
    cause instanceof Error ? cause.message : String(cause),
    "the reason may quote the file and is shown to those who add evidence",
  );

/** A message whole. */
export const withValues = (message: string): string =>
  message.replaceAll(/\uFDD2[^\uFDD3]*/g, "").replaceAll(MARKS, "");

/**
 * A message in which each value that it quotes is replaced by what kind of thing it is. A mark whose end was
 * cut off hides all that follows.
 */
export const withoutValues = (message: string): string =>
  hidden(message, /"?[\uFDD0\uFDD1]([^\uFDD2\uFDD3]*)(?:\uFDD2([^\uFDD3]*))?(?:\uFDD3"?|$)/g);

/** A message with the values of the evidence that it cites, and without those that were never taken. */
export const withEvidence = (message: string): string =>
  hidden(message, /"?\uFDD0([^\uFDD2\uFDD3]*)(?:\uFDD2([^\uFDD3]*))?(?:\uFDD3"?|$)/g);

const hidden = (message: string, pattern: RegExp) =>
  message
    .replaceAll(pattern, (_, value: string, instead?: string) => instead ?? kindOf(value))
    .replaceAll(MARKS, "");

function kindOf(value: string): string {
  if (value === "") return "nothing";
  if (/^[-+]?\d+([.,]\d+)*$/.test(value)) return "a number";
  const { length } = Array.from(value);
  return `a text of ${length} character${length === 1 ? "" : "s"}`;
}

/** Every text in a JSON value, changed. */
export function eachText<T>(value: T, change: (text: string) => string): T {
  const changed = (one: unknown): unknown =>
    typeof one === "string"
      ? change(one)
      : Array.isArray(one)
        ? one.map(changed)
        : one !== null && typeof one === "object" && Object.getPrototypeOf(one) === Object.prototype
          ? Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, changed(inner)]))
          : one;
  return changed(value) as T;
}

/** The known word nearest to a mistyped one, or undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    // as many letters must be added or left out at least
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * The number of single-character insertions, deletions and substitutions between two strings (Levenshtein
 * 1966).
 */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, substitution));
    }
    row = next;
  }
  return row[b.length];
}
