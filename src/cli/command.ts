/** One option of a command, as `--name` on the command line. */
export interface OptionSpec {
  /** what stands for its value in the help; none makes it a switch */
  value?: string;
  multiple?: boolean;
  help: string;
}

export type OptionValues = Record<string, string | boolean | string[] | undefined>;

/** One command of `plumbline`. The list in `commands.ts` is what help, parsing and docs are drawn from. */
export interface Command {
  name: string;
  usage: string;
  summary: string;
  options: Record<string, OptionSpec>;
  /** exit codes besides 0, 1 and 2, with their meaning */
  exitCodes?: Record<number, string>;
  minArgs: number;
  maxArgs: number;
  /** does the work, prints its result, returns the exit code */
  run(args: string[], options: OptionValues): Promise<number>;
}
