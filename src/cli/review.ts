import { shownSubject } from "../audit/finding.ts";
import { precisionOf, type Review } from "../audit/precision.ts";
import { InputError } from "../input-error.ts";
import type { Command } from "./command.ts";
import { keepReview, keptAudit, keptReviews } from "./kept-audit.ts";
import { formatPercent } from "./terminal.ts";

/** `plumbline review FINDING confirmed|false-alarm`: what somebody found who looked at a finding. */
export const review: Command = {
  name: "review",
  usage: "review FINDING confirmed|false-alarm [--note T] [--by NAME] [--from audit.json]",
  summary: "Records your review of a finding; it adjusts the precision and the amounts of the next audit.",
  options: {
    note: { value: "T", help: "why" },
    by: { value: "NAME", help: "who says so" },
    from: { value: "F", help: "audit to read (default: the latest)" },
  },
  minArgs: 2,
  maxArgs: 2,
  async run([wanted, said], options) {
    if (said !== "confirmed" && said !== "false-alarm") {
      throw new InputError(
        "wrong-arguments",
        said,
        `review: expected confirmed or false-alarm, got "${said}".`,
      );
    }
    const { findings, source } = keptAudit(options["from"] as string | undefined);
    if (wanted.length < 4)
      throw new InputError(
        "wrong-arguments",
        wanted,
        `review: expected the first 4 characters of a finding's id or more, got "${wanted}".`,
      );
    const before = keptReviews(); // a damaged file is said before anything is added to it
    const matches = findings.filter(({ id }) => id.startsWith(wanted));
    if (matches.length !== 1) {
      const known = (matches.length > 1 ? matches : findings)
        .slice(0, 12)
        .map((f) => `${f.id} (${f.detector}: ${shownSubject(f)})`);
      throw new InputError(
        "unknown-finding",
        wanted,
        `${matches.length === 0 ? `No finding "${wanted}"` : `Several findings begin with "${wanted}"`} in the audit of ${source}. Known: ${known.join(", ") || "none"}.`,
      );
    }
    const [finding] = matches;
    const judgement: Review = {
      finding: finding.id,
      detector: finding.detector,
      subject: finding.subject,
      said: said === "confirmed" ? "confirmed" : "false alarm",
      note: options["note"] as string | undefined,
      by: options["by"] as string | undefined,
      at: new Date().toISOString(),
    };
    keepReview(judgement);
    const precision = precisionOf(finding.detector, [...before, judgement]);
    const judged = precision.confirmed + precision.falseAlarms;
    process.stdout.write(
      `${finding.id} (${finding.detector}: ${shownSubject(finding)}) is ${said === "confirmed" ? "confirmed" : "a false alarm"}. ${precision.confirmed} of ${judged} judged findings of ${finding.detector} are confirmed; its precision is now taken as ${formatPercent(precision.mean)} (${formatPercent(precision.interval[0])} to ${formatPercent(precision.interval[1])}). Audit again to see the money weighed by it.\n`,
    );
    return 0;
  },
};

/** `plumbline verdict`: the name that `review` had before; it does the same. */
export const verdict: Command = {
  ...review,
  name: "verdict",
  usage: review.usage.replace(/^review/, "verdict"),
  summary: "Earlier name of review.",
};
