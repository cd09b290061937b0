import { parseArgs } from "node:util";
import { didYouMean, InputError } from "../input-error.ts";
import type { Command, OptionValues } from "./command.ts";
import { commands } from "./commands.ts";

/**
 * Runs the command that the arguments name and returns its exit code. Throws InputError for words it does not
 * know.
 */
export async function runCommand(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(await overview());
    return 0;
  }
  if (name === "--version") {
    const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
    process.stdout.write(`plumbline ${manifest.version}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const near = didYouMean(name, Object.keys(commands));
    throw new InputError(
      "unknown-command",
      name,
      `No command "${name}".${near ? ` Did you mean "${near}"?` : ""} Known: ${Object.keys(commands).join(", ")}.`,
    );
  }
  const command = await load();
  if (rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  const { positionals, values } = parse(command, rest);
  return command.run(positionals, values);
}

function parse(command: Command, rest: string[]): { positionals: string[]; values: OptionValues } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([option, { value, multiple }]) => [
      option,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), multiple: multiple ?? false },
    ]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true });
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    const word = /'(--?[^\s'=<]+)/.exec((cause as Error).message)?.[1] ?? "";
    const near =
      code === "ERR_PARSE_ARGS_UNKNOWN_OPTION"
        ? didYouMean(word.replace(/^-+/, ""), Object.keys(command.options))
        : undefined;
    const what =
      code === "ERR_PARSE_ARGS_UNKNOWN_OPTION"
        ? `"${command.name}" has no option ${word}.${near ? ` Did you mean --${near}?` : ""}`
        : (cause as Error).message;
    throw new InputError("wrong-option", word, `${what} See plumbline ${command.name} --help.`, { cause });
  }
  const { positionals, values } = parsed;
  if (positionals.length < command.minArgs || positionals.length > command.maxArgs) {
    const got = positionals.length === 0 ? "none" : positionals.map((p) => `"${p}"`).join(" ");
    throw new InputError(
      "wrong-arguments",
      command.name,
      `Expected: plumbline ${command.usage}. Got ${got}.`,
    );
  }
  return { positionals, values: values as OptionValues };
}

async function overview(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...loaded.map(({ name }) => name.length));
  const lines = loaded.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Plumbline shows what an AI tool will inherit from a process.\n\nUsage: plumbline COMMAND …\n\n${lines.join("\n")}\n\nRun plumbline COMMAND --help for its options.\n`;
}

function helpOf({ usage, summary, options, exitCodes }: Command): string {
  const names = Object.entries(options).map(([name, { value }]) => `--${name}${value ? ` ${value}` : ""}`);
  const width = Math.min(28, Math.max(0, ...names.map((name) => name.length)));
  const lines = Object.values(options).map(({ help }, i) => `  ${names[i].padEnd(width)}  ${help}`);
  const codes = { 0: "done", 1: "our failure", 2: "the input needs correcting", ...exitCodes };
  const exits = Object.entries(codes).map(([code, meaning]) => `  ${code}  ${meaning}`);
  return `Usage: plumbline ${usage}\n\n${summary}\n\nOptions:\n${lines.join("\n")}\n\nExit codes:\n${exits.join("\n")}\n`;
}
