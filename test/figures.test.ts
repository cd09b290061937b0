import { expect, test } from "vitest";
import { printable } from "../src/cli/terminal.ts";
import {
  formatDuration,
  formatExactMoney,
  formatMoney,
  formatMoneyRange,
  formatRange,
} from "../src/figures.ts";

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

test("an estimate has three figures, an amount that was counted or given all of them", () => {
  expect(formatMoney(13_769, "EUR")).toBe("EUR 13,800");
  expect(formatMoney(-1_234_567, "EUR")).toBe("\u2212EUR 1,230,000");
  expect(formatMoney(0, "EUR")).toBe("EUR 0");
  expect(formatMoney(45.4, "EUR")).toBe("EUR 45");
  expect(formatExactMoney(13_769.4, "EUR")).toBe("EUR 13,769");
  expect(formatMoneyRange({ low: 11_204, mid: 13_769, high: 16_351 }, "USD")).toBe(
    "USD 13,800 (11,200 to 16,400)",
  );
  expect(formatMoneyRange({ low: 13_769, mid: 13_769, high: 13_769 }, "USD")).toBe("USD 13,769");
  expect(formatRange([-6_904, 3_309])).toBe("\u22126,900 to 3,310");
});

test("what steers a terminal, or turns the direction of text, is shown as a box; lines stay lines", () => {
  expect(printable("a\u001b[31mb\u0007\u009b\u202ec\nd\té")).toBe("a□[31mb□□□c\nd□é");
});
