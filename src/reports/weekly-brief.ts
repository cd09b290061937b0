import type { Money } from "../audit/finding.ts";
import type { WeekFacts, WeekLeak } from "../implementations/week-of.ts";
import { escapeHtml } from "./escape-html.ts";
import { formatCount } from "../figures.ts";
import { midText } from "./money-text.ts";

export interface Brief {
  subject: string;
  text: string;
  html: string;
}

/** How many lines of one kind are shown; more are counted. */
const SHOWN = 3;

/**
 * One page on what changed in a week, as text and HTML; undefined when nothing did. A date that comes nearer
 * is no news; a decision that is due is.
 */
export function weeklyBrief(facts: WeekFacts): Brief | undefined {
  const sections: { title: string; path: string; lines: string[] }[] = [];
  let count = 0;
  const say = (lines: string[], all: readonly string[], words: (n: number) => string) => {
    if (all.length === 0) return;
    count += all.length;
    const more = all.length - SHOWN;
    lines.push(
      `${words(all.length)}: ${all.slice(0, SHOWN).join("; ")}${more > 0 ? `; and ${formatCount(more)} more` : ""}.`,
    );
  };
  const many = (n: number, word: string) => `${formatCount(n)} ${word}${n === 1 ? "" : "s"}`;
  const leak = ({ title, money }: WeekLeak) => (money ? `${title} (${leakMoney(money)})` : title);
  for (const tool of facts.implementations) {
    const lines: string[] = [];
    say(
      lines,
      tool.due.map(({ title, decides, by }) => `${plain(title)} (${decides}, by ${by})`),
      (n) => (n === 1 ? "1 decision is due" : `${formatCount(n)} decisions are due`),
    );
    say(lines, tool.opened.map(plain), (n) => `${many(n, "gap")} opened`);
    say(lines, tool.closed.map(plain), (n) => `${many(n, "gap")} closed by evidence`);
    say(lines, tool.accepted.map(plain), (n) => `${many(n, "gap")} accepted`);
    if (tool.decided > 0) {
      count += tool.decided;
      lines.push(`${many(tool.decided, "gap note")} added.`);
    }
    const date = tool.startsOn ? `, ${tool.startsOn}` : "";
    if (lines.length > 0) sections.push({ title: `${tool.name}${date}`, path: tool.path, lines });
  }
  for (const one of facts.processes) {
    const lines: string[] = [];
    if (one.readyBefore === null) {
      count++;
      lines.push(
        `Audited for the first time: ${formatCount(one.readyNow)} of ${many(one.steps, "step")} ready, ${many(one.fresh.length, "leak")} found.`,
      );
    } else {
      if (one.becameReady.length + one.stoppedBeing.length > 0)
        lines.push(
          `Steps ready: ${formatCount(one.readyBefore)} before, ${formatCount(one.readyNow)} of ${formatCount(one.steps)} now.`,
        );
      say(lines, one.becameReady, (n) => `${many(n, "step")} became ready`);
      say(lines, one.stoppedBeing, (n) => `${many(n, "step")} no longer ready`);
      say(lines, one.fresh.map(leak), (n) => `${many(n, "new leak")}`);
    }
    say(lines, one.fixed.map(leak), (n) => `${many(n, "leak")} no longer seen`);
    say(
      lines,
      one.turned.map(({ statement, before, now }) => `${plain(statement)}: ${before}, now ${now}`),
      (n) => `${many(n, "claim")} changed`,
    );
    if (lines.length > 0) sections.push({ title: one.name, path: one.path, lines });
  }
  const overridden: string[] = [];
  say(
    overridden,
    facts.overrides.map(({ step, process, what, until }) =>
      what === "begun"
        ? `${step} of ${process} is overridden until ${until}`
        : `${step} of ${process} is overridden only until ${until}`,
    ),
    (n) => `${many(n, "override")} of the gate`,
  );
  if (overridden.length > 0) sections.push({ title: "The gate", path: "", lines: overridden });
  if (count === 0) return undefined;
  const head = `${facts.organisation}: ${count === 1 ? "1 change" : `${formatCount(count)} changes`} from ${facts.from} to ${facts.to}`;
  const link = (path: string) => `${facts.address}${path}`;
  const foot =
    "You get this brief only in weeks with changes. An admin chooses the recipients under Settings.";
  const text = [
    head,
    "",
    ...sections.flatMap(({ title, path, lines }) => [
      title,
      ...lines.map((line) => `- ${line}`),
      link(path),
      "",
    ]),
    foot,
    "",
  ].join("\n");
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(head)}</title></head><body style="font:15px/1.5 system-ui,sans-serif;color:#17212b;max-width:640px;margin:24px auto;padding:0 16px"><h1 style="font-size:20px">${escapeHtml(head)}</h1>${sections
    .map(
      ({ title, path, lines }) =>
        `<h2 style="font-size:16px;margin:20px 0 4px"><a href="${escapeHtml(link(path))}" style="color:#245a96">${escapeHtml(title)}</a></h2><ul style="margin:0;padding-left:20px">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`,
    )
    .join(
      "",
    )}<p style="color:#556372;font-size:13px;margin-top:24px">${escapeHtml(foot)}</p></body></html>\n`;
  return { subject: head, text, html };
}

const plain = (sentence: string) => sentence.replace(/\.$/, "");

/** Money of a leak in words. */
const leakMoney = (money: Money): string => `${midText(money, money.currency)} ${money.kind}`;

const HOUR = 3_600_000;

/**
 * When a brief for `weekday` (1 Monday … 7 Sunday) at `hour` of the clock was last due, as an instant;
 * `offset` is wall clock less UTC.
 */
export function lastDue(now: number, weekday: number, hour: number, offset: (utc: number) => number): number {
  const wall = now + offset(now);
  const day = Math.floor(wall / (24 * HOUR));
  // day 0 was a Thursday
  const today = ((((day + 3) % 7) + 7) % 7) + 1;
  let due = (day - ((today - weekday + 7) % 7)) * 24 * HOUR + hour * HOUR;
  if (due > wall) due -= 7 * 24 * HOUR;
  return due - offset(due - offset(now));
}
