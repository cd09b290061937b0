import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Opens } from "../parts/opens.tsx";
import { Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { count, plainDate, plural, untilDay } from "../words.ts";
import { Deciding, GapChange } from "./acts.tsx";
import { ImplementationFrame, type Gap, type Inventory } from "./implementation-frame.tsx";

/** What stands between the tool and the process, who decides it by when, and what is accepted? */
export function GapsTab() {
  return (
    <ImplementationFrame>
      {(value) => (
        <>
          <Gaps value={value} />
          <Accepted value={value} />
          <Escalations value={value} />
        </>
      )}
    </ImplementationFrame>
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
        Decisions and deadlines
        {gaps.length > 0 && ` (${count(open.length)} open)`}
      </h2>
      <p className="quiet">{forecast.words}</p>
      {open.length > 0 && forecast.byDate !== null && forecast.early !== null && implementation.startsOn && (
        <PaceBar value={value} />
      )}
      {gaps.length === 0 ? (
        <p className="quiet">
          {judged
            ? "No audit has found a gap in the processes it touches."
            : "The first audit of a process it touches will find the gaps."}
        </p>
      ) : (
        <>
          {shown.length > 0 && (
            <Table
              head={[
                decides && unseen("Select", "no-print"),
                "Gap",
                "What closes it",
                "Owner",
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
                          aria-label={`Select: ${gap.title}`}
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
                    {gap.owner ?? <span className="quiet">no owner</span>}
                    <br />
                    <small>decided by {gap.decides}</small>
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
                            ? `reopened: acceptance by ${gap.acceptance.by ?? "someone"} ended ${plainDate(gap.acceptance.until)}`
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
                {all ? "Only open gaps" : `Include closed and accepted gaps (${count(rest.length)})`}
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
}

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
        These gaps are accepted for a limited time. They are not closed, and their steps are not ready.
      </p>
      <Table head={["Gap", "Accepted by", "Why", "Until", may("decide gaps") && unseen("Actions")]}>
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
            <td>{gap.acceptance?.by ?? <span className="quiet">unknown</span>}</td>
            <td>{gap.acceptance?.because ?? <span className="quiet">no reason recorded</span>}</td>
            <td>
              {gap.acceptance?.until ? (
                <>
                  {plainDate(gap.acceptance.until)} <small>· {untilDay(gap.acceptance.until)}</small>
                </>
              ) : (
                "no end date"
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

/** Whom to go to, with what, and what waiting costs. */
function Escalations({ value: { escalation, implementation, gaps } }: { value: Inventory }) {
  const { org } = useOrganisation();
  if (!gaps.some(({ state }) => state === "open")) return null;
  return (
    <section className="stack tight" aria-labelledby="escalation">
      <h2 id="escalation">Escalations</h2>
      {escalation.length === 0 ? (
        <p className="quiet">
          No decision is overdue, and none is needed within two weeks
          {implementation.startsOn === null && ": without a go-live date there are no deadlines"}.
        </p>
      ) : (
        <>
          <Table head={["Who decides", "What", "Needed by", "If decided today"]}>
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
                        <span className="bad">, {plural(one.late, "working day")} late</span>
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
  const words = `Go-live on ${plainDate(implementation.startsOn)}. At the present pace the last gap closes between ${plainDate(forecast.early)} and ${forecast.late ? plainDate(forecast.late) : "an unknown date"} (80 % interval).`;
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
