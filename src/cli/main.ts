import { enableCompileCache } from "node:module";
import { InputError } from "../input-error.ts";
import { onTerminal } from "./wording.ts";

enableCompileCache();

// A reader that stops early (`plumbline show log.csv | head`) is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  const { runCommand } = await import("./run-command.ts");
  process.exitCode = await runCommand(process.argv.slice(2));
} catch (error) {
  if (error instanceof InputError) {
    const { printable } = await import("./terminal.ts");
    process.stderr.write(`${printable(onTerminal(error.message))}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(
      `Plumbline failed; this is an error in Plumbline itself, please report it.\n${onTerminal((error as Error).stack ?? "")}\n`,
    );
    process.exitCode = 1;
  }
}
