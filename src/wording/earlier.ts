/**
 * Sentences that versions before 0009 kept in audits, with the options of the command line and the syntax of
 * rules in them. They are shown as they were kept, without these; nothing new is written this way, and the
 * next audit of a process replaces them by values.
 */
export const earlierWords = (sentence: string): string =>
  sentence
    .replaceAll(/\s*\((?:[^()]*\s)?--[^()]*\)/g, "")
    .replaceAll(/\s*\(plumbline [^()]*\)/g, "")
    .replaceAll(/\s*\((?:mapping|approves|needs|task|undo): …\)/g, "")
    .replaceAll(/[,;]? ?(?:with|by|pass|give|name (?:it|them) with) --[\w-]+/g, "")
    .replaceAll(
      /(?:a description with )?a rule like \{ (\w+):.*? \}(?: in the description)?/g,
      (_, key: string) => `a rule in the description: ${RULES[key] ?? key}`,
    );

const RULES: Record<string, string> = {
  separate: "two steps that one person may not both do",
  limit: "a limit up to which somebody may approve",
  splitLimit: "a limit that splitting must not evade",
  deadline: "a step that must be done in time",
  before: "a step that must come before another",
  authoritative: "the source that is right for a column",
};

/** What versions before 0009 kept of a claim in words, in place of values. */
export interface EarlierClaim {
  statement: string;
  saidBy: string;
  check: string;
  needs: string[];
}
