import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Aligner } from "../../src/conformance/align.ts";
import { NetSpace } from "../../src/conformance/net-space.ts";
import { bpmnOfTree } from "../../src/model/bpmn-of-tree.ts";
import { netOfBpmn } from "../../src/model/net-of-bpmn.ts";
import { netOfTree, treeOfNet, type PetriNet } from "../../src/model/petri-net.ts";
import { readPnml, writePnml } from "../../src/model/pnml.ts";
import {
  boundedLanguage,
  canonicalTree,
  formatTree,
  parseTree,
  shortestRun,
  simplifyTree,
  type ProcessTree,
} from "../../src/model/process-tree.ts";
import { readPtml, writePtml } from "../../src/model/ptml.ts";
import { readBpmn } from "../../src/model/read-bpmn.ts";
import { writeBpmn } from "../../src/model/write-bpmn.ts";
import { anyTree } from "../random-trees.ts";

/** Every run of a net of at most `length` visible steps, by playing the token game. */
function languageOfNet(net: PetriNet, length: number): Set<string> | undefined {
  const runs = new Set<string>();
  const seen = new Set<string>();
  const open: [number[], string[]][] = [[net.initial, []]];
  while (open.length > 0) {
    const [marking, run] = open.pop()!;
    const key = `${marking.join(",")}|${run.join("\u001f")}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > 60_000) return undefined;
    if (marking.every((tokens, p) => tokens === net.final[p])) runs.add(run.join("\u001f"));
    for (const { label, inputs, outputs } of net.transitions) {
      if (label !== undefined && run.length === length) continue;
      const next = [...marking];
      for (const p of inputs) next[p]--;
      if (next.some((tokens) => tokens < 0)) continue;
      for (const p of outputs) next[p]++;
      open.push([next, label === undefined ? run : [...run, label]]);
    }
  }
  return runs;
}

function language(tree: ProcessTree, length: number): Set<string> | undefined {
  try {
    return boundedLanguage(tree, length, 3000);
  } catch {
    return undefined;
  }
}

describe("process trees", () => {
  test("what is written is read again, quotes and backslashes included", () => {
    fc.assert(
      fc.property(anyTree(["it's", "a\\b", "x, y", "tau"], 3), (tree) => {
        expect(parseTree(formatTree(tree))).toEqual(tree);
      }),
    );
  });

  test("simplifying and sorting keep the runs", () => {
    fc.assert(
      fc.property(anyTree(["a", "b", "c"], 3), (tree) => {
        const runs = language(tree, 5);
        fc.pre(runs !== undefined);
        expect(language(simplifyTree(tree), 5)).toEqual(runs);
        expect(language(canonicalTree(tree), 5)).toEqual(runs);
        if (runs!.size > 0)
          expect(Math.min(...[...runs!].map((run) => (run === "" ? 0 : run.split("\u001f").length)))).toBe(
            shortestRun(tree),
          );
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test("a text that is no tree is refused with its place", () => {
    expect(() => parseTree("->( 'a', 'b' ")).toThrow(/character 14: expected "," or "\)", got its end/);
    expect(() => parseTree("*( 'a' )")).toThrow(/loop with two children/);
    expect(() => parseTree("'a' 'b'")).toThrow(/character 5: expected nothing more/);
  });
});

describe("Petri nets", () => {
  test("the net of a tree has the runs of the tree", () => {
    fc.assert(
      fc.property(anyTree(["a", "b", "c"], 2), (tree) => {
        const runs = language(tree, 4);
        const played = languageOfNet(netOfTree(tree), 4);
        fc.pre(runs !== undefined && played !== undefined);
        expect(played).toEqual(runs);
      }),
      { numRuns: 400, seed: 4 },
    );
  });

  test("a net of nested blocks folds back into a tree with the same runs", () => {
    fc.assert(
      fc.property(anyTree(["a", "b", "c", "d"], 3), (tree) => {
        const back = treeOfNet(netOfTree(simplifyTree(tree)));
        expect(back).toBeDefined();
        const runs = language(tree, 4);
        fc.pre(runs !== undefined);
        expect(language(back!, 4)).toEqual(runs);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test("a net that is no nesting of blocks has no tree", () => {
    // a and b in parallel, c after a alone, d after both: an N, the smallest thing that no tree says
    const net: PetriNet = {
      name: "N",
      places: ["i", "p1", "p2", "p3", "p4", "p5", "p6", "o"],
      initial: [1, 0, 0, 0, 0, 0, 0, 0],
      final: [0, 0, 0, 0, 0, 0, 0, 1],
      transitions: [
        { id: "s", label: undefined, inputs: [0], outputs: [1, 2] },
        { id: "a", label: "a", inputs: [1], outputs: [3, 4] },
        { id: "b", label: "b", inputs: [2], outputs: [5] },
        { id: "c", label: "c", inputs: [3], outputs: [6] },
        { id: "d", label: "d", inputs: [4, 5, 6], outputs: [7] },
      ],
    };
    net.transitions[4].inputs = [4, 5];
    net.transitions[4].outputs = [7];
    net.transitions[3].outputs = [];
    expect(treeOfNet(net)).toBeUndefined();
  });

  test("PNML is read as it was written", () => {
    fc.assert(
      fc.property(anyTree(["a", '<b> & "c"', "é"], 3), (tree) => {
        const net = netOfTree(simplifyTree(tree));
        const back = readPnml(writePnml(net), "m.pnml");
        expect(back.initial).toEqual(net.initial);
        expect(back.final).toEqual(net.final);
        expect(back.transitions.map(({ label, inputs, outputs }) => [label, inputs, outputs])).toEqual(
          net.transitions.map(({ label, inputs, outputs }) => [label, inputs, outputs]),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("PNML of other tools: CDATA, <value>, line breaks in names; other kinds of nets are refused", () => {
    const net = (inside: string, type = "ptnet", arc = "") =>
      `<pnml><net type="${type}"><place id="i"><initialMarking><value>Default,1</value></initialMarking></place><place id="o"/><transition id="t">${inside}</transition><arc id="a" source="i" target="t">${arc}</arc><arc id="b" source="t" target="o"/></net></pnml>`;
    const label = (text: string) => readPnml(text, "m.pnml").transitions[0].label;
    expect(label(net("<name><text><![CDATA[a & b]]></text></name>"))).toBe("a & b");
    expect(label(net("<name><value>a</value></name>"))).toBe("a");
    expect(label(net("<name><text>a\n  b</text></name>"))).toBe("a b");
    expect(() => readPnml(net("", "symmetricnet"), "m.pnml")).toThrow(/expected a place\/transition net/);
    expect(() => readPnml(net("", "ptnet", "<arctype><text>inhibitor</text></arctype>"), "m.pnml")).toThrow(
      /"inhibitor" is not covered/,
    );
  });

  test("wrong PNML is refused with its line", () => {
    const good = writePnml(netOfTree(parseTree("->( 'a', 'b' )")));
    expect(() => readPnml(good.replace('target="transition_1"', 'target="nowhere"'), "m.pnml")).toThrow(
      /m\.pnml, line \d+: expected an arc between/,
    );
    expect(() => readPnml("<pnml/>", "m.pnml")).toThrow(/expected a <pnml> document with a <net>/);
    expect(() => readPnml('<!DOCTYPE pnml [<!ENTITY a "b">]><pnml/>', "m.pnml")).toThrow(
      /document type declaration/,
    );
    expect(() => readPnml("<pnml><net></pnml>", "m.pnml")).toThrow(/m\.pnml, line 1, column/);
  });
});

test("PTML is read as it was written", () => {
  fc.assert(
    fc.property(anyTree(["a", "b & c", "d"], 3), (tree) => {
      const simple = simplifyTree(tree);
      expect(readPtml(writePtml(simple), "m.ptml")).toEqual(simple);
    }),
    { numRuns: 200 },
  );
  expect(() => readPtml('<ptml><processTree root="n1"><or id="n1"/></processTree></ptml>', "m.ptml")).toThrow(
    /<or>, which is not covered/,
  );
  const tree = (nodes: string, links: string) =>
    `<ptml><processTree root="r"><sequence id="r"/>${nodes}${links}</processTree></ptml>`;
  const link = '<parentsNode sourceId="r" targetId="a"/>';
  expect(() => readPtml(tree('<manualTask id="a" name="A"/>', link + link), "m.ptml")).toThrow(
    /has two parents/,
  );
  expect(() => readPtml(tree('<manualTask id="a" name=" "/>', link), "m.ptml")).toThrow(
    /expected a task with a name/,
  );
});

describe("BPMN", () => {
  test("what is exported comes back with the same runs", () => {
    fc.assert(
      fc.property(anyTree(["a", "b", "c", "d"], 3), (tree) => {
        const simple = simplifyTree(tree);
        fc.pre(simple.kind !== "silent"); // an empty process is refused
        const { model, notes } = readBpmn(writeBpmn(bpmnOfTree(simple)), "m.bpmn");
        expect(notes).toEqual([]);
        const back = treeOfNet(netOfBpmn(model));
        expect(back).toBeDefined();
        const runs = language(simple, 4);
        fc.pre(runs !== undefined);
        expect(language(back!, 4)).toEqual(runs);
      }),
      { numRuns: 400, seed: 6 },
    );
  });

  test("boxes never overlap, and no line runs through a box that it does not belong to", () => {
    fc.assert(
      fc.property(anyTree(["a", "b", "c", "d"], 4), (tree) => {
        const { nodes, flows } = bpmnOfTree(simplifyTree(tree));
        nodes.forEach(({ bounds: a }, i) => {
          nodes.slice(i + 1).forEach(({ bounds: b }) => {
            const apart =
              a!.x + a!.width <= b!.x ||
              b!.x + b!.width <= a!.x ||
              a!.y + a!.height <= b!.y ||
              b!.y + b!.height <= a!.y;
            expect(apart).toBe(true);
          });
        });
        for (const { from, to, points } of flows) {
          for (let k = 1; k < points!.length; k++) {
            const [p, q] = [points![k - 1], points![k]];
            expect(p.x === q.x || p.y === q.y, "lines are level or upright").toBe(true);
            nodes.forEach(({ bounds }, n) => {
              if (n === from || n === to) return;
              const { x, y, width, height } = bounds!;
              const through =
                Math.max(p.x, q.x) > x &&
                Math.min(p.x, q.x) < x + width &&
                Math.max(p.y, q.y) > y &&
                Math.min(p.y, q.y) < y + height;
              expect(through).toBe(false);
            });
          }
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  const process = (inside: string, around = "") =>
    `<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">${around}<bpmn:process id="p" name="P">${inside}</bpmn:process></bpmn:definitions>`;
  const flow = (...pairs: string[]) =>
    pairs
      .map(
        (pair, i) =>
          `<bpmn:sequenceFlow id="f${i}" sourceRef="${pair.split(">")[0]}" targetRef="${pair.split(">")[1]}"/>`,
      )
      .join("");
  const runsOf = (xml: string, length = 4, isActivity?: (name: string) => boolean) => {
    const runs = languageOfNet(netOfBpmn(readBpmn(xml, "m.bpmn").model, isActivity), length)!;
    return [...runs].map((run) => run.replaceAll("\u001f", " ")).sort();
  };
  const task = (id: string, inside = "") =>
    `<bpmn:userTask id="${id}" name="${id}">${inside}</bpmn:userTask>`;

  test("an inclusive gateway takes any branches but none, and joins what was taken", () => {
    const xml = process(
      `<bpmn:startEvent id="s"/><bpmn:inclusiveGateway id="g"/>${task("a")}${task("b")}<bpmn:inclusiveGateway id="j"/>${task("c")}<bpmn:endEvent id="e"/>` +
        flow("s>g", "g>a", "g>b", "a>j", "b>j", "j>c", "c>e"),
    );
    expect(runsOf(xml)).toEqual(["a b c", "a c", "b a c", "b c"]);
    // branches that never come together: any of them, each for itself
    const open = process(
      `<bpmn:inclusiveGateway id="g" name="which?"/>${task("a")}${task("b")}${flow("g>a", "g>b")}`,
    );
    expect(runsOf(open)).toEqual(["a", "a b", "b", "b a"]);
    // the default branch only when no other is taken
    const byDefault = xml.replace(
      '<bpmn:inclusiveGateway id="g"/>',
      '<bpmn:inclusiveGateway id="g" default="f2"/>',
    );
    expect(runsOf(byDefault)).toEqual(["a c", "b c"]);
  });

  test("loop markers, several instances, boundary events, subprocesses, several starts and ends", () => {
    const loop = process(`${task("a", "<bpmn:standardLoopCharacteristics/>")}${task("b")}${flow("a>b")}`);
    expect(runsOf(loop, 3)).toEqual(["a a b", "a b"]);
    const before = process(
      `${task("a", '<bpmn:standardLoopCharacteristics testBefore="true"/>')}${task("b")}${flow("a>b")}`,
    );
    expect(runsOf(before, 3)).toEqual(["a a b", "a b", "b"]);
    const many = readBpmn(process(`${task("a", "<bpmn:multiInstanceLoopCharacteristics/>")}`), "m.bpmn");
    expect(many.notes).toEqual(['"a" runs in several instances; read as repeated one or more times.']);
    const boundary = process(
      `${task("a")}${task("b")}${task("c")}<bpmn:boundaryEvent id="t" name="too late" attachedToRef="a"/>${flow("a>b", "t>c")}`,
    );
    expect(runsOf(boundary)).toEqual(["a b", "c"]);
    const nested = process(
      `${task("a")}<bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/>${task("b")}${task("c")}<bpmn:endEvent id="e2"/><bpmn:sequenceFlow id="x1" sourceRef="s2" targetRef="b"/><bpmn:sequenceFlow id="x2" sourceRef="b" targetRef="c"/><bpmn:sequenceFlow id="x3" sourceRef="c" targetRef="e2"/></bpmn:subProcess>${task("d")}` +
        flow("a>sub", "sub>d"),
    );
    expect(runsOf(nested)).toEqual(["a b c d"]);
  });

  test("parallel branches that end apart, links, and ends that stop everything", () => {
    const apart = process(
      `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="g"/>${task("a")}${task("b")}<bpmn:endEvent id="e1"/><bpmn:endEvent id="e2"/>${flow("s>g", "g>a", "g>b", "a>e1", "b>e2")}`,
    );
    expect(runsOf(apart)).toEqual(["a b", "b a"]);
    const link = (id: string, kind: string) =>
      `<bpmn:intermediate${kind}Event id="${id}"><bpmn:linkEventDefinition name="L"/></bpmn:intermediate${kind}Event>`;
    const linked = process(
      `${task("a")}${link("t", "Throw")}${link("c", "Catch")}${task("b")}${flow("a>t", "c>b")}`,
    );
    expect(runsOf(linked)).toEqual(["a b"]);
    const both = process(
      `<bpmn:startEvent id="s"/><bpmn:parallelGateway id="g"/>${task("a")}${task("b")}${task("c")}<bpmn:endEvent id="e1"/><bpmn:endEvent id="e2"><bpmn:terminateEventDefinition/></bpmn:endEvent>${flow("s>g", "g>a", "g>b", "b>c", "c>e1", "a>e2")}`,
    );
    // a stops the other branch wherever it is, and nothing stops before a
    const space = new NetSpace(netOfBpmn(readBpmn(both, "m.bpmn").model));
    const costOf = (text: string) =>
      new Aligner(space).align(
        Int32Array.from(text.split(" "), (name) => space.labels.indexOf(name)),
        text.split(" "),
      ).cost;
    expect(["a", "b a", "b c a", "a b"].map(costOf)).toEqual([0, 0, 0, 0]);
    expect(["c a", "b", "b c"].map(costOf)).toEqual([1, 1, 1]);
    const stop = readBpmn(
      process(
        `${task("a")}<bpmn:endEvent id="e" name="Stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>${flow("a>e")}`,
      ),
      "m.bpmn",
    );
    expect(stop.notes).toEqual([]);
  });

  test("an inclusive gateway that joins what a parallel one has split waits for all, what an exclusive one has split for one", () => {
    const joined = (kind: string) =>
      process(
        `<bpmn:startEvent id="s"/><bpmn:${kind}Gateway id="g"/>${task("a")}${task("b")}<bpmn:inclusiveGateway id="j"/>${task("c")}${flow("s>g", "g>a", "g>b", "a>j", "b>j", "j>c")}`,
      );
    expect(runsOf(joined("parallel"))).toEqual(["a b c", "b a c"]);
    expect(runsOf(joined("exclusive"))).toEqual(["a c", "b c"]);
  });

  test("two inclusive gateways that share a join are refused, and so are ids used twice", () => {
    const shared = process(
      `<bpmn:exclusiveGateway id="x"/><bpmn:inclusiveGateway id="g" name="one"/><bpmn:inclusiveGateway id="h" name="two"/>${task("a")}${task("b")}<bpmn:inclusiveGateway id="j"/>${task("c")}${flow("x>g", "x>h", "g>a", "g>b", "h>a", "h>b", "a>j", "b>j", "j>c")}`,
    );
    expect(() => netOfBpmn(readBpmn(shared, "m.bpmn").model)).toThrow(/"two" shares its join with "one"/);
    expect(() => readBpmn(process(`${task("a")}${task("a")}`), "m.bpmn")).toThrow(/got "a" a second time/);
  });

  test("named events count where the log has them", () => {
    const xml = process(
      `${task("a")}<bpmn:intermediateCatchEvent id="e" name="Answer received"/>${task("b")}${flow("a>e", "e>b")}`,
    );
    expect(runsOf(xml)).toEqual(["a b"]);
    expect(runsOf(xml, 4, (name) => name === "Answer received")).toEqual(["a Answer received b", "a b"]);
  });

  test("lanes are roles, several pools must be chosen from, and what plays no part is named", () => {
    const lanes = process(
      `<bpmn:laneSet><bpmn:lane id="l" name="Buyer"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>${task("a")}${task("b")}<bpmn:dataObjectReference id="d"/><bpmn:textAnnotation id="n"/>${flow("a>b")}`,
    );
    const { model, notes } = readBpmn(lanes, "m.bpmn");
    expect(model.nodes.map(({ name, role }) => [name, role]).slice(0, 2)).toEqual([
      ["a", "Buyer"],
      ["b", undefined],
    ]);
    expect(notes).toEqual([
      "Without a part in the order of work: 1 × dataObjectReference, 1 × textAnnotation.",
    ]);
    const pools = process(
      task("a"),
      `<bpmn:collaboration><bpmn:participant id="x" name="We" processRef="p"/><bpmn:participant id="y" name="They" processRef="q"/></bpmn:collaboration><bpmn:process id="q">${task("z")}</bpmn:process>`,
    );
    expect(() => readBpmn(pools, "m.bpmn")).toThrow(
      /expected one pool, got "They" \(q\), "We" \(p\)\. Name one, or its id, with \uFDD4--pool/,
    );
    expect(readBpmn(pools, "m.bpmn", "We").model.nodes[0].name).toBe("a");
  });

  test("what is not covered is refused by name and line", () => {
    expect(() =>
      readBpmn(process(`\n<bpmn:complexGateway id="g" name="odd"/>${task("a")}`), "m.bpmn"),
    ).toThrow(/m\.bpmn, line 2: a complex gateway \("odd"\) is not covered/);
    expect(() =>
      readBpmn(process(`${task("a")}<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="zz"/>`), "m.bpmn"),
    ).toThrow(/got "a" to "zz"/);
    expect(() => readBpmn(process(""), "m.bpmn")).toThrow(/expected a process with steps, got none/);
  });
});
