import { expect, test } from "vitest";
import { printable } from "../src/cli/terminal.ts";
import { formatDuration } from "../src/figures.ts";

test.each([
  [0, "0 s"],
  [1_500, "1.5 s"],
  [59_000, "59 s"],
  [60_000, "1 min"],
  [90 * 60_000, "1.5 h"],
  [47 * 3_600_000, "47 h"],
  [48 * 3_600_000, "2 d"],
  [99 * 86_400_000, "99 d"],
  [140 * 86_400_000, "20 weeks"],
])("%d ms reads %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("what steers a terminal, or turns the direction of text, is shown as a box; lines stay lines", () => {
  expect(printable("a\u001b[31mb\u0007\u009b\u202ec\nd\té")).toBe("a□[31mb□□□c\nd□é");
});
