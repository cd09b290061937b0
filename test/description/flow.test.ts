import { describe, expect, test } from "vitest";
import { flowSchema, treeOfFlow } from "../../src/description/flow.ts";
import { mapActivities } from "../../src/description/map-activities.ts";
import { allNames } from "../../src/eventlog/strings.ts";
import { formatTree } from "../../src/model/process-tree.ts";
import { logOf } from "../log-of.ts";

const problems = (flow: unknown) =>
  flowSchema.safeParse(flow).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("a flow", () => {
  test("reads every block, nested", () => {
    const flow = [
      "A",
      { optional: "B" },
      { choice: ["C", ["D", "E"]] },
      { parallel: ["F", { repeat: "G" }] },
    ];
    expect(problems(flow)).toEqual([]);
    expect(formatTree(treeOfFlow(flowSchema.parse(flow)))).toBe(
      "->( 'A', X( 'B', tau ), X( 'C', ->( 'D', 'E' ) ), +( 'F', *( 'G', tau ) ) )",
    );
  });

  test("reports every problem at its own place", () => {
    expect(problems(["A", { paralel: ["B"] }, null, [{ choice: "C" }], " ", 7])).toEqual([
      '1: expected a step, a list of steps, or one of sequence, choice, parallel, optional, repeat; got "paralel". Did you mean "parallel"?',
      "2: expected a step, got nothing",
      '3.0.choice: expected a list of steps under "choice"',
      "4: expected the name of a step, got blanks",
      "5: expected a step, got 7",
    ]);
  });

  test("with more steps than anybody describes is refused", () => {
    expect(() => treeOfFlow(Array.from({ length: 30_000 }, (_, i) => `s${i}`))).toThrow(
      /at most 20000 steps/,
    );
  });
});

test("activities take the names of the steps that they are mapped to", () => {
  const log = logOf("a b c");
  const mapped = mapActivities(log, { a: "Begin", b: "Begin" });
  expect(Array.from(mapped.activity, (a) => allNames(mapped.activities)[a])).toEqual(["Begin", "Begin", "c"]);
  expect(mapActivities(log, {})).toBe(log);
});
