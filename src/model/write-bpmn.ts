import { flowsByNode, type BpmnModel, type BpmnNode } from "./bpmn.ts";
import { escapeXml } from "./xml.ts";

const TAGS: Record<BpmnNode["kind"], string> = {
  task: "task",
  start: "startEvent",
  end: "endEvent",
  event: "intermediateThrowEvent",
  exclusive: "exclusiveGateway",
  parallel: "parallelGateway",
  inclusive: "inclusiveGateway",
};

/** A BPMN model as BPMN 2.0 XML with its drawing (diagram interchange), for any BPMN editor. */
export function writeBpmn(model: BpmnModel): string {
  const { name, nodes, flows } = model;
  const { into, out } = flowsByNode(model);
  const lines: string[] = [];
  nodes.forEach((node, n) => {
    const tag = TAGS[node.kind];
    const named = node.name === "" ? "" : ` name="${escapeXml(node.name)}"`;
    const ends = [
      ...into[n].map((f) => `<incoming>flow_${f + 1}</incoming>`),
      ...out[n].map((f) => `<outgoing>flow_${f + 1}</outgoing>`),
    ];
    lines.push(`    <${tag} id="node_${n + 1}"${named}>${ends.join("")}</${tag}>`);
  });
  flows.forEach(({ from, to }, f) => {
    lines.push(
      `    <sequenceFlow id="flow_${f + 1}" sourceRef="node_${from + 1}" targetRef="node_${to + 1}"/>`,
    );
  });
  const shapes = nodes.flatMap(({ bounds, kind }, n) => {
    if (!bounds) return [];
    const marker = kind === "exclusive" ? ' isMarkerVisible="true"' : "";
    const { x, y, width, height } = bounds;
    return [
      `      <bpmndi:BPMNShape id="shape_${n + 1}" bpmnElement="node_${n + 1}"${marker}><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}"/></bpmndi:BPMNShape>`,
    ];
  });
  const edges = flows.flatMap(({ points }, f) =>
    points
      ? [
          `      <bpmndi:BPMNEdge id="edge_${f + 1}" bpmnElement="flow_${f + 1}">${points.map(({ x, y }) => `<di:waypoint x="${x}" y="${y}"/>`).join("")}</bpmndi:BPMNEdge>`,
        ]
      : [],
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="definitions_1" targetNamespace="urn:plumbline">',
    `  <process id="process_1" name="${escapeXml(name)}" isExecutable="false">`,
    ...lines,
    "  </process>",
    '  <bpmndi:BPMNDiagram id="diagram_1">',
    '    <bpmndi:BPMNPlane id="plane_1" bpmnElement="process_1">',
    ...shapes,
    ...edges,
    "    </bpmndi:BPMNPlane>",
    "  </bpmndi:BPMNDiagram>",
    "</definitions>",
    "",
  ].join("\n");
}
