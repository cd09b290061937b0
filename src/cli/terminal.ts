import { formatCount, formatPercent } from "../figures.ts";

export { formatCount, formatPercent };
export { formatTime } from "../figures.ts";

/**
 * Text as a terminal may show it: characters that steer the terminal, which may stand in a log, are shown as
 * boxes; line breaks stay.
 */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\u25a1");
}

/** "1 case", "1,240 cases" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Names in a sentence, at most 20 of them. */
export function someNames(names: readonly string[]): string {
  const more = names.length - 20;
  return names.slice(0, 20).join(", ") + (more > 0 ? ` and ${formatCount(more)} more` : "");
}

/** A text table: columns as wide as their content (on a terminal at most 60 characters), two blanks apart. */
export function table(headings: string[], rows: string[][]): string {
  // a pipe gets everything
  const cut = (text: string) => (process.stdout.isTTY && text.length > 60 ? `${text.slice(0, 59)}…` : text);
  const all = [headings, ...rows].map((row) =>
    row.map((cell) => cut(printable(cell.replaceAll(/[\r\n\t]+/g, " ")))),
  );
  const widths = headings.map((_, k) => Math.max(...all.map((row) => row[k].length)));
  return all
    .map((row) =>
      row
        .map((cell, k) => cell.padEnd(widths[k]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Text broken into lines of at most `width` characters, each indented. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(indent + line);
  return lines.join("\n");
}
