/** A BPMN 2.0 process as a graph: what can happen in which order, and where it is drawn. */
export interface BpmnModel {
  name: string;
  nodes: BpmnNode[];
  flows: BpmnFlow[];
}

export interface BpmnNode {
  kind: "task" | "start" | "end" | "event" | "exclusive" | "parallel" | "inclusive";
  /** the empty string where it has none */
  name: string;
  /** an end that stops everything else, too */
  stopsAll?: boolean;
  /** the lane it lies in */
  role?: string;
  bounds?: Bounds;
}

/** A sequence flow between two nodes, by their numbers. */
export interface BpmnFlow {
  from: number;
  to: number;
  /** taken only when no other flow out of the same gateway is */
  isDefault?: boolean;
  points?: Point[];
}

/** The numbers of the flows into and out of each node. One pass. */
export function flowsByNode({ nodes, flows }: BpmnModel): { into: number[][]; out: number[][] } {
  const into: number[][] = nodes.map(() => []);
  const out: number[][] = nodes.map(() => []);
  flows.forEach(({ from, to }, f) => {
    into[to].push(f);
    out[from].push(f);
  });
  return { into, out };
}

export interface Point {
  x: number;
  y: number;
}

export interface Bounds extends Point {
  width: number;
  height: number;
}
