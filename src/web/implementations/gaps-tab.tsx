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
        Who decides what, by when
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
