/**
 * What a tool needs of a process in order to work, as a form says it. Shares from 0 to 1; a step is one of
 * the description, or an activity.
 */
export type Requirement = { id: string } & (
  | { kind: "fields"; step?: string; columns: string[]; share?: number }
  | { kind: "owner"; step: string }
  | { kind: "handoff"; from: string; to: string; share?: number }
  | { kind: "authoritative"; field: string }
  | { kind: "volume"; step?: string; perMonth: number }
  | { kind: "consistency"; step?: string; share?: number }
);

/** The share that a requirement asks for where nobody said one. */
export const USUAL_SHARES = { fields: 0.95, handoff: 0.8, consistency: 0.8 };
