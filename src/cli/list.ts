import { questions } from "../audit/questions.ts";
import { detectors } from "../detectors/index.ts";
import { didYouMean, InputError } from "../input-error.ts";
import { processPlans } from "../simulate/processes.ts";
import { sources } from "../formats/index.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { table } from "./terminal.ts";

/** What can be listed, and how: headings and rows. */
const lists: Record<string, () => Promise<[headings: string[], rows: string[][]]>> = {
  detectors: async () => [
    ["id", "category", "question", "options"],
    detectors.map(({ id, category, question, options }) => [
      id,
      category,
      question,
      Object.entries(options)
        .map(([k, v]) => `${k}=${v}`)
        .join(" "),
    ]),
  ],
  questions: async () => [
    ["number", "category", "question", "options"],
    questions.map(({ number, category, question, options }) => [
      String(number),
      category,
      question,
      options.map(({ key, text }) => `${key}: ${text}`).join("; "),
    ]),
  ],
  sources: async () => [["id", "what it reads"], sources.map(({ id, what }) => [id, what])],
  processes: async () => [
    ["id", "name", "vocabularies"],
    processPlans.map((plans) => [plans[0].id, plans[0].name, String(plans.length)]),
  ],
  routes: async () => {
    const { routes } = await import("../server/routes/index.ts");
    return [
      ["route", "needs", "what it does"],
      routes.map(({ method, path, access, summary }) => [
        `${method.toUpperCase()} /api${path}`,
        typeof access === "string" ? access : access.right,
        summary,
      ]),
    ];
  },
  rights: async () => {
    const { PEOPLE_ONLY, RIGHTS } = await import("../server/rights.ts");
    return [
      ["right", "roles", "programs"],
      Object.entries(RIGHTS).map(([right, roles]) => [
        right,
        roles.join(", "),
        PEOPLE_ONLY.has(right as keyof typeof RIGHTS) ? "no" : "with a token of such a role",
      ]),
    ];
  },
  jobs: async () => {
    const { jobs } = await import("../jobs/index.ts");
    return [["kind", "what it does"], jobs.map(({ kind, what }) => [kind, what])];
  },
  commands: async () => [
    ["command", "what it does"],
    (await Promise.all(Object.values(commands).map((load) => load()))).map(({ usage, summary }) => [
      usage.split(" [")[0],
      summary,
    ]),
  ],
};

/** `plumbline list KIND`: what there is of a kind. */
export const list: Command = {
  name: "list",
  usage: `list ${Object.keys(lists).join("|")}`,
  summary:
    "Lists detectors, questions, file formats (sources), simulated processes, the server's routes and rights, background jobs or commands.",
  options: { json: { help: "as a JSON array" } },
  minArgs: 1,
  maxArgs: 1,
  async run([kind], options) {
    const make = Object.hasOwn(lists, kind) ? lists[kind] : undefined;
    if (!make) {
      const near = didYouMean(kind, Object.keys(lists));
      throw new InputError(
        "unknown-list",
        kind,
        `No list "${kind}".${near ? ` Did you mean "${near}"?` : ""} Known: ${Object.keys(lists).join(", ")}.`,
      );
    }
    const [headings, rows] = await make();
    if (options["json"]) {
      const objects = rows.map((row) => Object.fromEntries(row.map((cell, i) => [headings[i], cell])));
      process.stdout.write(JSON.stringify(objects) + "\n");
    } else process.stdout.write(table(headings, rows) + "\n");
    return 0;
  },
};
