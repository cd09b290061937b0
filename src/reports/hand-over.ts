import { ruleInWords } from "../description/compare-descriptions.ts";
import { allSteps, type Description } from "../description/description.ts";
import { formatCount, formatPercent } from "../figures.ts";
import type { WordedAudit } from "../wording/worded-audit.ts";
import { shownSubject } from "../audit/finding.ts";
import { remedyOf } from "../audit/remedies.ts";
import { midText } from "./money-text.ts";
import { typeset } from "./typeset.ts";

/**
 * What a team that takes the work over must know, as a PDF: the steps with owner, deputy, system and target,
 * each beside how often it is really seen; the rules with how they hold; what is done though nobody wrote it
 * down; the open leaks; and what nobody could see. Without an audit the evidence columns say so. Typeset from
 * data alone.
 */
export function handOverPack(
  description: Description,
  version: { number: number; signed: string | null },
  audit: WordedAudit | undefined,
  made: string,
): Uint8Array {
  const given = description.steps ?? {};
  const observed = new Map(
    (audit?.describedObserved ?? []).filter(({ kind }) => kind === "step").map((one) => [one.name, one]),
  );
  const claims = audit?.claims.filter(({ source }) => source === "description") ?? [];
  const seen = (name: string) => {
    const one = observed.get(name);
    if (!one) return audit ? "not in the last audit" : "no evidence yet";
    if (one.cases === 0) return "never seen";
    return `${one.share === null ? "–" : formatPercent(one.share)} of ${formatCount(one.outOf)} cases`;
  };
  const data = {
    process: description.process,
    owner: description.owner ?? "nobody named",
    version: `Version ${version.number}, ${version.signed ?? "not signed off"}`,
    made,
    steps: allSteps(description).map((name) => {
      const { role, deputy, system, target, needs, approves } = Object.hasOwn(given, name) ? given[name] : {};
      return {
        name,
        role: role ?? "nobody named",
        more: [
          deputy?.length ? "a deputy is named" : "no deputy",
          system && `in ${system}`,
          target && `within ${target}`,
          needs?.length && `needs ${needs.join(", ")}`,
          approves && `approves "${approves}"`,
        ]
          .filter(Boolean)
          .join("; "),
        seen: seen(name),
      };
    }),
    rules: (description.rules ?? []).map(ruleInWords),
    claims: claims.map(({ statement, verdict, n, against, unit }) => ({
      statement,
      verdict,
      counts: n === 0 ? "" : `${formatCount(against)} of ${formatCount(n)} ${unit} against`,
    })),
    undescribed: [...observed.values()]
      .filter(({ state }) => state === "seen, never described")
      .slice(0, 30)
      .map(({ name, cases, outOf }) => `${name}: in ${formatCount(cases)} of ${formatCount(outOf)} cases`),
    leaks: (audit?.findings ?? [])
      .filter(({ state }) => state === "open" || state === "accepted")
      .slice(0, 25)
      .map((finding) => ({
        title: `${finding.title}: ${shownSubject(finding)}`,
        statement: finding.people.includes(finding.subject) ? "" : finding.statement,
        money: finding.money ? `${midText(finding.money, finding.money.currency)} ${finding.money.kind}` : "",
        remedy: remedyOf(finding.detector)?.text ?? "",
      })),
    dark: [...new Set((audit?.notTestable ?? []).flatMap(({ needs }) => needs))],
    evidence: audit ? `${audit.source}, audited ${audit.at.slice(0, 10)}` : "none yet",
  };
  return typeset(TEMPLATE, data).pdf();
}

const TEMPLATE = String.raw`
#show: sheet.with("Hand-over: " + r.process, [#r.process · hand-over pack, #r.made])

#small[Hand-over pack · #r.made]
= #r.process
#small[Answers for it: #r.owner · #r.version · evidence: #r.evidence]

#par[What stands here is how the process is meant to be, each step beside how often it is really seen. Where the two differ, believe the evidence first and ask why.]

== Steps
#table(columns: (1.5fr, 1.1fr, 2fr, 1.1fr), stroke: line-below, inset: 5pt,
  ..cells([*Step*], [*Owner*], [*What belongs to it*], [*Seen in*]),
  ..r.steps.map(s => cells(s.name, s.role, s.more, s.seen)).flatten())

#if r.undescribed.len() > 0 [
== Done, though nobody wrote it down
#for line in r.undescribed [- #line]
]

#if r.rules.len() > 0 [
== Rules
#for line in r.rules [- #line]
]

#if r.claims.len() > 0 [
== What the description says, and the evidence
#table(columns: (3fr, 1.2fr, 1.4fr), stroke: line-below, inset: 5pt,
  ..cells([*Statement*], [*Verdict*], [*Evidence*]),
  ..r.claims.map(c => cells(c.statement, c.verdict, c.counts)).flatten())
]

#if r.leaks.len() > 0 [
== Leaks that are taken over with it
#for l in r.leaks [
*#l.title* #if l.money != "" [· #l.money]\
#l.statement
#small(l.remedy)

]
]

#if r.dark.len() > 0 [
== Not visible in this evidence
#for line in r.dark [- #line]
]

== Signatures
#v(6pt)
#grid(columns: (1fr, 1fr), gutter: 20pt, [#line(length: 100%, stroke: 0.4pt) #small[hands over, date]], [#line(length: 100%, stroke: 0.4pt) #small[takes over, date]])
`;
