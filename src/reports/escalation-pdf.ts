import { formatCount, upperFirst } from "../figures.ts";
import type { Escalation } from "../implementations/escalation.ts";
import { longDate } from "../implementations/inventory.ts";
import { typeset } from "./typeset.ts";

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
        remedy: one.remedy,
        owner: one.owner ?? "nobody named",
        by: longDate(one.decideBy),
        overdue: one.isOverdue ? `overdue${one.overdue > 0 ? ` by ${days(one.overdue)}` : ""}` : "",
        cost: `If decided today, it takes ${days(one.days)} and closes by ${longDate(one.closedBy)}${one.late === null ? "" : one.late > 0 ? `, ${days(one.late)} after the date` : ", in time"}.`,
        late: (one.late ?? 0) > 0,
      })),
    })),
  };
  return typeset(TEMPLATE, data).pdf();
}

const TEMPLATE = String.raw`
#show: sheet.with(r.name + ": decisions needed", [#r.name · decisions needed as of #r.made], size: 10.5pt)

#small[Escalation · #r.made]
= Decisions needed for #r.name
#if r.date != "" [#small[It is to go live on #r.date. Each decision shows what a delay costs.]]
#if r.parts.len() == 0 [No decision is overdue, and none is needed within two weeks.]
#for p in r.parts [
== #p.decides
#small(p.sum)
#for n in p.needed [
#block(breakable: false, above: 9pt, inset: (left: 8pt), stroke: (left: 2pt + if n.late or n.overdue != "" { bad } else { hairline }))[
*#n.title*\
#n.remedy\
Needed by *#n.by*#if n.overdue != "" [ #text(fill: bad)[(#n.overdue)]]. #n.cost #small[Owner: #n.owner.]
]]
#v(4pt)
#small[Decided: #box(width: 1fr, repeat[.]) #h(8pt) Name, date: #box(width: 42%, repeat[.])]
]
`;
