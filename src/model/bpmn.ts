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
  /** the lane it lies in */
  role?: string;
  bounds?: Bounds;
}

/** A sequence flow between two nodes, by their numbers. */
export interface BpmnFlow {
  from: number;
  to: number;
  points?: Point[];
}

export interface Point {
  x: number;
  y: number;
}

export interface Bounds extends Point {
  width: number;
  height: number;
}
