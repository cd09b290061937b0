import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AuditDocument, PseudonymKey } from "../audit/audit-document.ts";
import type { PastAudit } from "../audit/history.ts";
import type { Review } from "../audit/precision.ts";
import type { KeptStep } from "../readiness/as-it-stands.ts";
import { InputError } from "../input-error.ts";

/** Where Plumbline keeps its data: `PLUMBLINE_DATA`, or `.plumbline` in the current directory. */
export function dataDirectory(): string {
  return process.env["PLUMBLINE_DATA"] || ".plumbline";
}

/** An audit as it is kept: with the readiness of each step, where the version that made it judged it. */
export interface KeptAudit extends AuditDocument {
  readiness?: KeptStep[];
}

/** Keeps an audit as the latest one; a crash leaves the one before, never half of one. */
export function keepAudit(audit: KeptAudit): void {
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
export function keptAudit(from: string | undefined): KeptAudit {
  const path = from ?? join(dataDirectory(), "audit.json");
  if (!existsSync(path)) {
    throw new InputError(
      "no-audit",
      path,
      `There is no audit at ${path}. Make one with plumbline audit LOG, or name one with --from.`,
    );
  }
  try {
    const audit = JSON.parse(readFileSync(path, "utf8")) as KeptAudit;
    if (!Array.isArray(audit?.findings)) throw new Error("it has no findings");
    if (!audit.findings.every((one) => typeof one?.id === "string" && typeof one.subject === "string"))
      throw new Error("a finding has no id or no subject");
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

/** Writes the key to the pseudonyms of the latest audit, readable by its owner only, and says where. */
export function keepKey(key: PseudonymKey): string {
  const path = join(dataDirectory(), "pseudonyms.json");
  mkdirSync(dataDirectory(), { recursive: true });
  // the key to an earlier audit that somebody may have passed on stays
  if (existsSync(path)) {
    const stamp = statSync(path).mtime.toISOString().replaceAll(/[:.]/g, "-");
    renameSync(path, join(dataDirectory(), `pseudonyms-${stamp}.json`));
  }
  writeFileSync(path, JSON.stringify(key, null, 1), { mode: 0o600 });
  return path;
}

/**
 * Earlier audits of a process, oldest first; damaged lines are left out, since they only serve to compare.
 */
export function pastAudits(process: string): PastAudit[] {
  const path = pastFile(process);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        const past = JSON.parse(line) as PastAudit | null;
        return [past?.claims, past?.findings, past?.notTestable].every(Array.isArray) ? [past!] : [];
      } catch {
        return [];
      }
    });
}

/**
 * Adds an audit to the history of its process; the same evidence audited again takes the place of the last.
 */
export function keepPast(process: string, audit: PastAudit): void {
  const path = pastFile(process);
  mkdirSync(join(dataDirectory(), "history"), { recursive: true });
  const before = pastAudits(process).filter(({ from, to }) => from !== audit.from || to !== audit.to);
  const lines = [...before, audit].map((one) => JSON.stringify(one)).join("\n");
  writeFileSync(`${path}.new`, `${lines}\n`);
  renameSync(`${path}.new`, path);
}

const pastFile = (process: string) =>
  join(
    dataDirectory(),
    "history",
    `${
      process
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
        .slice(0, 80) || "process"
    }.jsonl`,
  );

const reviewSchema = z.object({
  finding: z.string(),
  detector: z.string(),
  subject: z.string(),
  said: z.enum(["confirmed", "false alarm"]),
  note: z.string().optional(),
  by: z.string().optional(),
  at: z.string(),
}) satisfies z.ZodType<Review>;

/** As versions before wrote it, into a file of another name. */
const earlierSchema = reviewSchema
  .omit({ said: true })
  .extend({ verdict: reviewSchema.shape.said })
  .transform(({ verdict, ...rest }): Review => ({ ...rest, said: verdict }));

/** The reviews kept so far, oldest first. Throws InputError for a damaged file, with its line. */
export const keptReviews = (): Review[] => [
  ...reviewsIn("verdicts.jsonl", earlierSchema),
  ...reviewsIn(REVIEWS, reviewSchema),
];

function reviewsIn(file: string, schema: z.ZodType<Review>): Review[] {
  const path = join(dataDirectory(), file);
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, i) => {
      if (line.trim() === "") return [];
      try {
        return [schema.parse(JSON.parse(line))];
      } catch (cause) {
        throw new InputError(
          "damaged-reviews",
          path,
          `${path}, line ${i + 1}: expected a review as JSON, got "${line.slice(0, 60)}". Correct or remove the line.`,
          { cause },
        );
      }
    });
}

const REVIEWS = "reviews.jsonl";

/** Adds a review; earlier ones stay, the last of a finding counts. */
export function keepReview(review: Review): void {
  const directory = dataDirectory();
  mkdirSync(directory, { recursive: true });
  appendFileSync(join(directory, REVIEWS), `${JSON.stringify(review)}\n`);
}
