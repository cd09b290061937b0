import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRule, parseRule, TEMPLATE_NAMES, type TemplateName } from "../../src/conformance/declare.ts";
import { discoverRules } from "../../src/conformance/discover-rules.ts";
import { logOf } from "../log-of.ts";
import { anyTrace } from "../random-trees.ts";

/**
 * What each template asks of a trace, as a regular expression over letters (Di Ciccio and Mecella 2015, table
 * 1); activities a and b.
 */
const REGULAR: Partial<Record<TemplateName, RegExp>> = {
  existence: /^.*a.*$/,
  init: /^a.*$/,
  end: /^.*a$/,
  "responded existence": /^[^a]*((a.*b.*)|(b.*a.*))*[^a]*$/,
  "co-existence": /^[^ab]*((a.*b.*)|(b.*a.*))*[^ab]*$/,
  response: /^[^a]*(a.*b)*[^a]*$/,
  "alternate response": /^[^a]*(a[^a]*b[^a]*)*[^a]*$/,
  "chain response": /^[^a]*(ab[^a]*)*[^a]*$/,
  precedence: /^[^b]*(a.*b)*[^b]*$/,
  "alternate precedence": /^[^b]*(a[^b]*b[^b]*)*[^b]*$/,
  "chain precedence": /^[^b]*(ab[^b]*)*[^b]*$/,
  succession: /^[^ab]*(a.*b)*[^ab]*$/,
  "alternate succession": /^[^ab]*(a[^ab]*b[^ab]*)*[^ab]*$/,
  "chain succession": /^[^ab]*(ab[^ab]*)*[^ab]*$/,
  "not co-existence": /^[^ab]*((a[^b]*)|(b[^a]*))?$/,
  "not succession": /^[^a]*(a[^b]*)*[^ab]*$/,
  "not chain succession": /^[^a]*(a+[^ab][^a]*)*([^a]*|a+)$/,
  choice: /^.*[ab].*$/,
  "exclusive choice": /^([^b]*a[^b]*)$|^([^a]*b[^a]*)$/,
};

describe("templates hold where their published regular expression matches", () => {
  test.each(Object.entries(REGULAR))("%s", (template, expression) => {
    fc.assert(
      fc.property(
        anyTrace(["a", "b", "c"], 7).filter((trace) => trace.length > 0),
        (trace) => {
          const log = logOf(trace.join(" "), "a b"); // the second case so that both activities exist
          const { violatedCases } = checkRule(log, {
            template: template as TemplateName,
            activation: ["a"],
            target: template === "existence" || template === "init" || template === "end" ? [] : ["b"],
          });
          expect(!violatedCases.includes(0), trace.join("")).toBe(expression!.test(trace.join("")));
        },
      ),
      { numRuns: 400, seed: 41 },
    );
  });

  test("every template but the counting ones has its expression here", () => {
    expect(TEMPLATE_NAMES.filter((name) => !REGULAR[name])).toEqual(["absence", "exactly"]);
  });
});

test("discovered rules have the support and confidence that checking them gives", () => {
  fc.assert(
    fc.property(
      fc.array(
        anyTrace(["a", "b", "c", "d"], 6).filter((trace) => trace.length > 0),
        { minLength: 1, maxLength: 8 },
      ),
      (traces) => {
        const log = logOf(...traces.map((trace) => trace.join(" ")));
        for (const { rule, activatedCases, satisfiedCases } of discoverRules(log, {
          minSupport: 0,
          minConfidence: 0.5,
        })) {
          const checked = checkRule(log, rule);
          expect([rule, checked.activatedCases, checked.satisfiedCases]).toEqual([
            rule,
            activatedCases,
            satisfiedCases,
          ]);
        }
      },
    ),
    { numRuns: 400, seed: 42 },
  );
});

test("what follows is said with how long it usually takes: 95 % of the times to the first one behind", () => {
  // steps are one hour apart: B follows A after one hour in 19 cases, after two in one
  const log = logOf(...Array.from({ length: 19 }, () => "A B"), "A C B");
  const rule = discoverRules(log).find(({ rule: r }) => r.activation[0] === "A" && r.target[0] === "B");
  expect(rule!.usuallyWithinMs).toBeCloseTo(3_600_000 * 1.05, 3);
  expect(
    checkRule(log, { ...rule!.rule, within: { atLeast: 0, atMost: 3_600_000 } }).violations,
  ).toBeGreaterThan(0);
});

test("the strongest rule of a family stands for the weaker ones", () => {
  const found = discoverRules(logOf("A B C", "A B C", "A B B C")).map(({ statement }) => statement);
  expect(found).toContain('"A" and "C" alternate, "A" first');
  expect(found).not.toContain('after "A", "C" follows');
});

describe("rules as text", () => {
  test("branches, times and spans", () => {
    expect(parseRule('response("Pay, net", B | C, 0..48h)', "rule")).toEqual({
      template: "response",
      activation: ["Pay, net"],
      target: ["B", "C"],
      within: { atLeast: 0, atMost: 48 * 3_600_000 },
    });
    expect(parseRule("existence(A, 2)", "rule")).toEqual({
      template: "existence",
      activation: ["A"],
      target: [],
      times: 2,
    });
    expect(parseRule("NotCoExistence(A, B)", "rule").template).toBe("not co-existence");
  });

  test("what is wrong is said, with the nearest name", () => {
    expect(() => parseRule("respones(A, B)", "rules.txt, line 3")).toThrow(
      /rules\.txt, line 3: no rule "respones"\. Did you mean "response"\?/,
    );
    expect(() => parseRule("response(A)", "rule")).toThrow(/expected response\(A, B\)/);
    expect(() => checkRule(logOf("Approve"), parseRule("existence(Aprove)", "rule"))).toThrow(
      /no activity "Aprove"\. Did you mean "Approve"\?/,
    );
  });

  test("a span counts from one to the other", () => {
    const log = logOf("A B", "A C B"); // steps are one hour apart
    expect(checkRule(log, parseRule("response(A, B, 0..1h)", "rule")).violatedCases).toEqual(
      Uint32Array.of(1),
    );
    expect(checkRule(log, parseRule("response(A, B, 2..3h)", "rule")).violatedCases).toEqual(
      Uint32Array.of(0),
    );
    expect(checkRule(log, parseRule("response(A, B | C, 0..1h)", "rule")).violations).toBe(0);
  });
});
