import { stringify } from "yaml";
import { z } from "zod";
import { draftFromLog } from "../conformance/draft-from-log.ts";
import { inductiveMiner, MAX_MODEL_ACTIVITIES } from "../discovery/inductive-miner.ts";
import { defineView } from "./view.ts";

/** A description drafted from what happens, for somebody to correct: people are left out. */
export const draftView = defineView({
  id: "draft",
  question: "What would a description say that fits what happens?",
  query: z.object({
    noise: z.coerce
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe("share under which ways are left out of the draft"),
  }),
  answer: z.object({
    text: z.string().nullable().describe("YAML; null where there is no model to draft from"),
    missing: z.array(z.string()),
  }),
  work({ explored, selection, query }) {
    const { log } = selection;
    const activities = new Set(log.activity).size;
    if (log.caseCount === 0) return { text: null, missing: [{ kind: "cases kept" as const }] };
    if (activities > MAX_MODEL_ACTIVITIES)
      return {
        text: null,
        missing: [{ kind: "few activities to draft" as const, most: MAX_MODEL_ACTIVITIES, has: activities }],
      };
    const tree = inductiveMiner(log, { noise: query.noise });
    const description = draftFromLog(log, tree, { process: explored.name });
    return { text: stringify(description, { lineWidth: 110 }), missing: [] };
  },
});
