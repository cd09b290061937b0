import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inductiveMiner } from "../../src/discovery/inductive-miner.ts";
import { bpmnOfTree } from "../../src/model/bpmn-of-tree.ts";
import { parseTree, type ProcessTree } from "../../src/model/process-tree.ts";
import { writeBpmn } from "../../src/model/write-bpmn.ts";
import { readLog } from "../../src/formats/index.ts";
import { hasBrowser, startBrowser, whyNoBrowser } from "../browser.ts";
import { shared, whySkipped } from "../shared.ts";

const viewer = createRequire(import.meta.url).resolve("bpmn-js/dist/bpmn-viewer.production.min.js");

describe.skipIf(!hasBrowser)(`BPMN opens in bpmn-js${whyNoBrowser}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  /** Opens the model of a tree; what the editor warns of, and how many shapes it drew. */
  async function open(tree: ProcessTree): Promise<{ warnings: string[]; tasks: string[]; drawn: number }> {
    const page = await browser.newPage();
    await page.setContent('<div id="canvas" style="width:1600px;height:900px"></div>');
    await page.addScriptTag({ content: readFileSync(viewer, "utf8") });
    const result = await page.evaluate(
      async (xml) => {
        interface Shape {
          type: string;
          businessObject: { name?: string };
        }
        interface Viewer {
          importXML(xml: string): Promise<{ warnings: { message: string }[] }>;
          get(name: "elementRegistry"): { getAll(): Shape[] };
        }
        const { BpmnJS } = globalThis as unknown as { BpmnJS: new (options: object) => Viewer };
        const bpmn = new BpmnJS({ container: "#canvas" });
        const { warnings } = await bpmn.importXML(xml);
        const shapes = bpmn.get("elementRegistry").getAll();
        const tasks = shapes
          .filter(({ type }) => type === "bpmn:Task")
          .map(({ businessObject }) => businessObject.name ?? "");
        return { warnings: warnings.map(({ message }) => message), tasks, drawn: shapes.length };
      },
      writeBpmn(bpmnOfTree(tree)),
    );
    await page.close();
    return result;
  }

  test("without warnings, with every task", async () => {
    const { warnings, tasks, drawn } = await open(
      parseTree("->( 'A & B', *( X( 'C', tau ), +( 'D', 'E' ) ) )"),
    );
    expect(warnings).toEqual([]);
    expect(tasks.sort()).toEqual(["A & B", "C", "D", "E"]);
    expect(drawn).toBeGreaterThan(20);
  });

  test.skipIf(!shared).each([
    ["receipt.xes.gz", 27],
    ["sepsis.xes.gz", 16],
    ["helpdesk.xes.gz", 14],
    ["bpic2020_DomesticDeclarations.xes.gz", 14],
    ["bpic2020_PermitLog.xes.gz", 49],
    ["road_traffic_fines.csv.gz", 11],
  ])(`the model of %s, all %i tasks${whySkipped}`, async (name, count) => {
    const { log } = await readLog(`${shared}/data/logs/${name}`, { lifecycle: "events" });
    const { warnings, tasks } = await open(inductiveMiner(log));
    expect([warnings, tasks.length]).toEqual([[], count]);
  });
});
