import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";

/**
 * What every printed sheet begins with: one palette (the light one of the pages), one type scale, one footer.
 * A template shows itself with `#show: sheet.with(title, footer)` and reads its data as `r`.
 */
const PREAMBLE = String.raw`
#let r = json(bytes(sys.inputs.data))
#let ink = rgb("#17202a")
#let quiet = rgb("#56606b")
#let accent = rgb("#1c56a5")
#let good = rgb("#17663f")
#let warn = rgb("#7d4e00")
#let bad = rgb("#b0271c")
#let bar = rgb("#6a97cf")
#let hairline = rgb("#dde1e6")
#let tile = rgb("#f2f4f3")
#let small(body) = text(8.5pt, fill: quiet, body)
#let cells(..items) = items.pos().map(c => text(8.5pt, c))
#let line-below = (x, y) => (bottom: 0.3pt + hairline)
#let sheet(title, footer, size: 10pt, tight: false, body) = {
  set document(title: title)
  set page(paper: "a4", margin: if tight { (x: 17mm, y: 14mm) } else { (x: 20mm, y: 18mm) }, footer: context [#set text(7.5pt, fill: quiet); #footer #h(1fr) #counter(page).display("1 / 1", both: true)])
  set text(font: ("Libertinus Serif", "DejaVu Sans"), size: size, fill: ink, lang: "en", region: "gb")
  set par(leading: if tight { 0.52em } else { 0.6em }, spacing: if tight { 0.6em } else { 0.8em })
  show heading.where(level: 1): it => block(above: 8pt, below: 8pt, text(18pt, weight: "bold", it.body))
  show heading.where(level: 2): it => block(above: if tight { 12pt } else { 16pt }, below: 6pt, text(if tight { 11pt } else { 13pt }, weight: "bold", it.body))
  show heading.where(level: 3): it => block(above: 10pt, below: 4pt, text(10.5pt, weight: "bold", it.body))
  body
}
`;

/** A sheet as it was laid out. */
export interface Typeset {
  pages: number;
  pdf(): Uint8Array;
}

/**
 * Lays out a Typst template that shows `data`. Nothing in the data is read as markup. Throws an Error where
 * the template is wrong, which is ours.
 */
export function typeset(template: string, data: object): Typeset {
  const compiler = NodeCompiler.create();
  const source = {
    mainFileContent: PREAMBLE + template,
    inputs: { data: JSON.stringify(data) },
  };
  const { result } = compiler.compile(source);
  return {
    pages: result?.numOfPages ?? 0,
    pdf: () => compiler.pdf(result ?? source), // without a result this says what is wrong
  };
}
