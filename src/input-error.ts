/**
 * Something a person can correct: a wrong file, option or value.
 *
 * `code` is stable and meant for programs; `where` names the file, line, column or option; the message says
 * where, what was expected, what came and what to do next. Leads to exit code 2 (later HTTP 4xx).
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

/** The number of single-character insertions, deletions and substitutions between two strings (Levenshtein 1966). */
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
