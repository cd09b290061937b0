import { z } from "@hono/zod-openapi";
import { documentText, MOST_BYTES } from "../../documents/document-text.ts";
import { MOST_DOCUMENT } from "./implementations.ts";
import { Problem } from "../problem.ts";
import { inOrganisation, route, text } from "../route.ts";

/** Base64 takes four characters for three bytes. */
const MOST_CONTENT = Math.ceil(MOST_BYTES / 3) * 4;
/** Each takes a thread and a gigabyte at most. */
const AT_ONCE = 2;
let reading = 0;

export const documentRoutes = [
  route({
    method: "post",
    path: "/organisations/{org}/documents/text",
    access: { right: "manage processes" },
    tag: "implementations",
    summary:
      "What does a document say: the text of a Word, OpenDocument, PDF or text file; nothing of it is kept",
    params: inOrganisation({}),
    bodyLimit: MOST_CONTENT + 10_000,
    body: z.strictObject({
      name: text(300),
      content: z.string().max(MOST_CONTENT, "expected at most 20 MiB").describe("the file, in base64"),
    }),
    answers: {
      200: z.object({
        text: z.string(),
        kind: z.enum(["text", "Word", "OpenDocument", "PDF"]),
        pages: z.int().nullable(),
        cut: z.boolean().describe("it was longer than a requirements document may be; its end is missing"),
      }),
    },
    async handle({ body }) {
      const bytes = Buffer.from(body.content, "base64");
      // what is no base64 is skipped where it is decoded
      if (bytes.length !== Math.floor((body.content.replace(/={1,2}$/, "").length * 3) / 4))
        throw new Problem(400, "wrong-input", "body.content: expected the file in base64.", {
          where: "body.content",
        });
      if (reading >= AT_ONCE)
        throw new Problem(503, "busy", "Other documents are being read. Try again in some seconds.", {
          headers: { "retry-after": "5" },
        });
      reading++;
      try {
        const document = await documentText(bytes, body.name);
        return {
          ...document,
          text: document.text.slice(0, MOST_DOCUMENT),
          cut: document.text.length > MOST_DOCUMENT,
        };
      } finally {
        reading--;
      }
    },
  }),
];
