import { Link, useBlocker, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Amount } from "../parts/money.tsx";
import { Opens } from "../parts/opens.tsx";
import { Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, dateTime, hours, interval, percent, plural, workTime } from "../words.ts";

type Finding = Answer<"GET /organisations/{org}/processes/{process}/findings/{finding}">;

/** One leak: what was seen, what it costs and why, its cases, and what people decide about it. */
export function FindingPage() {
  const { org } = useOrganisation();
  const { process, finding } = useParams({ from: "/o/$org/p/$process/findings/$finding" });
  const path = { org, process, finding };
  const leak = useAsk("GET /organisations/{org}/processes/{process}/findings/{finding}", { path });
  return (
    <div className="stack">
      <p>
        <Link to="/o/$org/p/$process/findings" params={{ org, process }}>
          ← All leaks
        </Link>
      </p>
      <Loaded of={leak} what="the leak" tall>
        {(value) => (
          <>
            <div className="page-head">
              <h1>{value.content.title}</h1>
              <p className="lede">{value.content.statement}</p>
            </div>
            <div className="side">
              <div className="stack">
                <Numbers finding={value} process={process} />
                <CasesOf
                  path={path}
                  process={process}
                  total={value.content.cases}
                  unit={value.content.unit}
                />
              </div>
              <aside className="stack">
                <Decide key={value.version} finding={value} path={path} />
                <Reviews finding={value} path={path} />
                <Names finding={value} path={path} />
              </aside>
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}

type Path = { org: string; process: string; finding: string };

function Numbers({ finding, process }: { finding: Finding; process: string }) {
  const { content } = finding;
  return (
    <section className="card stack tight" aria-label="Numbers">
      <dl className="pairs">
        <div>
          <dt>Frequency</dt>
          <dd>
            <Opens process={process} filter={{ finding: finding.id }} enabled={content.unit === "cases"}>
              {count(content.cases)} of {count(content.outOf)} {content.unit}
            </Opens>{" "}
            ({percent(content.share)}; 95 % interval {interval(content.interval)})
          </dd>
        </div>
        {content.money && (
          <div>
            <dt>Cost ({content.money.kind})</dt>
            <dd>
              <Amount price={content.money} />
              <br />
              <small>{content.money.basis}</small>
            </dd>
          </div>
        )}
        {content.hours !== null && (
          <div>
            <dt>Working time</dt>
            <dd>{hours(content.hours)}</dd>
          </div>
        )}
        {content.facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Precision</dt>
          <dd>
            {percent(content.precision.mean)} of such findings are right (
            {interval(content.precision.interval)}), based on{" "}
            {plural(content.precision.confirmed + content.precision.falseAlarms, "review")} here and on
            simulated organisations before any review.
          </dd>
        </div>
      </dl>
      <details>
        <summary>Method</summary>
        <p>
          <small>
            Detector {finding.detector} · finding {finding.id} · about “{finding.subject}”
            {content.alsoSeenBy.length > 0 && ` · also seen by ${content.alsoSeenBy.join(", ")}`}
          </small>
        </p>
      </details>
    </section>
  );
}

function CasesOf({
  path,
  process,
  total,
  unit,
}: {
  path: Path;
  process: string;
  total: number;
  unit: string;
}) {
  const { org } = useOrganisation();
  const cases = useAsk("GET /organisations/{org}/processes/{process}/findings/{finding}/cases", {
    path,
    query: { limit: 20 },
  });
  return (
    <Loaded of={cases} what="its cases">
      {({ items, records, total: all }) => (
        <section className="stack tight" aria-labelledby="cases">
          <div className="between">
            <h2 id="cases">{unit === "cases" ? "Its cases" : `Its ${unit}`}</h2>
            {all > 0 && (
              <Opens process={process} filter={{ finding: path.finding }}>
                All {plural(all, "case")}
              </Opens>
            )}
          </div>
          {records.length > 0 && (
            <Table head={["Record", "Related record"]} maxHeight={320}>
              {records.slice(0, 200).map(([a, b], i) => (
                <tr key={i}>
                  <td>{a}</td>
                  <td>{b === a ? "–" : b}</td>
                </tr>
              ))}
            </Table>
          )}
          {items.length === 0 && records.length === 0 && (
            <p className="quiet">
              {count(total)} {unit}; the finding belongs to no single case.
            </p>
          )}
          {items.map(({ caseId, story }) =>
            story === null ? (
              <p key={caseId} className="card">
                <Link
                  to="/o/$org/p/$process/cases"
                  params={{ org, process }}
                  search={{ f: undefined, case: caseId }}
                >
                  {caseId}
                </Link>
              </p>
            ) : (
              <details key={caseId} className="card">
                <summary>
                  {caseId} {story && <small>{plural(story.length, "event")}</small>}
                </summary>
                <p>
                  <Link
                    to="/o/$org/p/$process/cases"
                    params={{ org, process }}
                    search={{ f: undefined, case: caseId }}
                  >
                    The whole case
                  </Link>
                </p>
                {story && (
                  <ol className="timeline" style={{ marginTop: 8 }}>
                    {story.map((event, i) => (
                      <li key={i}>
                        <span className="when">{dateTime(event.time)}</span>
                        <span className="dot" aria-hidden="true" />
                        <div className="what">
                          <span className="strong">{event.activity}</span>{" "}
                          <small>
                            {event.who}
                            {event.waitHours !== null &&
                              event.waitHours > 0 &&
                              ` · after ${workTime(event.waitHours * 3_600_000)} of working time`}
                          </small>
                        </div>
                      </li>
                    ))}
                  </ol>
                )}
              </details>
            ),
          )}
        </section>
      )}
    </Loaded>
  );
}

/** Owner, remedy and state: what people decide. */
function Decide({ finding, path }: { finding: Finding; path: Path }) {
  const { may } = useOrganisation();
  const [owner, setOwner] = useState(finding.owner ?? "");
  const [remedy, setRemedy] = useState(finding.remedy ?? "");
  const change = useDo(
    (body: { owner?: string | null; remedy?: string | null; state?: "open" | "accepted" }) =>
      ask("PATCH /organisations/{org}/processes/{process}/findings/{finding}", {
        path,
        body,
        version: finding.version,
      }),
  );
  const mine = may("judge findings");
  const changed = owner !== (finding.owner ?? "") || remedy !== (finding.remedy ?? "");
  useBlocker({
    shouldBlockFn: () => changed && !confirm("Owner or remedy has unsaved changes. Leave anyway?"),
    enableBeforeUnload: () => changed,
  });
  return (
    <section className="card stack tight" aria-label="Decision">
      <div className="between">
        <h2>Owner and remedy</h2>
        <span className="badge">{finding.state}</span>
      </div>
      <form
        className="stack tight"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ owner: owner.trim() || null, remedy: remedy.trim() || null });
        }}
      >
        <label>
          Owner
          <input
            value={owner}
            maxLength={120}
            disabled={!mine}
            onChange={({ target }) => setOwner(target.value)}
            placeholder="a role or a person"
          />
        </label>
        {finding.suggestion && (
          <p className="quiet">
            Usual remedy: {finding.suggestion.text}{" "}
            <small>
              Takes {finding.suggestion.effort}; decided by: {finding.suggestion.decides}.
            </small>
          </p>
        )}
        <label>
          Remedy
          <textarea
            value={remedy}
            maxLength={2000}
            disabled={!mine}
            onChange={({ target }) => setRemedy(target.value)}
          />
        </label>
        {mine && (
          <div className="row">
            <button type="submit" className="primary" disabled={change.isPending}>
              Save
            </button>
            {finding.state === "open" && (
              <button type="button" onClick={() => change.mutate({ state: "accepted" })}>
                Accept the risk
              </button>
            )}
            {finding.state === "accepted" && (
              <button type="button" onClick={() => change.mutate({ state: "open" })}>
                Reopen
              </button>
            )}
          </div>
        )}
        <Refusal of={change.error} />
        <small>Only a new audit, not a person, marks a leak as fixed.</small>
      </form>
    </section>
  );
}

function Reviews({ finding, path }: { finding: Finding; path: Path }) {
  const { may } = useOrganisation();
  const [note, setNote] = useState("");
  const judge = useDo(
    (said: "confirmed" | "false alarm") =>
      ask("POST /organisations/{org}/processes/{process}/findings/{finding}/reviews", {
        path,
        body: { said, ...(note.trim() ? { note: note.trim() } : {}) },
      }),
    () => setNote(""),
  );
  return (
    <section className="card stack tight" aria-label="Review">
      <h2>Review</h2>
      <p className="quiet">
        Open some cases, then record what you found. The next audit weighs amounts by these reviews; the
        latest one counts.
      </p>
      {may("judge findings") && (
        <>
          <label>
            Note
            <input value={note} maxLength={2000} onChange={({ target }) => setNote(target.value)} />
          </label>
          <div className="row">
            <button type="button" disabled={judge.isPending} onClick={() => judge.mutate("confirmed")}>
              Confirmed
            </button>
            <button type="button" disabled={judge.isPending} onClick={() => judge.mutate("false alarm")}>
              False alarm
            </button>
          </div>
        </>
      )}
      <Refusal of={judge.error} />
      {finding.reviews.length > 0 && (
        <ul className="stack tight">
          {finding.reviews.map((one, i) => (
            <li key={i}>
              <span className={one.said === "confirmed" ? "good" : "bad"}>{one.said}</span>{" "}
              <small>
                {dateTime(one.saidAt)}
                {one.note && `: ${one.note}`}
              </small>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Names({ finding, path }: { finding: Finding; path: Path }) {
  const { may } = useOrganisation();
  const [names, setNames] = useState<Record<string, string>>();
  if (finding.content.people.length === 0) return null;
  return (
    <section className="card stack tight" aria-label="People">
      <h2>{plural(finding.content.people.length, "person", "people")} involved</h2>
      {names ? (
        <ul>
          {Object.entries(names).map(([pseudonym, name]) => (
            <li key={pseudonym}>
              {pseudonym}: {name}
            </li>
          ))}
        </ul>
      ) : may("see names") ? (
        <>
          <p className="quiet">Roles are shown, not names. You can look names up; each look-up is logged.</p>
          <button
            type="button"
            onClick={async () =>
              setNames(
                (
                  await ask("GET /organisations/{org}/processes/{process}/findings/{finding}/people", {
                    path,
                  })
                ).people,
              )
            }
          >
            Show names
          </button>
        </>
      ) : (
        <p className="quiet">Only process owners and admins can see names.</p>
      )}
    </section>
  );
}
