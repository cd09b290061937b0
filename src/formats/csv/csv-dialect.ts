/** How a delimited text file is written. */
export interface CsvDialect {
  separator: string;
  headings: string[];
  /** offset of the first record after the headings, in characters of the text */
  bodyStart: number;
  /** line on which that record begins, counted from 1 */
  bodyLine: number;
}

const SEPARATORS = [",", ";", "\t", "|"];

/**
 * The dialect of a file from its first bytes (UTF-8; `text` is their decoded form): the separator that splits
 * the first records into the same number of fields, most fields first; Excel's leading "sep=;" line is
 * obeyed. Repeated or empty headings get a number, so that each column has a name of its own.
 */
export function detectDialect(text: string, given?: string): CsvDialect {
  let rest = text;
  let skippedLines = 0;
  let skipped = "";
  const bom = rest.startsWith("\uFEFF") ? "\uFEFF" : "";
  rest = rest.slice(bom.length);
  const sep = /^sep=(.)\r?\n/.exec(rest);
  if (sep) {
    [skipped, skippedLines] = [sep[0], 1];
    rest = rest.slice(sep[0].length);
  }
  const separator = given ?? sep?.[1] ?? mostConsistent(rest);
  const first = splitRecords(rest, separator, 1)[0];
  const headings = uniqueNames(first?.fields ?? []);
  const head = bom + skipped + rest.slice(0, first?.end ?? 0);
  const lines = (rest.slice(0, first?.end ?? 0).match(/\r\n|\n|\r/g) ?? []).length;
  return { separator, headings, bodyStart: head.length, bodyLine: 1 + skippedLines + lines };
}

function mostConsistent(text: string): string {
  let best = ",";
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const records = splitRecords(text, separator, 60).filter((record) => record.complete);
    if (records.length === 0) continue;
    const width = records[0].fields.length;
    const same = records.filter((record) => record.fields.length === width).length;
    const score = width < 2 ? 0 : (same / records.length) * (1 + Math.log(width));
    if (score > bestScore) [best, bestScore] = [separator, score];
  }
  return best;
}

interface TextRecord {
  fields: string[];
  /** offset past the record's line break */
  end: number;
  complete: boolean;
}

/**
 * The first `most` records of a text by RFC 4180; blank lines are left out. For samples, not for whole files.
 */
export function splitRecords(text: string, separator: string, most: number): TextRecord[] {
  const records: TextRecord[] = [];
  let i = 0;
  while (i < text.length && records.length < most) {
    const fields: string[] = [];
    let complete = false;
    for (;;) {
      let field = "";
      if (text[i] === '"') {
        i++;
        for (;;) {
          const quote = text.indexOf('"', i);
          if (quote < 0) {
            field += text.slice(i);
            i = text.length;
            break;
          }
          field += text.slice(i, quote);
          i = quote + 1;
          if (text[i] !== '"') break;
          field += '"';
          i++;
        }
      }
      const from = i;
      while (i < text.length && text[i] !== separator && text[i] !== "\n" && text[i] !== "\r") i++;
      fields.push(field + text.slice(from, i));
      if (i >= text.length) break;
      if (text[i] === separator) {
        i++;
        continue;
      }
      i += text[i] === "\r" && text[i + 1] === "\n" ? 2 : 1;
      complete = true;
      break;
    }
    if (fields.length > 1 || fields[0] !== "") records.push({ fields, end: i, complete });
  }
  return records;
}

/** Column names as they stand, trimmed; empty ones and repetitions get a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>(); // and the number that a repetition had last
  return names.map((raw, i) => {
    const base = raw.trim() === "" ? `column ${i + 1}` : raw.trim();
    let name = base;
    if (seen.has(base)) {
      let n = seen.get(base)! + 1;
      while (seen.has(`${base} (${n})`)) n++;
      seen.set(base, n);
      name = `${base} (${n})`;
    }
    seen.set(name, 1);
    return name;
  });
}
