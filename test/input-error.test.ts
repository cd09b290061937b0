import { describe, expect, test } from "vitest";
import { cited, quoted, reason, withEvidence, withoutValues, withValues } from "../src/input-error.ts";

const message = `a.csv, line 3: expected a time, got "${quoted("31/02/2025 Maria")}". In "${cited("Acme")}".`;

describe("values in a message", () => {
  test("are shown whole, as those of the evidence alone, or not at all", () => {
    expect(withValues(message)).toBe('a.csv, line 3: expected a time, got "31/02/2025 Maria". In "Acme".');
    expect(withEvidence(message)).toBe(
      'a.csv, line 3: expected a time, got a text of 16 characters. In "Acme".',
    );
    expect(withoutValues(message)).toBe(
      "a.csv, line 3: expected a time, got a text of 16 characters. In a text of 4 characters.",
    );
  });

  test.each([
    ["", "nothing"],
    ["-12,5", "a number"],
    ["x", "a text of 1 character"],
    ["😀😀", "a text of 2 characters"],
  ])("%j is %s to whoever may not see it", (value, kind) => {
    expect(withoutValues(`got "${quoted(value)}"`)).toBe(`got ${kind}`);
  });

  test("a reason of another program is said to be there", () => {
    const told = `a.json: the JSON is damaged: ${reason(new Error('Unexpected token "Maria"'))}. Export it again.`;
    expect(withValues(told)).toBe('a.json: the JSON is damaged: Unexpected token "Maria". Export it again.');
    expect(withoutValues(told)).not.toContain("Maria");
    expect(withoutValues(told)).toContain("is shown to those who add evidence. Export it again.");
  });

  test("a value cannot end its own mark, and a mark that was cut off hides what follows", () => {
    const sly = quoted(`a\uFDD3Maria\uFDD2Maria\uFDD0`);
    expect(withoutValues(`got "${sly}", so`)).toBe("got a text of 11 characters, so");
    expect(withoutValues(`got "${quoted("a long name Maria")}" there`.slice(0, 18))).not.toContain("long");
    expect(withoutValues("no mark, \uFDD3 alone")).toBe("no mark,  alone");
  });
});
