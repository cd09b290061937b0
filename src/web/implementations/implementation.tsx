import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { ReadinessBadge } from "../parts/readiness-badge.tsx";
import { num, Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, dateTime, interval, money, percent, plainDate, plural, untilDay } from "../words.ts";
import { OutcomeOf } from "./results.tsx";
import { usePromiseWords } from "./promise-words.ts";
import { Deciding, Meeting, GapChange, Promising, Signing, Withdraw } from "./acts.tsx";

export type Inventory = Answer<"GET /organisations/{org}/implementations/{implementation}">;
export type Gap = Inventory["gaps"][number];

/** Are we ready for this date, and if not, what do we do first? */
export function InventoryPage() {
  const { org } = useOrganisation();
  const { implementation } = useParams({ from: "/o/$org/i/$implementation" });
  const inventory = useAsk("GET /organisations/{org}/implementations/{implementation}", {
    path: { org, implementation },
  });
  return (
    <Loaded of={inventory} what="the inventory" tall>
      {(value) => <InventoryOf value={value} />}
    </Loaded>
  );
}

function InventoryOf({ value }: { value: Inventory }) {
  const { org, may } = useOrganisation();
  const { implementation: tool } = value;
  const params = { org, implementation: tool.id };
  return (
    <div className="stack">
      <div className="page-head">
        <h1>
          {tool.name}: {tool.state === "planned" ? "are we ready?" : "where are the results?"}
        </h1>
        <p className="lede">
          {[
            tool.tool,
            tool.startsOn &&
              (tool.state === "planned"
                ? `goes live ${plainDate(tool.startsOn)} (${untilDay(tool.startsOn)})`
                : `in use since ${plainDate(tool.startsOn)}`),
            tool.costPerMonth !== null && `${money(tool.costPerMonth, tool.currency ?? "EUR")} a month`,
          ]
            .filter(Boolean)
            .join(" · ") || "Neither date nor cost was said."}
        </p>
      </div>
      <div className="row no-print">
        <a
          className="button primary"
          href={`/api/organisations/${org}/implementations/${tool.id}/inventory.pdf`}
          target="_blank"
          rel="noreferrer"
        >
          One page for the meeting (PDF)
        </a>
        {may("manage processes") && (
          <Link className="button" to="/o/$org/i/$implementation/requirements" params={params}>
            What it requires …
          </Link>
        )}
        {may("decide gaps") && <Meeting tool={tool.id} />}
      </div>
      {tool.state === "in use" && <OutcomeOf tool={tool} promises={value.promises} />}
      <AnswerCard value={value} />
      <Accepted value={value} />
      <Inherits value={value} />
      <Requires value={value} />
      <Gaps value={value} />
      <Escalations value={value} />
      <Promises value={value} />
      <Decisions value={value} />
      <Signatures value={value} />
    </div>
  );
}

const ANSWER_LOOKS = {
  ready: "good",
  "accepted gaps": "warn",
  "not yet": "bad",
  "cannot be told": "",
} as const;

function AnswerCard({ value: { answer, since } }: { value: Inventory }) {
  return (
    <section className={`note ${ANSWER_LOOKS[answer.state]}`} aria-labelledby="answer">
      <h2 id="answer">{answer.sentences[0]}</h2>
      {answer.sentences.slice(1).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {answer.first.length > 0 && (
        <>
          <h3>What to do first</h3>
          <ol className="stack tight">
            {answer.first.map(({ text, decides, days, makesReady }, i) => (
              <li key={text + makesReady.join()}>
                {i + 1}. {text}{" "}
                <small>
                  {plural(days, "working day")}; decides: {decides}; for {listed(makesReady)}
                </small>
              </li>
            ))}
          </ol>
        </>
      )}
      {since.at && (
        <>
          <h3>Since the meeting of {dateTime(since.at)}</h3>
          {since.opened.length + since.closed.length + since.accepted.length === 0 ? (
            <p>Nothing has opened or closed.</p>
          ) : (
            <ul className="stack tight">
              {(
                [
                  ["opened", since.opened],
                  ["closed by evidence", since.closed],
                  ["accepted", since.accepted],
                ] as const
              ).map(
                ([words, titles]) =>
                  titles.length > 0 && (
                    <li key={words}>
                      {plural(titles.length, "gap")} {words}: {titles.join(" ")}
                    </li>
                  ),
              )}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

/** The first of them, and how many more. */
const listed = (names: string[]) =>
  names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

/** What people live with for a time: who, why, until when. It makes nothing ready. */
function Accepted({ value: { gaps, implementation, processes } }: { value: Inventory }) {
  const { may } = useOrganisation();
  const accepted = gaps
    .filter(({ state }) => state === "accepted")
    .sort((a, b) => (a.acceptance?.until ?? "9999").localeCompare(b.acceptance?.until ?? "9999"));
  if (accepted.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="accepted">
      <h2 id="accepted">{plural(accepted.length, "accepted gap")}</h2>
      <p className="quiet">
        Somebody lives with these for a time. They are not closed, and the steps they are about are not ready.
      </p>
      <Table head={["Gap", "Accepted by", "Why", "Until", may("decide gaps") && unseen("Acts")]}>
        {accepted.map((gap) => (
          <tr key={gap.id}>
            <td>
              <GapTitle gap={gap} />
              {processes.length > 1 && (
                <>
                  <br />
                  <small>{processes.find(({ id }) => id === gap.processId)?.name}</small>
                </>
              )}
            </td>
            <td>{gap.acceptance?.by ?? <span className="quiet">nobody is known</span>}</td>
            <td>{gap.acceptance?.because ?? <span className="quiet">no reason is known</span>}</td>
            <td>
              {gap.acceptance?.until ? (
                <>
                  {plainDate(gap.acceptance.until)} <small>· {untilDay(gap.acceptance.until)}</small>
                </>
              ) : (
                "no end was said"
              )}
            </td>
            {may("decide gaps") && (
              <td className="no-print">
                <Deciding tool={implementation.id} gaps={[gap]} />
              </td>
            )}
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Inherits({ value: { processes } }: { value: Inventory }) {
  const { org } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="inherits">
      <h2 id="inherits">What it would inherit</h2>
      {processes.length === 0 ? (
        <NotVisible missing="what it touches: no process is named" />
      ) : (
        <Table head={["Process", "Steps that it touches", num("Ready"), "Judged"]}>
          {processes.map(({ id, name, steps, judgedAt }) => (
            <tr key={id}>
              <td style={{ minWidth: 140 }}>
                <Link className="strong" to="/o/$org/p/$process/readiness" params={{ org, process: id }}>
                  {name}
                </Link>
                <br />
                <small>
                  <Link to="/o/$org/p/$process/plan" params={{ org, process: id }}>
                    what to fix first
                  </Link>
                </small>
              </td>
              <td>
                {judgedAt === null ? (
                  <span className="quiet">
                    Nothing is known: import an export of its system, and it is audited.
                  </span>
                ) : (
                  <span className="legend">
                    {steps.map(({ step, verdict, sentence, overriddenBy }) => (
                      <span key={step} title={sentence}>
                        <ReadinessBadge verdict={verdict} /> {step}
                        {overriddenBy && <span className="badge warn">let pass by {overriddenBy}</span>}
                      </span>
                    ))}
                  </span>
                )}
              </td>
              <td className="num">
                {judgedAt === null
                  ? "–"
                  : `${count(steps.filter(({ verdict }) => verdict === "ready").length)} of ${count(steps.length)}`}
              </td>
              <td>{judgedAt === null ? "–" : dateTime(judgedAt)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

const CLAIM_LOOKS: Record<string, string> = { confirmed: "good", contradicted: "bad" };

/** More sentences that no check understands than these are shown when they are asked for. */
const FEW = 3;

function Requires({ value: { requires, processes, implementation } }: { value: Inventory }) {
  const { org, may } = useOrganisation();
  const nameOf = (id: string) => processes.find((one) => one.id === id)?.name ?? "";
  const said = implementation.requires.length + (implementation.document === null ? 0 : 1);
  const order = ["contradicted", "not enough evidence", "not testable here", "confirmed"];
  const [all, setAll] = useState(false);
  const sorted = [...requires].sort(
    (a, b) => order.indexOf(a.claim.verdict) - order.indexOf(b.claim.verdict),
  );
  const unread = sorted.filter(
    ({ requirement, claim }) => requirement === null && claim.verdict === "not testable here",
  );
  const rows = all || unread.length <= FEW ? sorted : sorted.filter((one) => !unread.includes(one));
  return (
    <section className="stack tight" aria-labelledby="requires">
      <h2 id="requires">What it requires, and what is there</h2>
      {rows.length === 0 ? (
        said > 0 ? (
          <p className="quiet">
            {plural(said, "thing")} it requires {said === 1 ? "is" : "are"} being held against the evidence;
            where there is none yet, it waits for the first import.
          </p>
        ) : (
          <NotVisible missing="what the tool needs to work: fields, owners, handoffs, an authoritative source, a volume, a consistency">
            {may("manage processes") && (
              <Link
                to="/o/$org/i/$implementation/requirements"
                params={{ org, implementation: implementation.id }}
              >
                Say what it requires, or paste its requirements document
              </Link>
            )}
          </NotVisible>
        )
      ) : (
        <Table head={["It requires", "There is", "Verdict", num("Against"), "Process"]}>
          {rows.map(({ claim, has, processId }) => (
            <tr key={processId + claim.id}>
              <td>
                {claim.statement}
                <br />
                <small>{claim.check}</small>
              </td>
              <td>
                {claim.verdict === "not testable here"
                  ? `Not visible: ${claim.needs.join("; ")}`
                  : (has ??
                    (claim.estimate === null
                      ? "–"
                      : `${percent(claim.estimate)} (${interval(claim.interval)})`))}
              </td>
              <td>
                <span className={`badge ${CLAIM_LOOKS[claim.verdict] ?? ""}`}>{claim.verdict}</span>
              </td>
              <td className="num">
                {claim.n === 0 || claim.unit === "statements" ? (
                  "–"
                ) : (
                  <Opens process={processId} filter={{ readiness: claim.id }} enabled={claim.opens}>
                    {count(claim.against)} of {count(claim.n)}
                  </Opens>
                )}
                {claim.n > 0 && claim.unit !== "statements" && <small> {claim.unit}</small>}
              </td>
              <td>{nameOf(processId)}</td>
            </tr>
          ))}
        </Table>
      )}
      {unread.length > FEW && (
        <p>
          <button type="button" className="opens" aria-expanded={all} onClick={() => setAll(!all)}>
            {all
              ? "Without what nothing here can test"
              : `And ${plural(unread.length, "sentence")} of its document that nothing here can test`}
          </button>
        </p>
      )}
    </section>
  );
}

function Gaps({ value }: { value: Inventory }) {
  const { gaps, forecast, processes, implementation } = value;
  const { may } = useOrganisation();
  const [all, setAll] = useState(false);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const today = new Date().toISOString().slice(0, 10);
  const open = gaps
    .filter(({ state }) => state === "open")
    .sort((a, b) => (a.decideBy ?? "9999").localeCompare(b.decideBy ?? "9999"));
  const rest = gaps.filter(({ state }) => state !== "open");
  const shown = all ? [...open, ...rest] : open;
  const decides = may("decide gaps");
  const chosen = shown.filter(({ id, state }) => state !== "closed" && ticked.has(id));
  const tick = (id: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    setTicked(next);
  };
  const judged = processes.some(({ judgedAt }) => judgedAt !== null);
  return (
    <section className="stack tight" aria-labelledby="gaps">
      <h2 id="gaps">
        Gaps, who decides them, and by when
        {gaps.length > 0 && ` (${count(open.length)} open)`}
      </h2>
      <p className="quiet">{forecast.words}</p>
      {open.length > 0 && forecast.byDate !== null && forecast.early !== null && implementation.startsOn && (
        <PaceBar value={value} />
      )}
      {gaps.length === 0 ? (
        <p className="quiet">
          {judged
            ? "No audit has found a gap between it and what it touches."
            : "Gaps are found by the first audit of a process that it touches."}
        </p>
      ) : (
        <>
          {shown.length > 0 && (
            <Table
              head={[
                decides && unseen("Decide about it with others", "no-print"),
                "Gap",
                "What closes it",
                "Sees to it",
                "Decision needed by",
                all && "State",
              ]}
            >
              {shown.map((gap) => (
                <tr key={gap.id}>
                  {decides && (
                    <td className="no-print">
                      {gap.state !== "closed" && (
                        <input
                          type="checkbox"
                          aria-label={`Decide with others about: ${gap.title}`}
                          checked={ticked.has(gap.id)}
                          onChange={({ target }) => tick(gap.id, target.checked)}
                        />
                      )}
                    </td>
                  )}
                  <td>
                    <GapTitle gap={gap} />
                    <br />
                    <small>
                      {gap.has} · {processes.find(({ id }) => id === gap.processId)?.name}, since{" "}
                      {plainDate(gap.openedAt)}
                    </small>
                  </td>
                  <td>
                    {gap.remedy} <small>({plural(gap.days, "working day")})</small>
                  </td>
                  <td>
                    {gap.owner ?? <span className="quiet">nobody named</span>}
                    <br />
                    <small>decides: {gap.decides}</small>
                  </td>
                  <td className={gap.state === "open" && gap.decideBy && gap.decideBy < today ? "bad" : ""}>
                    {plainDate(gap.decideBy)}
                    {gap.state === "open" && gap.decideBy && <small> · {untilDay(gap.decideBy)}</small>}
                    {gap.state !== "closed" && (
                      <span className="row tight no-print">
                        {may("manage processes") && <GapChange tool={implementation.id} gap={gap} />}
                        {decides && <Deciding tool={implementation.id} gaps={[gap]} />}
                      </span>
                    )}
                  </td>
                  {all && (
                    <td>
                      {gap.state === "closed"
                        ? `closed by evidence ${plainDate(gap.closedAt)}`
                        : gap.state === "accepted"
                          ? `accepted ${plainDate(gap.acceptedAt)}`
                          : gap.acceptance?.ended
                            ? `open again: the acceptance by ${gap.acceptance.by ?? "somebody"} ended ${plainDate(gap.acceptance.until)}`
                            : "open"}
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          )}
          {chosen.length > 1 && (
            <p className="no-print">
              <Deciding tool={implementation.id} gaps={chosen} done={() => setTicked(new Set())} />
            </p>
          )}
          {rest.length > 0 && (
            <p>
              <button type="button" onClick={() => setAll(!all)} aria-expanded={all}>
                {all
                  ? "Only the open ones"
                  : `Also those that are closed or accepted (${count(rest.length)})`}
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** Whom to go to, with what, and what waiting costs. */
function Escalations({ value: { escalation, implementation, gaps } }: { value: Inventory }) {
  const { org } = useOrganisation();
  if (!gaps.some(({ state }) => state === "open")) return null;
  return (
    <section className="stack tight" aria-labelledby="escalation">
      <h2 id="escalation">Whom to go to</h2>
      {escalation.length === 0 ? (
        <p className="quiet">
          No decision is overdue, and none is needed within two weeks
          {implementation.startsOn === null && ": without a date nothing is needed by a day"}.
        </p>
      ) : (
        <>
          <Table head={["Who decides", "What", "Needed by", "If it is decided today"]}>
            {escalation.flatMap(({ decides, needed }) =>
              needed.map((one, i) => (
                <tr key={one.gap}>
                  <td className="strong">{i === 0 && decides}</td>
                  <td>
                    {one.title}
                    <br />
                    <small>{one.remedy}</small>
                  </td>
                  <td className={one.isOverdue ? "bad" : ""}>
                    {plainDate(one.decideBy)}
                    {one.isOverdue && (
                      <small>
                        {" "}
                        · overdue{one.overdue > 0 && ` by ${plural(one.overdue, "working day")}`}
                      </small>
                    )}
                  </td>
                  <td>
                    closed by {plainDate(one.closedBy)}
                    {one.late !== null &&
                      (one.late > 0 ? (
                        <span className="bad">, {plural(one.late, "working day")} after the date</span>
                      ) : (
                        ", in time"
                      ))}
                  </td>
                </tr>
              )),
            )}
          </Table>
          <p className="no-print">
            <a
              className="button"
              href={`/api/organisations/${org}/implementations/${implementation.id}/escalation.pdf`}
              target="_blank"
              rel="noreferrer"
            >
              Escalation sheet (PDF)
            </a>
          </p>
        </>
      )}
    </section>
  );
}

function GapTitle({ gap }: { gap: Gap }) {
  const { org } = useOrganisation();
  if (gap.step !== null)
    return (
      <Link to="/o/$org/p/$process/readiness" params={{ org, process: gap.processId }}>
        {gap.title}
      </Link>
    );
  return gap.claim ? (
    <Opens process={gap.processId} filter={{ readiness: gap.claim }} enabled={gap.opens}>
      {gap.title}
    </Opens>
  ) : (
    <>{gap.title}</>
  );
}

/** The date beside the range in which the last gap closes at the pace so far. */
function PaceBar({ value: { forecast, implementation } }: { value: Inventory }) {
  const now = Date.now();
  const date = Date.parse(implementation.startsOn!);
  const early = Date.parse(forecast.early!);
  const late = forecast.late === null ? null : Date.parse(forecast.late);
  const end = Math.max(date, late ?? early + 200 * 86_400_000, now + 86_400_000) * 1.0;
  const x = (at: number) => Math.max(0, Math.min(100, (100 * (at - now)) / (end - now)));
  const words = `From today: go-live at ${plainDate(implementation.startsOn)}; the last gap closes between ${plainDate(forecast.early)} and ${forecast.late ? plainDate(forecast.late) : "nobody knows when"} (80 %).`;
  return (
    <figure className="ready-bar">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={words}>
        <rect width="100" height="6" className="none" />
        <rect x={x(early)} width={(late === null ? 100 : x(late)) - x(early)} height="6" className="then" />
        <rect x={Math.min(99.4, x(date))} width="0.6" height="6" className="date" />
      </svg>
      <figcaption className="quiet">{words}</figcaption>
    </figure>
  );
}

function Promises({ value: { promises, implementation } }: { value: Inventory }) {
  const promiseWords = usePromiseWords();
  const { may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="promises">
      <h2 id="promises">What was promised</h2>
      {promises.length === 0 ? (
        <NotVisible missing="a promise, registered before the fact: what changes, by how much, until when, compared with what. Without one nobody can say later whether it was kept" />
      ) : (
        <Table
          head={["Promise", "By", "Compared with", "Registered", may("manage processes") && unseen("Acts")]}
        >
          {promises.map((one) => (
            <tr key={one.id} className={one.withdrawnAt ? "quiet" : ""}>
              <td>
                {promiseWords(one)}
                {one.withdrawnAt && ` (withdrawn ${plainDate(one.withdrawnAt)})`}
              </td>
              <td>{plainDate(one.by)}</td>
              <td>{one.comparison}</td>
              <td>
                {plainDate(one.madeAt)} by {one.madeBy}
                {!one.beforeTheFact && <small className="bad"> · after it went live</small>}
              </td>
              {may("manage processes") && (
                <td>
                  {!one.withdrawnAt && (
                    <Withdraw tool={implementation.id} promise={one.id} metric={one.metric} />
                  )}
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {may("manage processes") && <Promising tool={implementation.id} />}
    </section>
  );
}

function Decisions({ value: { notes, implementation } }: { value: Inventory }) {
  const { may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="decisions">
      <h2 id="decisions">What was decided</h2>
      {notes.length === 0 ? (
        <p className="quiet">Nobody has decided anything here yet.</p>
      ) : (
        <Table head={["When", "Who", "What", "About"]}>
          {notes.map((one) => (
            <tr key={one.id}>
              <td>{dateTime(one.at)}</td>
              <td>{one.by}</td>
              <td>
                {one.kind === "meeting" && <span className="badge">meeting</span>} {one.text}
              </td>
              <td>{one.gap ?? "–"}</td>
            </tr>
          ))}
        </Table>
      )}
      {may("decide gaps") && (
        <div>
          <Deciding tool={implementation.id} />
        </div>
      )}
    </section>
  );
}

function Signatures({ value: { signatures, hash, implementation } }: { value: Inventory }) {
  const { may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="signatures">
      <h2 id="signatures">Seen by an outside assessor</h2>
      {signatures.length === 0 ? (
        <p className="quiet">
          Nobody from outside has looked at it. An admin can invite an assessor for a time, who sees neither
          names nor case ids and signs with a judgement of their own.
        </p>
      ) : (
        <ul className="stack tight">
          {signatures.map((one) => (
            <li key={one.id} className="card">
              <span
                className={`badge ${one.judgement === "agrees" ? "good" : one.judgement === "does not agree" ? "bad" : "warn"}`}
              >
                {one.judgement}
              </span>{" "}
              {one.by}, {dateTime(one.at)}
              {!one.current && <small> · of an earlier state: the inventory has changed since</small>}
              <p className="pre">{one.note}</p>
            </li>
          ))}
        </ul>
      )}
      {may("countersign") && <Signing tool={implementation.id} hash={hash} />}
    </section>
  );
}
