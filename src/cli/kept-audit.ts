import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditDocument } from "../audit/audit-document.ts";
import type { Verdict } from "../audit/precision.ts";
import { InputError } from "../input-error.ts";

/** Where Plumbline keeps its data: `PLUMBLINE_DATA`, or `.plumbline` in the current directory. */
export function dataDirectory(): string {
  return process.env["PLUMBLINE_DATA"] || ".plumbline";
}

/** Keeps an audit as the latest one; a crash leaves the one before, never half of one. */
export function keepAudit(audit: AuditDocument): void {
  const directory = dataDirectory();
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "audit.json.new"), JSON.stringify(audit));
    renameSync(join(directory, "audit.json.new"), join(directory, "audit.json"));
  } catch (cause) {
    throw new InputError(
      "unwritable",
      directory,
      `The audit cannot be kept in ${directory}: ${(cause as Error).message}. Set PLUMBLINE_DATA to a directory that can be written.`,
      { cause },
    );
  }
}

/** The latest audit, or the one in a file. Throws InputError when there is none or it is not one. */
export function keptAudit(from: string | undefined): AuditDocument {
  const path = from ?? join(dataDirectory(), "audit.json");
  if (!existsSync(path)) {
    throw new InputError(
      "no-audit",
      path,
      `There is no audit at ${path}. Make one with plumbline audit LOG, or name one with --from.`,
    );
  }
  try {
    const audit = JSON.parse(readFileSync(path, "utf8")) as AuditDocument;
    if (!Array.isArray(audit.findings)) throw new Error("it has no findings");
    return audit;
  } catch (cause) {
    throw new InputError(
      "not-an-audit",
      path,
      `${path} is not an audit: ${(cause as Error).message}. Make one with plumbline audit LOG --json.`,
      { cause },
    );
  }
}

/** The verdicts kept so far, oldest first. Throws InputError for a damaged file, with its line. */
export function keptVerdicts(): Verdict[] {
  const path = join(dataDirectory(), "verdicts.jsonl");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, i) => {
      if (line.trim() === "") return [];
      try {
        return [JSON.parse(line) as Verdict];
      } catch (cause) {
        throw new InputError(
          "damaged-verdicts",
          path,
          `${path}, line ${i + 1}: expected a verdict as JSON, got "${line.slice(0, 60)}". Correct or remove the line.`,
          { cause },
        );
      }
    });
}

/** Adds a verdict; earlier ones stay, the last on a finding counts. */
export function keepVerdict(verdict: Verdict): void {
  const directory = dataDirectory();
  mkdirSync(directory, { recursive: true });
  appendFileSync(join(directory, "verdicts.jsonl"), `${JSON.stringify(verdict)}\n`);
}
