/** What somebody may be in an organisation. */
export const ROLES = [
  "viewer",
  "analyst",
  "process owner",
  "approver",
  "assessor",
  "admin",
  "agent",
] as const;
export type Role = (typeof ROLES)[number];

/** What each role may do: the one place where it is said. A route names the right that it needs. */
export const RIGHTS = {
  "see processes": ["viewer", "analyst", "process owner", "approver", "assessor", "admin", "agent"],
  /** people by name, and not only by role; each look is logged */
  "see names": ["process owner", "admin"],
  "add evidence": ["analyst", "process owner", "admin", "agent"],
  "run audits": ["analyst", "process owner", "admin", "agent"],
  "manage processes": ["analyst", "process owner", "admin"],
  "remove processes": ["admin"],
  describe: ["analyst", "process owner", "admin"],
  "sign descriptions": ["process owner", "admin"],
  /** say in one's own name what kind of task a step is: the gate rests on it */
  "confirm tasks": ["process owner", "admin"],
  /** let a step pass the gate although it is not ready */
  "override the gate": ["process owner", "admin"],
  /** note what becomes of gaps of an implementation, and live with them */
  "decide gaps": ["process owner", "approver", "admin"],
  /** an outsider says whether an inventory is so */
  countersign: ["assessor"],
  "judge findings": ["analyst", "process owner", "admin"],
  answer: ["viewer", "analyst", "process owner", "approver", "admin"],
  "release answers": ["analyst", "admin"],
  "see people": ["process owner", "admin"],
  "manage people": ["admin"],
  "manage tokens": ["admin"],
  "change settings": ["admin"],
  "see the trail": ["assessor", "admin"],
} as const satisfies Record<string, readonly Role[]>;

export type Right = keyof typeof RIGHTS;

/** What a person must do themselves: a program with a token may not, whatever its role. */
export const PEOPLE_ONLY: ReadonlySet<Right> = new Set<Right>([
  "sign descriptions",
  "confirm tasks",
  "override the gate",
  "decide gaps",
  "countersign",
  "judge findings",
  "answer",
  "release answers",
  "see names",
]);

export const may = (role: Role, right: Right): boolean => (RIGHTS[right] as readonly Role[]).includes(role);

/** An outside reader sees neither names nor the ids of cases. */
export const seesCaseIds = (role: Role): boolean => role !== "assessor";

/** Roles that a token for a program may have; people's decisions stay with people. */
export const TOKEN_ROLES = ["viewer", "analyst", "agent"] as const satisfies readonly Role[];
