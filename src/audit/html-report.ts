import { STORIES_PER_FINDING, type AuditDocument, type StoryEvent } from "./audit-document.ts";
import { shownSubject, type Finding } from "./finding.ts";
import { formatCount, formatHours, formatMoney, formatPercent, formatTime } from "../format.ts";
import { headline, moneyText } from "./text-report.ts";

/** Case ids listed with a finding; the full list is in the JSON. */
const LISTED_CASES = 120;

/**
 * The audit as one page that needs nothing else: styles and charts are in it, it asks for nothing from anywhere, it
 * prints, follows the reader's light or dark setting, and every finding opens to its cases without a script.
 */
export function htmlReport(audit: AuditDocument, account: string): string {
  const { cases, events, from, to } = audit.log as {
    cases: number;
    events: number;
    from: string | null;
    to: string | null;
  };
  const name = audit.source.split(/[\\/]/).at(-1)!;
  const period = from && to ? `${from.slice(0, 10)} to ${to.slice(0, 10)}` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What ${text(name)} would pass on</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<p class="kicker">Plumbline audit · ${text(audit.at.slice(0, 10))}</p>
<h1>What an AI tool would inherit from this process</h1>
<p class="lead">${text(name)}: ${formatCount(cases)} cases, ${formatCount(events)} events${period ? `, ${period}` : ""}.</p>
</header>
${summary(audit)}
${activityChart(audit)}
<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
${audit.findings.length === 0 ? emptyState(audit) : audit.findings.map((finding, i) => findingSection(finding, i + 1, audit)).join("\n")}
</section>
${notVisible(audit)}
<section aria-labelledby="how">
<h2 id="how">How this was read</h2>
<p class="pre">${text(account)}</p>
<p>Working calendar: ${text(audit.calendar)}.<br>Rates: ${text(audit.rates)}.</p>
<ul>${audit.notes.map((note) => `<li>${text(note)}</li>`).join("")}</ul>
<p class="quiet">Roles are shown instead of names; a letter tells people apart within one case. Ranges are 95 % intervals. Labour is what the work cost; exposure is the amount that passed through, not a loss, and is in no total.</p>
</section>
</main>
</body>
</html>
`;
}

function summary(audit: AuditDocument): string {
  const { findings, totals, exposure, compensationHours } = audit;
  const tiles: [string, string, string][] = [["Findings", String(findings.length), ""]];
  for (const { currency, labour, delay } of totals) {
    if (labour.mid > 0)
      tiles.push([
        "Labour",
        formatMoney(labour.mid, currency),
        `${formatCount(Math.round(labour.low))} to ${formatCount(Math.round(labour.high))}`,
      ]);
    if (delay.mid > 0)
      tiles.push([
        "Delay",
        formatMoney(delay.mid, currency),
        `${formatCount(Math.round(delay.low))} to ${formatCount(Math.round(delay.high))}`,
      ]);
  }
  for (const { currency, mid } of exposure)
    if (mid > 0) tiles.push(["Exposure", formatMoney(mid, currency), "passed through, not lost"]);
  if (compensationHours !== null && compensationHours > 0)
    tiles.push(["Making up for the process", formatHours(compensationHours), "clarify, chase, fix, correct"]);
  const shown = tiles
    .map(
      ([label, value, note]) =>
        `<div class="tile"><dt>${text(label)}</dt><dd>${text(value)}<span>${text(note)}</span></dd></div>`,
    )
    .join("");
  return `<section aria-label="Summary"><dl class="tiles">${shown}</dl>${moneyChart(findings)}</section>`;
}

/** The priced findings as bars with their range, the largest first. */
function moneyChart(findings: readonly Finding[]): string {
  const priced = findings
    .filter((f) => f.money && f.money.kind !== "exposure" && f.money.mid > 0)
    .slice(0, 10);
  if (priced.length === 0) return "";
  const [width, row, left] = [760, 30, 300];
  const most = Math.max(...priced.map((f) => f.money!.high));
  const x = (amount: number) => left + (amount / most) * (width - left - 110);
  const bars = priced.map((f, i) => {
    const { low, mid, high, currency } = f.money!;
    const y = i * row + 6;
    return `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${text(cut(shownSubject(f), 40))}</text><rect x="${left}" y="${y}" width="${(x(mid) - left).toFixed(1)}" height="16" rx="2"/><path d="M${x(low).toFixed(1)} ${y + 8}H${x(high).toFixed(1)}M${x(low).toFixed(1)} ${y + 4}v8M${x(high).toFixed(1)} ${y + 4}v8"/><text x="${(x(high) + 8).toFixed(1)}" y="${y + 13}">${text(formatMoney(mid, currency))}</text>`;
  });
  const label = `Money of the largest findings: ${priced.map((f) => `${shownSubject(f)} ${formatMoney(f.money!.mid, f.money!.currency)}`).join("; ")}`;
  return `<figure><figcaption>What the findings cost over the period of the log, with 95 % ranges</figcaption><svg viewBox="0 0 ${width} ${priced.length * row + 4}" role="img" aria-label="${attribute(label)}" class="bars">${bars.join("")}</svg></figure>`;
}

function activityChart({ eventsPerWeek: { from, counts } }: AuditDocument): string {
  if (counts.length < 3) return "";
  const [width, height] = [760, 90];
  const most = Math.max(...counts);
  const step = width / counts.length;
  const bars = counts.map(
    (n, i) =>
      `<rect x="${(i * step).toFixed(2)}" y="${(height - (n / most) * height).toFixed(1)}" width="${Math.max(0.5, step - 1).toFixed(2)}" height="${((n / most) * height).toFixed(1)}"/>`,
  );
  return `<figure><figcaption>Events a week from ${from.slice(0, 10)}, at most ${formatCount(most)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Events a week over the log" class="weeks" preserveAspectRatio="none">${bars.join("")}</svg></figure>`;
}

function findingSection(finding: Finding, number: number, audit: AuditDocument): string {
  const {
    title,
    subject,
    statement,
    cases,
    outOf,
    share,
    interval,
    detector,
    id,
    category,
    facts,
    alsoSeenBy,
  } = finding;
  const money = moneyText(finding);
  const range = interval
    ? ` (95 % interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])})`
    : "";
  const stories = finding.caseIds.slice(0, STORIES_PER_FINDING).filter((c) => audit.stories[c]);
  const more =
    finding.caseIds.length > LISTED_CASES
      ? ` … and ${formatCount(finding.caseIds.length - LISTED_CASES)} more, all in the JSON`
      : "";
  return `<article id="f-${id}">
<h3><span class="number">${number}</span> ${text(title)}: <em>${text(shownSubject(finding))}</em></h3>
<p>${text(statement)}</p>
${shareBar(share, interval)}
<p class="money">${text(money)}</p>
<details><summary>Open: ${formatCount(cases)} of ${formatCount(outOf)} cases${share === null ? "" : `, ${formatPercent(share)}`}</summary>
<dl class="facts">${facts.map(([label, value]) => `<div><dt>${text(label)}</dt><dd>${text(value)}</dd></div>`).join("")}</dl>
${stories.map((c) => story(c, audit.stories[c], subject)).join("")}
<p class="cases">${finding.caseIds.slice(0, LISTED_CASES).map(text).join(", ")}${more}</p>
<p class="quiet">${text(category)} · detector ${text(detector)} · finding ${text(id)}${range}${alsoSeenBy.length > 0 ? ` · also seen by ${alsoSeenBy.map(text).join(", ")}` : ""}</p>
</details>
</article>`;
}

function shareBar(share: number | null, interval: [number, number] | null): string {
  if (share === null || !interval) return "";
  const width = 320;
  const [low, high] = interval.map((v) => v * width);
  return `<svg viewBox="0 0 ${width} 12" class="share" role="img" aria-label="${formatPercent(share)} of cases"><rect class="track" width="${width}" height="12" rx="3"/><rect width="${(share * width).toFixed(1)}" height="12" rx="3"/><path d="M${low.toFixed(1)} 6H${high.toFixed(1)}"/></svg>`;
}

/** What happened in a case; the rows of the activity that the finding is about stand out. */
function story(caseId: string, events: readonly StoryEvent[], subject: string): string {
  const rows = events.map(
    ({ activity, time, who, waitHours }) =>
      `<tr${activity === subject ? ' class="hit"' : ""}><td>${text(time === "" ? "" : formatTime(Date.parse(time)))}</td><td>${text(activity)}</td><td>${text(who)}</td><td class="n">${waitHours === null ? "" : `${waitHours.toFixed(1)} h`}</td></tr>`,
  );
  return `<table><caption>Case ${text(caseId)}</caption><thead><tr><th>When (UTC)</th><th>What</th><th>Who</th><th class="n">Working hours before</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function notVisible({ notTestable }: AuditDocument): string {
  if (notTestable.length === 0) return "";
  const items = notTestable.map(
    ({ detector, needs }) => `<li><strong>${text(detector)}</strong>: needs ${text(needs.join("; "))}</li>`,
  );
  return `<section aria-labelledby="blind"><h2 id="blind">Not testable here</h2><p>These questions could not be asked of this log. That nothing was found about them says nothing.</p><ul>${items.join("")}</ul></section>`;
}

function emptyState(audit: AuditDocument): string {
  return `<p>Nothing stands out in this log. ${audit.notTestable.length > 0 ? "What could not be tested stands below." : "Every question could be asked."}</p><p class="quiet">${text(headline(audit).join(" "))}</p>`;
}

function cut(value: string, length: number): string {
  return value.length > length ? `${value.slice(0, length - 1)}…` : value;
}

function text(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const attribute = text;

const STYLE = `
:root{color-scheme:light dark;--ink:#1d2430;--quiet:#5b6675;--paper:#fdfdfb;--line:#dde1e6;--bar:#2f6d8c;--whisker:#c2571a;--tile:#f2f4f3}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--quiet:#a3adba;--paper:#14181e;--line:#323a45;--bar:#6fb1d1;--whisker:#f0a06a;--tile:#1d232b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:860px;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .6rem}h2{font-size:1.25rem;margin:2.4rem 0 .6rem}h3{font-size:1.05rem;margin:0 0 .3rem;font-weight:600}
h3 em{font-style:normal;color:var(--bar)}.number{color:var(--quiet);font-weight:400;margin-right:.25rem}
.kicker,.quiet{color:var(--quiet);font-size:.86rem}.kicker{margin:0;letter-spacing:.02em}.lead{font-size:1.05rem;margin:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.7rem;margin:1.4rem 0}.tile{background:var(--tile);border-radius:8px;padding:.7rem .9rem}
.tile dt{font-size:.82rem;color:var(--quiet)}.tile dd{margin:0;font-size:1.25rem;font-weight:600}.tile span{display:block;font-size:.78rem;font-weight:400;color:var(--quiet)}
figure{margin:1.4rem 0}figcaption{font-size:.86rem;color:var(--quiet);margin-bottom:.4rem}svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font-size:13px}svg rect{fill:var(--bar)}svg path{stroke:var(--whisker);stroke-width:2;fill:none}.weeks{height:90px}.share{max-width:320px;height:12px}.share .track{fill:var(--line)}
article{border-top:1px solid var(--line);padding:1.1rem 0}article p{margin:.3rem 0}.money{font-size:.93rem}.money:empty{display:none}
details{margin-top:.5rem}summary{cursor:pointer;color:var(--bar);font-size:.93rem}summary:focus-visible{outline:2px solid var(--whisker);outline-offset:2px}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;margin:.7rem 0;font-size:.88rem}.facts dt{color:var(--quiet)}.facts dd{margin:0}
table{border-collapse:collapse;width:100%;margin:.8rem 0;font-size:.86rem}caption{text-align:left;font-weight:600;padding:.2rem 0}th,td{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:500;color:var(--quiet)}.n{text-align:right}.hit td{background:var(--tile);font-weight:600}
.cases{font-size:.84rem;overflow-wrap:anywhere;color:var(--quiet)}.pre{white-space:pre-wrap}
@media (max-width:480px){main{padding:1.2rem .9rem}svg text{font-size:20px}}
@media print{:root{--ink:#000;--quiet:#444;--paper:#fff;--line:#bbb;--bar:#2f6d8c;--tile:#f4f4f4}body{font-size:11pt}main{max-width:none;padding:0}table,figure,.tile{break-inside:avoid}details::details-content{content-visibility:visible;display:block}}
`;
