import { z } from "@hono/zod-openapi";
import { MEASURE_IDS, measures } from "../../outcomes/measures/index.ts";
import { route } from "../route.ts";

export const measureRoutes = [
  route({
    method: "get",
    path: "/measures",
    access: "signed in",
    tag: "implementations",
    summary:
      "What is measured week by week of the steps that a tool touches, and in which units it can be promised",
    answers: {
      200: z
        .object({
          measures: z.array(
            z.object({
              id: z.enum(MEASURE_IDS),
              words: z.string(),
              unit: z.enum(["h", "share"]),
              better: z.enum(["less", "more"]),
              promisedIn: z.array(z.string()),
            }),
          ),
        })
        .openapi("Measures"),
    },
    async handle() {
      return {
        measures: measures.map(({ id, words, unit, better, promisedIn }) => ({
          id,
          words,
          unit,
          better,
          promisedIn,
        })),
      };
    },
  }),
];
