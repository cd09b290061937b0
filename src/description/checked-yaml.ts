import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";
import type { ZodType } from "zod";
import { InputError } from "../input-error.ts";

/**
 * Reads and checks YAML. Throws one InputError that lists every problem with its line and column, whether
 * the YAML is malformed or says something the schema does not know; `path` is how the messages call the text.
 */
export function parseYaml<T>(text: string, path: string, schema: ZodType<T>, what: string): T {
  refuseUnkept(text, path, what);
  const lines = new LineCounter();
  const document = parseWithin(path, what, () =>
    parseDocument(text, { lineCounter: lines, uniqueKeys: false }),
  );
  const problems = document.errors.map(
    (error) =>
      `${path}, line ${error.linePos?.[0].line ?? 1}, column ${error.linePos?.[0].col ?? 1}: ${error.message.split("\n")[0]}`,
  );
  problems.push(...repeatedKeys(document, lines, path), ...unkeptTexts(document, lines, path));
  if (problems.length === 0) {
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      throw new InputError(
        "wrong-yaml",
        path,
        `${path}: ${(cause as Error).message}. Write the values out in the ${what}.`,
        { cause },
      );
    }
    const result = parseWithin(path, what, () => schema.safeParse(value));
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const { path: place, message } = issue;
      const key = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
      const { line, col } =
        (key !== undefined && keyPosition(document, lines, place, key)) || positionOf(document, lines, place);
      problems.push(
        `${path}, line ${line}, column ${col}: ${place.length > 0 ? `"${place.join(".")}": ` : ""}${inWords(message)}`,
      );
    }
  }
  throw new InputError(
    "wrong-yaml",
    path,
    `${problems
      .slice(0, 50)
      .join("\n")
      .replaceAll(
        /[^\P{C}\n]/gu,
        "\u25a1",
      )}\nCorrect ${problems.length === 1 ? "this" : "these"} in the ${what}.`,
  );
}

/**
 * Keys that a map has twice, at the place of the second. One pass; the library's own check grows with the
 * square of a map.
 */
function repeatedKeys(document: Document, lines: LineCounter, path: string): string[] {
  const found: string[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const { line, col } = lines.linePos(key.range?.[0] ?? 0);
          found.push(
            `${path}, line ${line}, column ${col}: Map keys must be unique; "${String(key.value)}" stands twice`,
          );
        }
        seen.add(key.value);
      }
    },
  });
  return found;
}

/**
 * Refuses a text that holds, as it stands, a character that no database keeps: says where the first of each
 * line is.
 */
function refuseUnkept(text: string, path: string, what: string): void {
  if (!text.includes("\u0000") && text.isWellFormed()) return;
  const places: string[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    // what makes no pair is replaced, character by character
    const whole = line.toWellFormed().replaceAll("\u0000", "\ufffd");
    let at = 0;
    while (at < line.length && whole[at] === line[at]) at++;
    if (at < line.length)
      places.push(
        `${path}, line ${i + 1}, column ${at + 1}: expected a text without the character NUL and in which no character is half`,
      );
  }
  throw new InputError(
    "wrong-yaml",
    path,
    `${places.slice(0, 50).join("\n")}\nCorrect ${places.length === 1 ? "this" : "these"} in the ${what}.`,
  );
}

/**
 * Texts with a character that no database keeps (NUL, or half of a pair), which an escape in quotes can make;
 * names and values, each at its place.
 */
function unkeptTexts(document: Document, lines: LineCounter, path: string): string[] {
  const found: string[] = [];
  visit(document, {
    Scalar(_, { value, range }) {
      if (typeof value !== "string" || (!value.includes("\u0000") && value.isWellFormed())) return;
      const { line, col } = lines.linePos(range?.[0] ?? 0);
      found.push(
        `${path}, line ${line}, column ${col}: expected a text without the character NUL and in which no character is half, got "${value.slice(0, 60).toWellFormed()}"`,
      );
    },
  });
  return found;
}

const KINDS: Record<string, string> = {
  object: "names with values (name: value)",
  record: "names with values (name: value)",
  array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
  undefined: "nothing",
  null: "nothing",
};

/** The library's words for a value of the wrong kind, in ours; other messages as they are. */
function inWords(message: string): string {
  const match = /^Invalid input: expected (\w+), received (\w+)$/.exec(message);
  if (!match) return message;
  const [expected, got] = match.slice(1).map((kind) => KINDS[kind] ?? kind);
  return `expected ${expected}, got ${got}`;
}

/** Runs a parser; what nests too deep for it is an error of the file. */
function parseWithin<T>(path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw new InputError(
      "wrong-yaml",
      path,
      `${path}: expected a ${what} that nests a few levels, got one that nests too deep.`,
      { cause },
    );
  }
}

/** Where the key of a map stands in the file. */
function keyPosition(
  document: Document,
  lines: LineCounter,
  place: PropertyKey[],
  key: string,
): { line: number; col: number } | undefined {
  const map = place.length === 0 ? document.contents : document.getIn(place, true);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  const range = isScalar(pair?.key) ? pair.key.range : undefined;
  return range ? lines.linePos(range[0]) : undefined;
}

/** Where a value stands in the file; for a missing one, where its parent does. */
function positionOf(
  document: Document,
  lines: LineCounter,
  place: PropertyKey[],
): { line: number; col: number } {
  for (let depth = place.length; depth >= 0; depth--) {
    const keys = place.slice(0, depth).map((key) => (typeof key === "symbol" ? String(key) : key));
    const node = depth === 0 ? document.contents : document.getIn(keys, true);
    if (isNode(node) && node.range) {
      const first = isMap(node) && depth < place.length ? node.items[0]?.key : node;
      return lines.linePos(isNode(first) && first.range ? first.range[0] : node.range[0]);
    }
  }
  return { line: 1, col: 1 };
}
