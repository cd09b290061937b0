/**
 * A numbered list of names: `at(i)` for 0 ≤ i < length. A plain `string[]` is one; so is a `ByteDictionary`,
 * which decodes a name only when somebody asks for it.
 */
export interface Strings {
  readonly length: number;
  at(index: number): string | undefined;
}

/** The name behind a code; the empty string when there is none. */
export function nameAt(strings: Strings, index: number): string {
  return strings.at(index) ?? "";
}

/** All names as an array: for dictionaries that are known to be small. */
export function allNames(strings: Strings): string[] {
  return Array.from({ length: strings.length }, (_, i) => nameAt(strings, i));
}
