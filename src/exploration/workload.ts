import { z } from "zod";
import { TASK_KINDS, taskKindOf } from "../evidence/task-kinds.ts";
import { defineView } from "./view.ts";

const kind = z.enum(TASK_KINDS);

/**
 * Where people's time goes, by kind of task: where to start looking, before asking where decisions are made.
 */
export const tasksView = defineView({
  id: "workload",
  question: "Where does people's time go, by kind of task, and how much of it makes up for the process?",
  query: z.object({}),
  answer: z.object({
    cases: z.int(),
    weeks: z.number().describe("length of the evidence"),
    hours: z.number().nullable().describe("of all work whose handling time is known"),
    compensationHours: z.number().nullable(),
    kinds: z.array(
      z.object({ kind, hours: z.number().nullable(), executions: z.int(), activities: z.int() }),
    ),
    activities: z.array(
      z.object({
        name: z.string(),
        kind,
        told: z.enum(["description", "name"]).describe("what tells the kind"),
        executions: z.int(),
        byPrograms: z.int(),
        cases: z.int(),
        hoursEach: z.number().nullable(),
        basis: z.enum(["measured", "estimated"]).nullable(),
        hours: z.number().nullable(),
        compensates: z.boolean(),
      }),
    ),
    missing: z.array(z.string()).describe("what would make hours visible"),
  }),
  work({ explored, selection }) {
    const { log, evidence } = selection;
    const { isAutomatic } = explored.whole.evidence;
    const { described } = evidence;
    const given = explored.description?.steps ?? {};
    const activities = evidence.activityNames
      .map((name, a) => {
        const rows = evidence.rowsOf(a).filter((e) => evidence.isWork(e));
        const byPrograms = log.person
          ? rows.reduce((sum, e) => sum + (isAutomatic[log.person![e]] === 1 ? 1 : 0), 0)
          : 0;
        const step = described && described.stepOf[a] >= 0 ? described.steps[described.stepOf[a]].name : "";
        const said = Object.hasOwn(given, step) ? given[step].task : undefined;
        const handling = explored.whole.evidence.handling(a);
        return {
          name,
          kind: said ?? (evidence.isApproval[a] ? ("decide" as const) : taskKindOf(name)),
          told: said ? ("description" as const) : ("name" as const),
          executions: rows.length,
          byPrograms,
          cases: evidence.casesWith[a],
          hoursEach: handling?.hours ?? null,
          basis: handling?.basis ?? null,
          hours: handling ? handling.hours * (rows.length - byPrograms) : null,
          compensates: evidence.isCompensating[a] === 1,
        };
      })
      .filter(({ executions }) => executions > 0)
      .sort((a, b) => (b.hours ?? -1) - (a.hours ?? -1) || b.executions - a.executions);
    const total = (list: typeof activities) =>
      list.some(({ hours }) => hours !== null)
        ? list.reduce((sum, { hours }) => sum + (hours ?? 0), 0)
        : null;
    const kinds = TASK_KINDS.map((one) => {
      const own = activities.filter(({ kind: of }) => of === one);
      return {
        kind: one,
        hours: total(own),
        executions: own.reduce((sum, { executions }) => sum + executions, 0),
        activities: own.length,
      };
    })
      .filter(({ executions }) => executions > 0)
      .sort((a, b) => (b.hours ?? -1) - (a.hours ?? -1) || b.executions - a.executions);
    const compensating = activities.filter(({ compensates }) => compensates);
    const { from, to } = evidence.range;
    return {
      cases: log.caseCount,
      weeks: (to - from) / 604_800_000,
      hours: total(activities),
      compensationHours: compensating.length === 0 && total(activities) !== null ? 0 : total(compensating),
      kinds,
      activities,
      missing: activities.some(({ hours }) => hours === null)
        ? [
            log.person
              ? { kind: "handling time" as const, step: null, fromCases: true }
              : { kind: "column" as const, role: "person and begin" as const },
          ]
        : [],
    };
  },
});
