import { formatCount, formatPercent } from "../format.ts";

export { formatCount, formatPercent };
export { formatTime } from "../format.ts";

/** A text table: columns as wide as their content (on a terminal at most 60 characters), two blanks apart. */
export function table(headings: string[], rows: string[][]): string {
  // a pipe gets everything
  const cut = (text: string) => (process.stdout.isTTY && text.length > 60 ? `${text.slice(0, 59)}…` : text);
  const all = [headings, ...rows].map((row) => row.map(cut));
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
