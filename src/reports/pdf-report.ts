import type { GateAccount } from "../readiness/gate.ts";
import type { WordedAudit } from "../wording/worded-audit.ts";
import { reportOf } from "./report.ts";
import { typeset } from "./typeset.ts";

/**
 * The audit as a PDF for a board: what the page says, without the cases of each finding. Typeset by Typst
 * from data alone: nothing that stands in a log is read as markup. Throws an Error where the typesetting
 * fails, which is ours.
 */
export function pdfReport(audit: WordedAudit, account: string, gate: GateAccount | null = null): Uint8Array {
  const report = reportOf(audit, account, gate);
  const widest = Math.max(1, ...report.costs.map(({ high }) => high));
  const data = {
    ...report,
    owner: audit.description?.owner ?? "",
    costs: report.costs.map((cost) => ({
      ...cost,
      bar: cost.mid / widest,
      from: cost.low / widest,
      to: cost.high / widest,
    })),
    paths: report.paths.slice(0, 12),
  };
  return typeset(TEMPLATE, data).pdf();
}

const TEMPLATE = String.raw`
#show: sheet.with(r.title + ": " + r.process, [#r.process · System Leak Audit #r.made])

#small[System Leak Audit · #r.made]
= #r.title
#small[#r.process: #r.scope #if r.owner != "" [ · owner #r.owner]]
#v(4pt)
#for s in r.lead [#par(text(11pt, s))]

#let columns-of-tiles = calc.min(4, calc.max(1, r.tiles.len()))
#grid(columns: (1fr,) * columns-of-tiles, gutter: 6pt,
  ..r.tiles.map(t => block(fill: tile, radius: 4pt, inset: 7pt, width: 100%)[#small(t.label)\ #text(12pt, weight: "bold", t.value)\ #small(t.note)]))

#if r.costs.len() > 0 [
== What it costs
#small[Over the period of the evidence, with 95 % ranges]
#for c in r.costs [
#grid(columns: (38%, 45%, 17%), gutter: 4pt, align: (right + horizon, left + horizon, left + horizon),
  text(8.5pt, c.label),
  box(width: 100%, height: 9pt)[#place(left + horizon, rect(width: c.bar * 100%, height: 7pt, fill: bar))#place(left + horizon, dx: c.from * 100%, line(length: (c.to - c.from) * 100%, stroke: 1pt + ink))],
  text(8.5pt, c.text))
]]

#if r.first.len() > 0 [
== What to fix first
#for (i, f) in r.first.enumerate() [
#block(breakable: false)[*#(i + 1). #f.title: #f.subject* (#f.why). #f.remedy #small[Decided by: #f.decides · usual effort: #f.effort]]
]]

#if r.gate != none [
== May a machine do it yet?
#r.gate.sentence
#if r.gate.overridden != "" [

*#r.gate.overridden*
#for o in r.gate.overrides [
- #text(9pt, o)
]]
#table(columns: (28%, 16%, 56%), stroke: none, inset: (x: 3pt, y: 3pt),
  table.header(..("Step", "Verdict", "Because").map(h => small(h))), table.hline(stroke: 0.5pt),
  ..r.gate.steps.map(row => (text(8.5pt, row.step), text(8.5pt, fill: if row.verdict == "ready" { good } else { bad }, row.verdict), text(8.5pt, row.because))).flatten())
#if r.gate.more > 0 [#small[and #r.gate.more rarer steps]]
]

#if r.blind.len() > 0 [
== What nobody said, and what was said otherwise
#for b in r.blind [
=== #b.heading
#for i in b.items [
- #text(9.5pt, i.text)
]]]

#if r.said.len() > 0 [
== Said, and shown
#table(columns: (34%, 22%, 28%, 16%), stroke: none, inset: (x: 3pt, y: 3.5pt),
  table.header(..("Question", "Said", "Shown", "What was said is").map(h => small(h))), table.hline(stroke: 0.5pt),
  ..r.said.map(row => (text(8.5pt)[#row.number. #row.question], text(8.5pt, row.said), text(8.5pt, row.shown), text(8.5pt, fill: if row.bad { bad } else { quiet }, row.verdict))).flatten())
]

#if r.changes.len() > 0 [
== Since the last audit
#for c in r.changes [
- #c
]]

#if r.steps.len() > 0 [
== Described, and observed
#table(columns: (36%, 24%, 28%, 12%), stroke: none, inset: (x: 3pt, y: 3pt),
  table.header(..("Step", "", "Cases", "Last seen").map(h => small(h))), table.hline(stroke: 0.5pt),
  ..r.steps.map(row => (text(8.5pt, row.name), text(8.5pt, fill: if row.odd { bad } else { quiet }, row.state), text(8.5pt, row.cases), text(8.5pt, row.last))).flatten())
]

#if r.contradicted.len() > 0 [
== What is written, and does not hold
#table(columns: (44%, 22%, 22%, 12%), stroke: none, inset: (x: 3pt, y: 3pt),
  table.header(..("Stated", "By", "Evidence", "When").map(h => small(h))), table.hline(stroke: 0.5pt),
  ..r.contradicted.map(row => cells(row.statement, row.saidBy, row.text, row.when)).flatten())
]

== Findings
#if r.findings.len() == 0 [Nothing stands out in this evidence. What could not be tested stands below; absence of data is not health.]
#for f in r.findings [
#block(breakable: false, above: 9pt)[
#text(weight: "bold")[#f.number. #f.title: #text(fill: accent, f.subject)] #if f.state != "open" [#small[(#f.state)]]\
#f.statement #if f.money != "" [\ #text(9pt, f.money)]\
#small[#f.counts · #f.remedy]
#if f.caseIds.len() > 0 [\ #small[for example #f.caseIds.slice(0, calc.min(6, f.caseIds.len())).join(", ")]]
#if f.records.len() > 0 [\ #small[records #f.records.slice(0, calc.min(6, f.records.len())).map(p => if p.at(0) == p.at(1) { p.at(0) } else { p.join(" and ") }).join(", ")]]
]]

#if r.notVisible.len() > 0 [
== Not testable here
#small[These questions could not be asked of this evidence. That nothing was found about them says nothing.]
#for n in r.notVisible [
- #text(9pt)[*#n.what*: needs #n.needs]
]]

== How this was read
#for h in r.how [#par(text(8.5pt, fill: quiet, h))]
#small[Roles are shown instead of names. Ranges are 95 % intervals that allow for cases of one week being alike. Money is weighed by how often findings of that kind prove right. Exposure is the amount that passed through, not a loss, and is in no total. The cases of every finding stand in the HTML report and in the JSON.]
`;
