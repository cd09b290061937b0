import type { WordedAudit } from "../wording/worded-audit.ts";
import { KINDS, losses, midText, moneyText } from "./money-text.ts";
import { countText, reportOf } from "./report.ts";
import type { AuditDocument } from "../audit/audit-document.ts";
import { shownSubject, type Finding } from "../audit/finding.ts";
import { formatCount, formatHours, formatMoneyRange } from "../figures.ts";

/** Lays text out in lines of at most `width` characters; the caller knows the terminal. */
export type Wrap = (text: string, width: number, indent?: string) => string;

/**
 * The audit as a terminal shows it: what was found, what it costs, what was not visible, and how to open each
 * finding.
 */
export function textReport(audit: WordedAudit, account: string, wrap: Wrap, width: number): string {
  const { cases, events, from, to } = audit.log as {
    cases: number;
    events: number;
    from: string | null;
    to: string | null;
  };
  const lines: string[] = [];
  const period = from && to ? `, ${from.slice(0, 10)} to ${to.slice(0, 10)}` : "";
  lines.push(`${audit.source}: ${formatCount(cases)} cases, ${formatCount(events)} events${period}`, "");
  if (audit.findings.length === 0) {
    lines.push(
      "Nothing was found that stands out. What could not be tested is listed below; absence of data is not health.",
      "",
    );
  } else {
    lines.push(
      headline(audit)
        .map((sentence) => wrap(sentence, width))
        .join("\n"),
      "",
    );
    const { first, blind, contradicted, changes } = reportOf(audit, account, null);
    if (first.length > 0) {
      lines.push("What to fix first");
      first.forEach(({ title, subject, why, remedy, decides, effort }, i) =>
        lines.push(
          wrap(
            `${i + 1}. ${title}: ${subject} (${why}). ${remedy} Decided by: ${decides}; usual effort: ${effort}.`,
            width,
            "  ",
          ),
        ),
      );
      lines.push("");
    }
    for (const { heading, items } of blind) {
      lines.push(heading);
      for (const { text } of items) lines.push(wrap(text, width, "  "));
      lines.push("");
    }
    if (contradicted.length > 0) {
      lines.push("What is written, and does not hold");
      for (const { statement, saidBy, text, when } of contradicted.slice(0, 20))
        lines.push(wrap(`${statement} ${text}${when === "" ? "" : `, ${when}`} (${saidBy})`, width, "  "));
      lines.push("");
    }
    if (changes.length > 0)
      lines.push("Since the last audit", ...changes.map((line) => wrap(line, width, "  ")), "");
    audit.findings.forEach((finding, i) => lines.push(findingText(finding, i + 1, wrap, width), ""));
  }
  if (audit.notTestable.length > 0) {
    lines.push("Not testable here");
    for (const { detector, needs } of audit.notTestable)
      lines.push(wrap(`${detector}: needs ${needs.join("; ")}`, width, "  "));
    lines.push("");
  }
  lines.push("How it was read", indent(account));
  lines.push(
    wrap(`Working calendar: ${audit.calendar}.`, width, "  "),
    wrap(`Rates: ${audit.rates}.`, width, "  "),
  );
  for (const note of audit.notes) lines.push(wrap(note, width, "  "));
  lines.push("", `Open a finding with: plumbline why ID   (${audit.seconds.toFixed(1)} s)`);
  return lines.join("\n") + "\n";
}

/** The few sentences that a director reads first. */
export function headline({
  findings,
  totals,
  exposure,
  compensationHours,
}: Pick<AuditDocument, "findings" | "totals" | "exposure" | "compensationHours">): string[] {
  const sentences = [`${findings.length} ${findings.length === 1 ? "finding" : "findings"}.`];
  for (const total of totals)
    for (const { kind, range } of losses(total)) {
      const money = formatMoneyRange(range, total.currency);
      sentences.push(
        kind === "labour"
          ? `Labour spent on what they describe: ${money} over the period of the log.`
          : `${KINDS[kind]}: ${money}.`,
      );
    }
  for (const { currency, ...range } of exposure) {
    if (range.mid > 0)
      sentences.push(`Exposure (amounts of the cases concerned, not a loss): ${midText(range, currency)}.`);
  }
  if (compensationHours !== null && compensationHours > 0) {
    sentences.push(`${formatHours(compensationHours)} went into clarifying, chasing, fixing and correcting.`);
  }
  return sentences;
}

function findingText(finding: Finding, number: number, wrap: Wrap, width: number): string {
  const money = moneyText(finding);
  const lines = [
    `${number}. ${finding.title}: ${shownSubject(finding)}`,
    wrap(finding.statement, width, "   "),
    wrap(`${countText(finding)}.${money === "" ? "" : ` ${money}`}`, width, "   "),
    `   id ${finding.id}, ${finding.detector}${finding.alsoSeenBy.length > 0 ? `, also seen by ${finding.alsoSeenBy.join(", ")}` : ""}`,
  ];
  return lines.join("\n");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
