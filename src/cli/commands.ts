import type { Command } from "./command.ts";

/** Every command and where it lives: a command is loaded when it is called. A new one is a file and a line here. */
export const commands: Record<string, () => Promise<Command>> = {
  simulate: async () => (await import("./simulate.ts")).simulate,
  show: async () => (await import("./show.ts")).show,
};
