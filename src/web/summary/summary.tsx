import { Link, useParams } from "@tanstack/react-router";
import type { Answer } from "../client.ts";
import { NotTestable } from "../findings/findings.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Amount } from "../parts/money.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { ReportLinks } from "../parts/report-links.tsx";
import { Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, date, hours, money, percent, plainDate, plural, untilDay } from "../words.ts";

type Finding = Answer<"GET /organisations/{org}/processes/{process}/findings">["items"][number];
type Question = Answer<"GET /organisations/{org}/processes/{process}/questions">["items"][number];

/**
 * One printable page: what a tool would inherit, the largest leaks, said and shown, gaps, decisions, what is
 * not visible.
 */
export function Summary() {
  const { org, may } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/summary" });
  const path = { org, process };
  const one = useAsk("GET /organisations/{org}/processes/{process}", { path });
  const audits = useAsk("GET /organisations/{org}/processes/{process}/audits", { path, query: { limit: 1 } });
  const implementations = useAsk("GET /organisations/{org}/implementations", { path: { org } });
  const touching = (implementations.data?.items ?? []).filter(({ touches }) =>
    touches.some(({ processId }) => processId === process),
  );
  const planned = touching.filter(({ state }) => state === "planned");
  const last = audits.data?.items[0];
  return (
    <div className="stack" style={{ maxWidth: 1080 }}>
      <div className="page-head">
        <div className="between">
          <h1>
            What {planned.length > 0 ? planned.map(({ name }) => `“${name}”`).join(" and ") : "a tool"} would
            inherit
          </h1>
          <div className="row no-print">
            <button type="button" onClick={() => print()}>
              Print
            </button>
            <ReportLinks process={process} audit={last} />
          </div>
        </div>
        <p className="lede">
          {one.data?.name}
          {last &&
            ` · evidence from ${date(last.headline.from)} to ${date(last.headline.to)} · audited ${date(last.at)}`}
        </p>
        {touching.map((it) => (
          <p key={it.id}>
            <span className="strong">{it.name}</span> {it.tool && `(${it.tool}) `}
            {it.state === "planned" ? "goes live" : "in use since"} {plainDate(it.startsOn)}
            {it.state === "planned" && it.startsOn && `, ${untilDay(it.startsOn)}`}
            {it.costPerMonth !== null && `; ${money(it.costPerMonth, it.currency ?? "EUR")} a month`}
          </p>
        ))}
      </div>
      <Loaded of={audits} what="the last audit" tall>
        {() =>
          last ? (
            <Page process={process} last={last} />
          ) : (
            <NotVisible
              missing="evidence: there has been no audit yet"
              supply={
                may("add evidence") ? (
                  <Link to="/o/$org/imports/new" params={{ org }} search={{ process, next: "summary" }}>
                    Import an export of the system
                  </Link>
                ) : undefined
              }
            >
              <p>Answers so far are under Questions.</p>
            </NotVisible>
          )
        }
      </Loaded>
    </div>
  );
}

function Page({
  process,
  last,
}: {
  process: string;
  last: Answer<"GET /organisations/{org}/processes/{process}/audits">["items"][number];
}) {
  const { org, may } = useOrganisation();
  const path = { org, process };
  const findings = useAsk("GET /organisations/{org}/processes/{process}/findings", {
    path,
    query: { limit: 500 },
  });
  const questions = useAsk(
    "GET /organisations/{org}/processes/{process}/questions",
    { path },
    { enabled: may("answer") },
  );
  const { headline } = last;
  const [losses] = headline.totals;
  const [exposure] = headline.exposure;
  const kinds = losses
    ? (["cash", "workingCapital", "labour", "delay"] as const).flatMap((kind) =>
        losses[kind].mid > 0
          ? [{ words: kind === "workingCapital" ? "working capital" : kind, ...losses[kind] }]
          : [],
      )
    : [];
  const lost = kinds.reduce((sum, { mid }) => sum + mid, 0);
  return (
    <>
      <dl className="tiles">
        <div className="tile">
          <dt>Lost in leaks</dt>
          <dd>
            {lost > 0 ? money(lost, losses.currency) : "no price"}
            <small className="quiet">
              {lost === 0
                ? "no leak with a price"
                : kinds
                    .map(
                      ({ words, low, high }) =>
                        `${words} ${money(low, losses.currency)} to ${money(high, losses.currency)}`,
                    )
                    .join("; ")}
            </small>
          </dd>
        </div>
        <div className="tile">
          <dt>Passed through unchecked</dt>
          <dd>
            {exposure ? money(exposure.mid, exposure.currency) : "–"}
            <small className="quiet">exposure: amounts, not losses</small>
          </dd>
        </div>
        <div className="tile">
          <dt>Rework and chasing</dt>
          <dd>
            {hours(headline.compensationHours)}
            <small className="quiet">clarifying, chasing, fixing, correcting</small>
          </dd>
        </div>
        <div className="tile">
          <dt>Leaks</dt>
          <dd>
            {findings.data ? count(findings.data.items.length) : "–"}
            <small className="quiet">{plural(headline.notTestable.length, "check")} could not run here</small>
          </dd>
        </div>
      </dl>
      <Loaded of={findings} what="the leaks">
        {({ items }) => (
          <>
            <Largest items={items} process={process} />
            <Said questions={questions.data?.items} process={process} />
            <SaidByAll process={process} />
            <Gaps items={items} process={process} />
          </>
        )}
      </Loaded>
      {headline.notTestable.length > 0 && <NotTestable list={headline.notTestable} compact />}
    </>
  );
}

const isLoss = ({ content: { money: price } }: Finding) => price !== null && price.kind !== "exposure";

/** The three largest in money; where fewer have a price, those with most exposure, then most cases. */
function Largest({ items, process }: { items: Finding[]; process: string }) {
  const { org } = useOrganisation();
  const open = items.filter(({ state }) => state !== "false alarm");
  const three = [...open]
    .sort(
      (a, b) =>
        Number(isLoss(b)) - Number(isLoss(a)) ||
        (b.content.money?.mid ?? 0) - (a.content.money?.mid ?? 0) ||
        b.content.cases - a.content.cases,
    )
    .slice(0, 3);
  return (
    <section className="stack tight" aria-labelledby="largest">
      <div className="between">
        <h2 id="largest">
          {three.length === 0 ? "Nothing stands out in this evidence" : "The largest leaks"}
        </h2>
        <Link to="/o/$org/p/$process/findings" params={{ org, process }} className="no-print">
          All {items.length}
        </Link>
      </div>
      <div className="columns">
        {three.map(({ id, content }) => (
          <article key={id} className="card stack tight">
            <h3>
              <Link to="/o/$org/p/$process/findings/$finding" params={{ org, process, finding: id }}>
                {content.title}
              </Link>
            </h3>
            {content.money && (
              <p>
                <Amount price={content.money} /> <small>{content.money.kind}</small>
              </p>
            )}
            <p>{content.statement}</p>
            <p>
              <Opens process={process} filter={{ finding: id }} enabled={content.unit === "cases"}>
                {count(content.cases)} of {count(content.outOf)} {content.unit}
              </Opens>
            </p>
          </article>
        ))}
      </div>
    </section>
  );
}

/** What one said oneself, beside what is so. */
function Said({ questions, process }: { questions: Question[] | undefined; process: string }) {
  const { org } = useOrganisation();
  const answered = (questions ?? []).filter(({ answer }) => answer !== null);
  const words = (one: Question) => one.options.find(({ key }) => key === one.answer)?.text ?? one.answer;
  const means = (one: Question) => "abcd".indexOf(one.answer ?? "");
  const verdictOf = (one: Question) =>
    one.evidence === null
      ? "no evidence yet"
      : one.evidence === "not visible"
        ? "not visible here"
        : one.evidence === "cannot say"
          ? "not enough evidence"
          : means(one) === 3
            ? one.evidence === "well"
              ? "works well"
              : "does not work well"
            : (means(one) === 0) === (one.evidence === "well")
              ? "confirmed"
              : "contradicted";
  const order = (one: Question) =>
    ["contradicted", "does not work well", "confirmed", "works well"].indexOf(verdictOf(one));
  return (
    <section className="stack tight" aria-labelledby="said">
      <h2 id="said">Your answers and the evidence</h2>
      {answered.length === 0 ? (
        <p className="quiet">
          You have answered no question yet.{" "}
          <Link to="/o/$org/p/$process/questions" params={{ org, process }}>
            Answer the six most important ones
          </Link>
          .
        </p>
      ) : (
        <Table head={["You said", "The evidence", unseen("Verdict")]}>
          {[...answered]
            .sort((a, b) => (order(a) < 0 ? 9 : order(a)) - (order(b) < 0 ? 9 : order(b)))
            .slice(0, 12)
            .map((one) => (
              <tr key={one.number}>
                <td>
                  <small>{one.question}</small>
                  <br />“{words(one)}”
                </td>
                <td>
                  {!one.measured ? (
                    <span className="quiet">no audit yet</span>
                  ) : one.evidence === "not visible" ? (
                    <span className="quiet">Missing: {one.measured.needs.join("; ")}</span>
                  ) : (
                    <>
                      {one.measured.claim.replace(/\.$/, "")}:{" "}
                      <Opens process={process} filter={{ question: one.number }} enabled={one.measured.opens}>
                        {one.measured.against === 0
                          ? `all ${count(one.measured.n)} ${one.measured.unit} confirm it`
                          : `${count(one.measured.against)} of ${count(one.measured.n)} ${one.measured.unit} did not`}
                      </Opens>
                      {one.measured.estimate !== null && (
                        <small> ({percent(one.measured.estimate)} did)</small>
                      )}
                    </>
                  )}
                </td>
                <td>
                  <span
                    className={`badge ${/contradicted|not work/.test(verdictOf(one)) ? "bad" : /confirmed|works well/.test(verdictOf(one)) ? "good" : ""}`}
                  >
                    {verdictOf(one)}
                  </span>
                </td>
              </tr>
            ))}
        </Table>
      )}
    </section>
  );
}

/** Gaps with their owners, and the decisions that somebody must make. */
function Gaps({ items, process }: { items: Finding[]; process: string }) {
  const { org } = useOrganisation();
  const open = items.filter(({ state }) => state === "open");
  const nobody = open.filter(({ owner }) => owner === null);
  const noRemedy = open.filter(({ owner, remedy }) => owner !== null && remedy === null);
  return (
    <section className="stack tight" aria-labelledby="gaps">
      <h2 id="gaps">Gaps and their owners</h2>
      {open.length === 0 ? (
        <p className="quiet">No leak is open.</p>
      ) : (
        <>
          <p className="note warn">
            Decisions needed: {nobody.length > 0 && `an owner for ${plural(nobody.length, "leak")}`}
            {nobody.length > 0 && noRemedy.length > 0 && "; "}
            {noRemedy.length > 0 && `a remedy for ${plural(noRemedy.length, "leak")} with an owner`}
            {nobody.length === 0 &&
              noRemedy.length === 0 &&
              "none: every open leak has an owner and a remedy"}
            .
          </p>
          <Table head={["Gap", "Owner", "Remedy", "Decided by"]}>
            {open.slice(0, 15).map(({ id, content, owner, remedy, subject, suggestion }) => (
              <tr key={id}>
                <td>
                  <Link to="/o/$org/p/$process/findings/$finding" params={{ org, process, finding: id }}>
                    {content.title}
                  </Link>{" "}
                  <small>{content.people.includes(subject) ? "one person" : subject}</small>
                </td>
                <td>{owner ?? <span className="bad">no owner yet</span>}</td>
                <td>
                  {remedy ?? (
                    <span className="quiet">{suggestion ? `usual: ${suggestion.text}` : "none yet"}</span>
                  )}
                </td>
                <td>
                  <small>{suggestion?.decides ?? "–"}</small>
                </td>
              </tr>
            ))}
          </Table>
          {open.length > 15 && <small>and {open.length - 15} more under Leaks</small>}
        </>
      )}
    </section>
  );
}

/** What everybody said whose answers were released, where the evidence says otherwise. */
function SaidByAll({ process }: { process: string }) {
  const { org } = useOrganisation();
  const result = useAsk("GET /organisations/{org}/processes/{process}/answers/result", {
    path: { org, process },
  });
  const wrong = (result.data?.items ?? []).filter(
    ({ verdict, said }) => said.length > 0 && verdict === "contradicted",
  );
  if (!result.data || result.data.respondents === 0 || wrong.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="said-all">
      <div className="between">
        <h2 id="said-all">Answers that the evidence contradicts</h2>
        <Link
          to="/o/$org/p/$process/questions"
          params={{ org, process }}
          search={{ view: "result" }}
          className="no-print"
        >
          All answers
        </Link>
      </div>
      <Table head={["Asked", "Said", "The evidence"]}>
        {wrong.slice(0, 8).map((one) => (
          <tr key={one.number}>
            <td>
              <small>{one.question}</small>
            </td>
            <td>
              {count(one.said[0].count)} of {count(one.said.reduce((sum, { count: n }) => sum + n, 0))}: “
              {one.said[0].text}”
            </td>
            <td>
              {one.measured.claim.replace(/\.$/, "")}:{" "}
              <Opens process={process} filter={{ question: one.number }} enabled={one.measured.opens}>
                {count(one.measured.against)} of {count(one.measured.n)} {one.measured.unit} did not
              </Opens>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
