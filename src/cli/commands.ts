import type { Command } from "./command.ts";

/**
 * Every command and where it lives: a command is loaded when it is called. A new one is a file and a line
 * here.
 */
export const commands: Record<string, () => Promise<Command>> = {
  show: async () => (await import("./show.ts")).show,
  map: async () => (await import("./map.ts")).map,
  conform: async () => (await import("./conform.ts")).conform,
  rare: async () => (await import("./rare.ts")).rare,
  rules: async () => (await import("./rules.ts")).rules,
  waiting: async () => (await import("./waiting.ts")).waiting,
  people: async () => (await import("./people.ts")).people,
  causes: async () => (await import("./causes.ts")).causes,
  predict: async () => (await import("./predict.ts")).predict,
  objects: async () => (await import("./objects.ts")).objects,
  audit: async () => (await import("./audit.ts")).audit,
  why: async () => (await import("./why.ts")).why,
  gate: async () => (await import("./gate.ts")).gate,
  describe: async () => (await import("./describe.ts")).describe,
  review: async () => (await import("./review.ts")).review,
  verdict: async () => (await import("./review.ts")).verdict,
  list: async () => (await import("./list.ts")).list,
  simulate: async () => (await import("./simulate.ts")).simulate,
  serve: async () => (await import("./serve.ts")).serve,
  worker: async () => (await import("./worker.ts")).worker,
  backup: async () => (await import("./backup.ts")).backup,
  restore: async () => (await import("./restore.ts")).restore,
  "verify-trail": async () => (await import("./verify-trail.ts")).verifyTrail,
  start: async () => (await import("./start.ts")).start,
};
