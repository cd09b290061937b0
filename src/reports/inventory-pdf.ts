import { formatCount, formatExactMoney, formatPercent } from "../figures.ts";
import { longDate } from "../implementations/inventory.ts";
import { typeset } from "./typeset.ts";

/** What the page shows of an inventory; more of it than this stands in the program. */
export interface InventoryPage {
  implementation: {
    name: string;
    tool: string | null;
    state: string;
    startsOn: string | null;
    costPerMonth: number | null;
    currency: string | null;
  };
  answer: {
    state: string;
    sentences: string[];
    first: { text: string; decides: string; days: number; makesReady: string[] }[];
  };
  processes: {
    name: string;
    judgedAt: string | null;
    steps: { step: string; verdict: string; executions: number; overriddenBy: string | null }[];
  }[];
  requires: {
    claim: {
      statement: string;
      verdict: string;
      n: number;
      against: number;
      unit: string;
      estimate: number | null;
      needs: string[];
    };
    has: string | null;
  }[];
  gaps: {
    title: string;
    state: string;
    owner: string | null;
    decides: string;
    decideBy: string | null;
    remedy: string;
    acceptance: {
      by: string | null;
      because: string | null;
      until: string | null;
      ended: boolean;
    } | null;
  }[];
  promises: {
    metric: string;
    direction: string;
    size: number | null;
    unit: string | null;
    by: string;
    comparison: string;
    withdrawnAt: string | null;
  }[];
  notes: { kind: string; text: string; by: string; at: string }[];
  since: { at: string | null; opened: string[]; closed: string[]; accepted: string[] };
  signatures: { judgement: string; by: string; at: string; current: boolean }[];
}

/** Rows of each table: as many as fit on one page beside everything else; how many more there are is said. */
const ROWS = [14, 11, 8, 6, 4, 2, 1];

/**
 * The inventory on one page, for the steering meeting: the answer, what to do first, requires against has,
 * gaps with who decides them by when, and what was decided. Accepted gaps that do not fit there stand on
 * pages of their own behind it, every one of them with who lives with it, why and until when. Typeset from
 * data alone.
 */
export function inventoryPdf(inventory: InventoryPage, made: string): Uint8Array {
  for (const rows of ROWS) {
    const data = dataOf(inventory, made, rows);
    const page = typeset(TEMPLATE, { ...data, behind: [] });
    if (page.pages > 1 && rows !== ROWS.at(-1)) continue;
    const behind = data.allAccepted > data.accepted.length ? acceptedOf(inventory, Infinity) : [];
    return behind.length === 0 ? page.pdf() : typeset(TEMPLATE, { ...data, behind }).pdf();
  }
  throw new RangeError("no number of rows was tried");
}

/** Accepted gaps, the one that ends first on top: who lives with each, why and until when. */
const acceptedOf = ({ gaps }: InventoryPage, rows: number) =>
  gaps
    .filter(({ state }) => state === "accepted")
    .sort((a, b) => (a.acceptance?.until ?? "9999").localeCompare(b.acceptance?.until ?? "9999"))
    .slice(0, rows)
    .map(({ title, acceptance }) => ({
      title: cut(title, 90),
      by: cut(acceptance?.by ?? "not recorded", 40),
      because: cut(acceptance?.because ?? "not recorded", rows === Infinity ? 400 : 110),
      until: acceptance?.until ? longDate(acceptance.until) : "no end date",
    }));

const cut = (words: string, most: number) =>
  words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words;

function dataOf(inventory: InventoryPage, made: string, rows: number) {
  const {
    implementation: tool,
    answer,
    processes,
    requires,
    gaps,
    promises,
    notes,
    since,
    signatures,
  } = inventory;
  const open = gaps
    .filter(({ state }) => state === "open")
    .sort((a, b) => (a.decideBy ?? "9999").localeCompare(b.decideBy ?? "9999"));
  const all = gaps.filter(({ state }) => state === "accepted").length;
  // where there is little room they stand behind the page, all of them
  const accepted = acceptedOf(inventory, rows >= 4 ? rows : 0);
  const unmet = requires.filter(({ claim }) => claim.verdict !== "confirmed");
  const met = requires.filter(({ claim }) => claim.verdict === "confirmed");
  const rest = (all: number, shown: number) => (all > shown ? `and ${formatCount(all - shown)} more` : "");
  const overrides = processes.flatMap(({ steps }) =>
    steps.flatMap(({ step, overriddenBy }) => (overriddenBy ? [`${step} (${overriddenBy})`] : [])),
  );
  return {
    made: longDate(made),
    name: cut(tool.name, 80),
    about: [
      tool.tool && cut(tool.tool, 60),
      tool.startsOn &&
        `${tool.state === "planned" ? "goes live" : "in use since"} ${longDate(tool.startsOn)}`,
      tool.costPerMonth !== null &&
        `${tool.currency === null ? formatCount(tool.costPerMonth) : formatExactMoney(tool.costPerMonth, tool.currency)} a month`,
      `touches ${cut(processes.map(({ name }) => name).join(", ") || "no process yet", 120)}`,
    ]
      .filter(Boolean)
      .join(" · "),
    state: answer.state,
    sentences: answer.sentences.map((sentence) => cut(sentence, 260)),
    first: answer.first.map(({ text, decides, days, makesReady }) => ({
      text: cut(text, 180),
      about: `${days} working ${days === 1 ? "day" : "days"}; decides: ${decides}${makesReady.length > 0 ? `; for ${cut(makesReady.join(", "), 110)}` : ""}`,
    })),
    processes: processes.slice(0, Math.min(6, rows)).map(({ name, judgedAt, steps }) => {
      const of = (verdict: string) => steps.filter((one) => one.verdict === verdict).length;
      return judgedAt === null
        ? [cut(name, 40), "not audited yet", "", "", ""]
        : [
            cut(name, 40),
            ...["ready", "fix first", "keep with people", "not enough evidence"].map((verdict) =>
              formatCount(of(verdict)),
            ),
          ];
    }),
    moreProcesses: rest(processes.length, Math.min(6, rows)),
    requires: [...unmet, ...met].slice(0, rows).map(({ claim, has }) => ({
      statement: cut(claim.statement, 110),
      has: cut(
        has ??
          (claim.verdict === "not testable here"
            ? `not visible: ${claim.needs.join(", ")}`
            : claim.estimate === null
              ? claim.verdict
              : `${formatPercent(claim.estimate)} of ${formatCount(claim.n)} ${claim.unit}`),
        80,
      ),
      verdict: claim.verdict,
    })),
    moreRequires: rest(requires.length, rows),
    metRequires: `${formatCount(met.length)} of ${formatCount(requires.length)} hold`,
    gaps: open.slice(0, rows).map((gap) => ({
      title: cut(gap.title, 90),
      remedy: cut(gap.remedy, 95),
      owner: cut(gap.owner ?? "nobody named", 40),
      decides: cut(gap.decides, 40),
      by: gap.decideBy === null ? "–" : longDate(gap.decideBy),
      late: gap.decideBy !== null && gap.decideBy < made,
    })),
    moreGaps: rest(open.length, rows),
    allAccepted: all,
    accepted,
    overrides: cut(overrides.join(", "), 160),
    promises: promises
      .filter(({ withdrawnAt }) => withdrawnAt === null)
      .slice(0, Math.min(3, rows))
      .map(({ metric, direction, size, unit, by, comparison }) =>
        cut(
          `${metric}: ${size === null ? "" : `${size}${unit ? ` ${unit}` : ""} `}${direction} by ${longDate(by)}, against ${comparison}`,
          140,
        ),
      ),
    notes: notes
      .filter(({ kind }) => kind === "note")
      .slice(0, Math.min(3, rows))
      .map(({ text, by, at }) => `${longDate(at.slice(0, 10))}, ${cut(by, 40)}: ${cut(text, 120)}`),
    since:
      since.at === null
        ? ""
        : `Since the meeting of ${longDate(since.at.slice(0, 10))}: ${since.opened.length} opened, ${since.closed.length} closed by evidence, ${since.accepted.length} accepted.`,
    signatures: signatures
      .slice(0, 2)
      .map(
        ({ judgement, by, at, current }) =>
          `${cut(by, 40)} ${judgement} (${longDate(at.slice(0, 10))}${current ? "" : ", of an earlier state"})`,
      ),
  };
}

const TEMPLATE = String.raw`
#show: sheet.with(r.name + ": are we ready?", [#r.name · inventory of #r.made #h(1fr) Verdicts rest on evidence, not on a score; each opens to its cases in Plumbline.], tight: true)

#let look(verdict) = if verdict == "confirmed" { good } else if verdict == "contradicted" { bad } else { quiet }

#small[Are we ready for this date? · #r.made]
= #r.name
#small(r.about)

#block(fill: rgb("#f2f4f3"), radius: 3pt, inset: 8pt, width: 100%, above: 7pt)[
#text(11.5pt, weight: "bold", fill: if r.state == "ready" { good } else if r.state == "accepted gaps" { warn } else if r.state == "not yet" { bad } else { ink }, r.sentences.at(0))
#v(-2pt)
#text(10pt, r.sentences.slice(1).join(" "))
#if r.since != "" [\ #small(r.since)]
]

#if r.first.len() > 0 [
== What to do first
#enum(spacing: 6pt, ..r.first.map(f => [#f.text \ #small(f.about)]))
]

#if r.processes.len() > 0 [
== Steps it would inherit, by readiness
#table(columns: (3fr, 1fr, 1fr, 1.3fr, 1.5fr), stroke: line-below, inset: (x: 3pt, y: 2.5pt),
  ..cells([*Process*], [*ready*], [*fix first*], [*keep with people*], [*not enough evidence*]),
  ..r.processes.map(row => cells(..row)).flatten())
#small(r.moreProcesses)
]

#if r.requires.len() > 0 [
== Requirements: #r.metRequires
#table(columns: (3fr, 2fr, 1.1fr), stroke: line-below, inset: (x: 3pt, y: 2.5pt),
  ..r.requires.map(row => (text(8.5pt, row.statement), text(8.5pt, row.has), text(8.5pt, fill: look(row.verdict), row.verdict))).flatten())
#small(r.moreRequires)
]

#if r.gaps.len() > 0 [
== Open gaps, next decision first
#table(columns: (3fr, 1.2fr, 1.2fr, 1.2fr), stroke: line-below, inset: (x: 3pt, y: 2.5pt),
  ..cells([*Gap*], [*Owner*], [*Decides*], [*Needed by*]),
  ..r.gaps.map(g => ([#text(8.5pt, g.title) \ #small(g.remedy)], text(8.5pt, g.owner), text(8.5pt, g.decides), text(8.5pt, fill: if g.late { bad } else { ink }, g.by))).flatten())
#small(r.moreGaps)
]

#let lived-with(gaps) = table(columns: (2.4fr, 1.1fr, 2.4fr, 1.1fr), stroke: line-below, inset: (x: 3pt, y: 2.5pt),
  ..cells([*Gap*], [*Accepted by*], [*Why*], [*Until*]),
  ..gaps.map(g => cells(g.title, g.by, g.because, g.until)).flatten())
#let n-accepted = [#r.allAccepted accepted #if r.allAccepted == 1 [gap] else [gaps]]
#if r.allAccepted > 0 [
== #n-accepted: not closed
#if r.accepted.len() > 0 [#lived-with(r.accepted)]
#if r.behind.len() > 0 [#small[The next page lists all of them: who accepted each, why and until when.]]
]
#if r.overrides != "" [#small[The gate is overridden for: #r.overrides.]]

#if r.promises.len() > 0 [
== Promised
#for p in r.promises [#block(above: 2pt, below: 2pt, text(8.5pt, p))]
]
#if r.notes.len() > 0 [
== Gap notes
#for d in r.notes [#block(above: 2pt, below: 2pt, text(8.5pt, d))]
]
#if r.signatures.len() > 0 [
== Outside assessors
#for s in r.signatures [#block(above: 2pt, below: 2pt, text(8.5pt, s))]
]
#if r.behind.len() > 0 [
#pagebreak()
== #n-accepted
#lived-with(r.behind)
]
`;
