/** Written forms of "no value". They are read as missing, which the account of the reading says. */
export function isMissingWord(value: string): boolean {
  return value === "" || MISSING_WORDS.has(value) || value.trim() === "";
}

const MISSING_WORDS = new Set(["?", "NULL", "null", "N/A", "n/a", "#N/A", "NaN", "nan", "\\N", "<null>"]);
