import { STORIES_PER_FINDING, type StoryEvent } from "../audit/audit-document.ts";
import type { GateAccount } from "../readiness/gate.ts";
import type { WordedAudit } from "../wording/worded-audit.ts";
import { escapeHtml } from "./escape-html.ts";
import { reportOf, type Report, type ReportFinding } from "./report.ts";
import { formatCount, formatPercent, formatTime } from "../figures.ts";

/**
 * The audit as one page that needs nothing else: styles and charts are in it, it asks for nothing from
 * anywhere, it prints, follows the reader's light or dark setting, and every finding opens to its cases
 * without a script.
 */
export function htmlReport(audit: WordedAudit, account: string, gate: GateAccount | null = null): string {
  const report = reportOf(audit, account, gate);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What ${text(report.process)} would pass on</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<p class="kicker">System Leak Audit · ${text(report.made)}</p>
<h1>${text(report.title)}</h1>
<p class="quiet">${text(report.process)}: ${text(report.scope)}${audit.description?.owner ? ` · owner ${text(audit.description.owner)}` : ""}</p>
<div class="lead">${report.lead.map((sentence) => `<p>${text(sentence)}</p>`).join("")}</div>
</header>
${tiles(report)}
${costs(report)}
${first(report)}
${gateSection(report)}
${blind(report)}
${said(report)}
${changes(report)}
${compared(report)}
${contradicted(report)}
${activityChart(audit)}
<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
${report.findings.length === 0 ? "<p>Nothing stands out in this evidence. What could not be tested stands below; absence of data is not health.</p>" : report.findings.map((finding) => findingSection(finding, audit)).join("\n")}
</section>
${notVisible(report)}
<section aria-labelledby="how">
<h2 id="how">How this was read</h2>
${report.how.map((paragraph) => `<p class="pre quiet">${text(paragraph)}</p>`).join("")}
<p class="quiet">Roles are shown instead of names; a letter tells people apart within one case. Ranges are 95 % intervals that allow for cases of one week being alike. Money is weighed by how often findings of that kind prove right. Labour is what the work cost; exposure is the amount that passed through, not a loss, and is in no total.</p>
</section>
</main>
</body>
</html>
`;
}

function tiles({ tiles: list }: Report): string {
  const shown = list
    .map(
      ({ label, value, note }) =>
        `<div class="tile"><dt>${text(label)}</dt><dd>${text(value)}<span>${text(note)}</span></dd></div>`,
    )
    .join("");
  return `<section aria-label="Summary"><dl class="tiles">${shown}</dl></section>`;
}

/** The priced findings as bars with their range, the largest first. */
function costs({ costs: list }: Report): string {
  if (list.length === 0) return "";
  const [width, row, left] = [760, 30, 300];
  const most = Math.max(...list.map(({ high }) => high));
  const x = (amount: number) => left + (amount / most) * (width - left - 110);
  const bars = list.map(({ low, mid, high, label, text: amount }, i) => {
    const y = i * row + 6;
    return `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${text(cut(label, 42))}</text><rect x="${left}" y="${y}" width="${(x(mid) - left).toFixed(1)}" height="16" rx="2"/><path d="M${x(low).toFixed(1)} ${y + 8}H${x(high).toFixed(1)}M${x(low).toFixed(1)} ${y + 4}v8M${x(high).toFixed(1)} ${y + 4}v8"/><text x="${(x(high) + 8).toFixed(1)}" y="${y + 13}">${text(amount)}</text>`;
  });
  const label = `What the largest leaks cost: ${list.map((item) => `${item.label} ${item.text}`).join("; ")}`;
  return `<section aria-labelledby="cost"><h2 id="cost">What it costs</h2><figure><figcaption>Over the period of the evidence, with 95 % ranges</figcaption><svg viewBox="0 0 ${width} ${list.length * row + 4}" role="img" aria-label="${attribute(label)}" class="bars">${bars.join("")}</svg></figure></section>`;
}

function first({ first: list }: Report): string {
  if (list.length === 0) return "";
  const items = list.map(
    ({ id, title, subject, why, remedy, decides, effort }) =>
      `<li><a href="#f-${id}">${text(title)}: ${text(subject)}</a> (${text(why)}). ${text(remedy)}<span class="quiet">Decided by: ${text(decides)} · usual effort: ${text(effort)}</span></li>`,
  );
  return `<section aria-labelledby="first"><h2 id="first">What to fix first</h2><p class="quiet">By money, then exposure, then cases, against the usual effort.</p><ol class="first">${items.join("")}</ol></section>`;
}

function gateSection({ gate: account }: Report): string {
  if (!account) return "";
  const rows = account.steps.map(
    ({ step, verdict, because }) =>
      `<tr class="${verdict === "ready" ? "ok" : verdict === "not enough evidence" ? "" : "bad"}"><td>${text(step)}</td><td class="v">${text(verdict)}</td><td>${text(because)}</td></tr>`,
  );
  const more = account.more === 0 ? "" : `<p class="quiet">and ${formatCount(account.more)} rarer steps</p>`;
  const overrides =
    account.overridden === ""
      ? ""
      : `<p><strong>${text(account.overridden)}</strong></p><ul>${account.overrides.map((line) => `<li>${text(line)}</li>`).join("")}</ul>`;
  return `<section aria-labelledby="gate"><h2 id="gate">May a machine do it yet?</h2><p>${text(account.sentence)}</p>${overrides}<div class="wide"><table><thead><tr><th>Step</th><th>Verdict</th><th>Because</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>${more}</section>`;
}

function blind({ blind: lists }: Report): string {
  if (lists.length === 0) return "";
  const blocks = lists.map(
    ({ heading, items }) =>
      `<h3>${text(heading)}</h3><ul class="plain">${items.map(({ text: words, finding }) => `<li>${finding ? `<a href="#f-${finding}">${text(words)}</a>` : text(words)}</li>`).join("")}</ul>`,
  );
  return `<section aria-labelledby="blind"><h2 id="blind">What nobody said, and what was said otherwise</h2>${blocks.join("")}</section>`;
}

function said({ said: rows }: Report): string {
  if (rows.length === 0) return "";
  const lines = rows.map(
    (row) =>
      `<tr class="${row.bad ? "bad" : "ok"}"><td>${row.number}. ${text(row.question)}</td><td>${text(row.said)}</td><td>${text(row.shown)}</td><td class="v">${text(row.verdict)}</td></tr>`,
  );
  return `<section aria-labelledby="said"><h2 id="said">Said, and shown</h2><div class="wide"><table><thead><tr><th>Question</th><th>Said</th><th>Shown</th><th>What was said is</th></tr></thead><tbody>${lines.join("")}</tbody></table></div></section>`;
}

function changes({ changes: list }: Report): string {
  return list.length === 0
    ? ""
    : `<section aria-labelledby="changed"><h2 id="changed">Since the last audit</h2><ul>${list.map((line) => `<li>${text(line)}</li>`).join("")}</ul></section>`;
}

function compared({ steps, paths }: Report): string {
  if (steps.length === 0) return "";
  const table = (rows: Report["steps"], what: string) =>
    `<div class="wide"><table><thead><tr><th>${what}</th><th></th><th>Cases</th><th>Last seen</th></tr></thead><tbody>${rows.map((row) => `<tr class="${row.odd ? "odd" : ""}"><td>${text(row.name)}</td><td>${text(row.state)}</td><td>${text(row.cases)}</td><td class="when">${text(row.last)}</td></tr>`).join("")}</tbody></table></div>`;
  return `<section aria-labelledby="compared"><h2 id="compared">Described, and observed</h2>${table(steps, "Step")}<details><summary>The ways through the process</summary>${table(paths, "Way")}</details></section>`;
}

function contradicted({ contradicted: rows, claimCounts }: Report): string {
  const counts = claimCounts.filter(({ count }) => count > 0);
  if (counts.length === 0) return "";
  const lines = rows.map(
    ({ statement, saidBy, text: words, when }) =>
      `<tr class="bad"><td>${text(statement)}</td><td>${text(saidBy)}</td><td>${text(words)}</td><td>${text(when)}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? "<p>Nothing that was written down is contradicted.</p>"
      : `<div class="wide"><table><thead><tr><th>Stated</th><th>By</th><th>Evidence</th><th>When</th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
  return `<section aria-labelledby="claims"><h2 id="claims">What is written, and does not hold</h2><p class="quiet">Of what was said and written: ${counts.map(({ verdict, count }) => `${count} ${verdict}`).join(", ")}.</p>${table}</section>`;
}

function activityChart({ eventsPerWeek: { from, counts } }: WordedAudit): string {
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

function findingSection(finding: ReportFinding, audit: WordedAudit): string {
  const { id, number, title, subject, statement, money, share, interval, facts, caseIds, records } = finding;
  const stories = caseIds.slice(0, STORIES_PER_FINDING).filter((c) => audit.stories[c]);
  const more = (count: number) => (count > 0 ? ` … and ${formatCount(count)} more, all in the JSON` : "");
  const pairs = records.map(([a, b]) => text(a === b ? a : `${a} and ${b}`)).join(", ");
  const judged = finding.state === "open" ? "" : ` <span class="quiet">(${text(finding.state)})</span>`;
  return `<article id="f-${id}">
<h3><span class="number">${number}</span> ${text(title)}: <em>${text(subject)}</em>${judged}</h3>
<p>${text(statement)}</p>
${shareBar(share, interval)}
<p class="money">${text(money)}</p>
<p class="quiet">${text(finding.remedy)}</p>
<details><summary>Open: ${text(finding.counts)}</summary>
<dl class="facts">${facts.map(([label, value]) => `<div><dt>${text(label)}</dt><dd>${text(value)}</dd></div>`).join("")}</dl>
${stories.map((c) => story(c, audit.stories[c], subject)).join("")}
${pairs === "" ? "" : `<p class="cases">Records: ${pairs}${more(finding.moreRecords)}</p>`}
${caseIds.length === 0 ? "" : `<p class="cases">Cases: ${caseIds.map(text).join(", ")}${more(finding.moreCases)}</p>`}
<p class="quiet">${text(finding.method)}</p>
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

function notVisible({ notVisible: list }: Report): string {
  if (list.length === 0) return "";
  const items = list.map(
    ({ what, needs }) => `<li><strong>${text(what)}</strong>: needs ${text(needs)}</li>`,
  );
  return `<section aria-labelledby="notvisible"><h2 id="notvisible">Not testable here</h2><p>These questions could not be asked of this evidence. That nothing was found about them says nothing.</p><ul>${items.join("")}</ul></section>`;
}

function cut(value: string, length: number): string {
  return value.length > length ? `${value.slice(0, length - 1)}…` : value;
}

const text = escapeHtml;
const attribute = escapeHtml;

const STYLE = `
:root{color-scheme:light dark;--ink:#17202a;--quiet:#56606b;--paper:#fff;--line:#dde1e6;--accent:#1c56a5;--bar:#6a97cf;--whisker:#17202a;--bad:#b0271c;--tile:#f2f4f3}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaef;--quiet:#a3aeba;--paper:#14181e;--line:#323a45;--accent:#8ab8f5;--bar:#4f7fb8;--whisker:#e6eaef;--bad:#f5938a;--tile:#1d232b}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:860px;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .6rem}h2{font-size:1.25rem;margin:2.4rem 0 .6rem}h3{font-size:1.05rem;margin:0 0 .3rem;font-weight:600}
h3 em{font-style:normal;color:var(--accent)}.number{color:var(--quiet);font-weight:400;margin-right:.25rem}
.kicker,.quiet{color:var(--quiet);font-size:.86rem}.kicker{margin:0;letter-spacing:.02em}.lead{font-size:1.05rem;margin:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:.7rem;margin:1.4rem 0}.tile{background:var(--tile);border-radius:8px;padding:.7rem .9rem}
.tile dt{font-size:.82rem;color:var(--quiet)}.tile dd{margin:0;font-size:1.2rem;font-weight:600;white-space:nowrap}.tile span{display:block;white-space:normal;font-size:.78rem;font-weight:400;color:var(--quiet)}
figure{margin:1.4rem 0}figcaption{font-size:.86rem;color:var(--quiet);margin-bottom:.4rem}svg{display:block;width:100%;height:auto}svg text{fill:var(--ink);font-size:13px}svg rect{fill:var(--bar)}svg path{stroke:var(--whisker);stroke-width:2;fill:none}.weeks{height:90px}.share{max-width:320px;height:12px}.share .track{fill:var(--line)}
article{border-top:1px solid var(--line);padding:1.1rem 0}article p{margin:.3rem 0}.money{font-size:.93rem}.money:empty{display:none}
details{margin-top:.5rem}summary{cursor:pointer;color:var(--accent);font-size:.93rem}summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;margin:.7rem 0;font-size:.88rem}.facts dt{color:var(--quiet)}.facts dd{margin:0}
table{border-collapse:collapse;width:100%;margin:.8rem 0;font-size:.86rem}caption{text-align:left;font-weight:600;padding:.2rem 0}th,td{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:500;color:var(--quiet)}.n{text-align:right}.hit td{background:var(--tile);font-weight:600}
.lead p{font-size:1.08rem;margin:.35rem 0}.first{padding-left:1.2rem}.first li{margin:.55rem 0}.first .quiet{display:block}.bad td{background:var(--tile)}.bad .v{color:var(--bad);font-weight:600}.ok .v{color:var(--quiet)}ul.plain{list-style:none;padding:0}ul.plain li{padding:.25rem 0;border-bottom:1px solid var(--line)}.odd td:first-child{border-left:3px solid var(--bad);padding-left:.5rem}td:first-child{overflow-wrap:anywhere;min-width:7.5rem}.toc{columns:2;font-size:.9rem;padding-left:1.1rem}nav{margin:1rem 0}a{color:var(--accent)}
.when{white-space:nowrap}.wide{overflow-x:auto}.cases{font-size:.84rem;overflow-wrap:anywhere;color:var(--quiet)}.pre{white-space:pre-wrap}
@media (max-width:480px){main{padding:1.2rem .9rem}svg text{font-size:20px}}
@media print{:root{--ink:#000;--quiet:#444;--paper:#fff;--line:#bbb;--tile:#f4f4f4}body{font-size:11pt}main{max-width:none;padding:0}table,figure,.tile{break-inside:avoid}details::details-content{content-visibility:visible;display:block}}
`;
