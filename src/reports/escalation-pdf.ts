import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import { formatCount, plainNeed, upperFirst } from "../figures.ts";
import type { Escalation } from "../implementations/escalation.ts";
import { longDate } from "../implementations/inventory.ts";

/** What the sheet says besides. */
export interface EscalationAbout {
  name: string;
  startsOn: string | null;
  made: string;
}

/** The escalation sheet: a part for each who has to decide, to be handed to them. Typeset from data alone. */
export function escalationPdf(
  escalations: readonly Escalation[],
  { name, startsOn, made }: EscalationAbout,
): Uint8Array {
  const days = (n: number) => `${formatCount(n)} working ${n === 1 ? "day" : "days"}`;
  const data = {
    name,
    made: longDate(made),
    date: startsOn === null ? "" : longDate(startsOn),
    parts: escalations.map(({ decides, overdue, needed }) => ({
      decides: upperFirst(decides),
      sum: `${formatCount(needed.length)} ${needed.length === 1 ? "decision" : "decisions"} needed${overdue > 0 ? `, ${formatCount(overdue)} overdue` : ""}`,
      needed: needed.map((one) => ({
        title: one.title,
        remedy: plainNeed(one.remedy),
        owner: one.owner ?? "nobody named",
        by: longDate(one.decideBy),
        overdue: one.isOverdue ? `overdue${one.overdue > 0 ? ` by ${days(one.overdue)}` : ""}` : "",
        cost: `Decided today it takes ${days(one.days)} and is closed by ${longDate(one.closedBy)}${one.late === null ? "" : one.late > 0 ? `, ${days(one.late)} after the date` : ", in time"}.`,
        late: (one.late ?? 0) > 0,
      })),
    })),
  };
  return NodeCompiler.create().pdf({
    mainFileContent: TEMPLATE,
    inputs: { data: JSON.stringify(data) },
  });
}

const TEMPLATE = String.raw`
#let r = json(bytes(sys.inputs.data))
#let ink = rgb("#1d2430")
#let quiet = rgb("#5b6675")
#let bad = rgb("#b3361e")
#set document(title: r.name + ": decisions needed")
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 16mm), footer: context [#set text(7.5pt, fill: quiet); #r.name · decisions needed as of #r.made #h(1fr) #counter(page).display("1 / 1", both: true)])
#set text(font: ("Libertinus Serif", "DejaVu Sans"), size: 10.5pt, fill: ink, lang: "en")
#set par(leading: 0.55em, spacing: 0.7em)
#show heading.where(level: 1): it => block(above: 7pt, below: 8pt, text(18pt, weight: "bold", it.body))
#show heading.where(level: 2): it => block(above: 16pt, below: 6pt, text(13pt, weight: "bold", it.body))
#let small(body) = text(9pt, fill: quiet, body)

#small[Escalation · #r.made]
= Decisions needed for #r.name
#if r.date != "" [#small[It is to go live on #r.date. Each decision stands with what waiting for it costs.]]
#if r.parts.len() == 0 [No decision is overdue, and none is needed within two weeks.]
#for p in r.parts [
== #p.decides
#small(p.sum)
#for n in p.needed [
#block(breakable: false, above: 9pt, inset: (left: 8pt), stroke: (left: 2pt + if n.late or n.overdue != "" { bad } else { rgb("#dde1e6") }))[
*#n.title*\
#n.remedy\
Needed by *#n.by*#if n.overdue != "" [ #text(fill: bad)[(#n.overdue)]]. #n.cost #small[Sees to it: #n.owner.]
]]
#v(4pt)
#small[Decided: #box(width: 1fr, repeat[.]) #h(8pt) Name, date: #box(width: 42%, repeat[.])]
]
`;
