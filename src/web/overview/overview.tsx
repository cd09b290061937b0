import { Link } from "@tanstack/react-router";
import type { Answer } from "../client.ts";
import { ImplementationTable } from "../implementations/implementations.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, date, hours, money, plainDate, plural } from "../words.ts";

type Process = Answer<"GET /organisations/{org}/processes">["items"][number];
type Implementations = Answer<"GET /organisations/{org}/implementations">["items"];
type Headline = NonNullable<Process["audit"]>["headline"];

/** What your AI is about to inherit: every process with its leaks, its blind spots, and what changed. */
export function Overview() {
  const { org, name, may, sample } = useOrganisation();
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  const implementations = useAsk("GET /organisations/{org}/implementations", { path: { org } });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>What your AI is about to inherit</h1>
        <p className="lede">
          {name}: what its systems record about each process, compared with what people say. A tool that goes
          live inherits all of it.
        </p>
      </div>
      <Loaded of={processes} what="the processes">
        {({ items }) =>
          items.length === 0 ? (
            <Empty mayAdd={may("manage processes")} />
          ) : (
            <div className="stack">
              <Totals processes={items} />
              <Loaded of={implementations}>
                {({ items: planned }) => (
                  <>
                    <GoingLive implementations={planned} processes={items} />
                    <Processes processes={items} implementations={planned} />
                  </>
                )}
              </Loaded>
            </div>
          )
        }
      </Loaded>
      {sample && (
        <p className="quiet">
          This is a sample organisation: simulated people, queues and calendars, with leaks planted on
          purpose. Import your own data in your own organisation.
        </p>
      )}
    </div>
  );
}

function Empty({ mayAdd }: { mayAdd: boolean }) {
  const { org, session } = useOrganisation();
  const sampleOrganisation = session.organisations.find(({ sample }) => sample);
  return (
    <div className="card stack">
      <h2>Nothing here yet</h2>
      <p>
        Name what is going live, answer six questions, and import an export of your system with case, activity
        and time. Ten minutes later one page shows what the tool would inherit.
      </p>
      <div className="row">
        {mayAdd && (
          <Link className="button primary" to="/o/$org/implementations/new" params={{ org }}>
            Start: what is going live?
          </Link>
        )}
        {sampleOrganisation && (
          <Link className="button" to="/o/$org" params={{ org: sampleOrganisation.id }}>
            Look at the sample organisation
          </Link>
        )}
      </div>
    </div>
  );
}

/** Steps that were judged. */
const stepsOf = ({ readiness = {} }: Headline) =>
  Object.values(readiness as Record<string, number>).reduce((total, n) => total + n, 0);

const KINDS = [
  ["cash", "cash"],
  ["workingCapital", "working capital"],
  ["labour", "labour"],
  ["delay", "delay"],
] as const;

/** What a headline says was lost, by kind. The middles add up; ranges do not, and stay with their kinds. */
function lossesOf(headline: Headline) {
  return headline.totals.map((total) => ({
    currency: total.currency,
    mid: KINDS.reduce((sum, [kind]) => sum + total[kind].mid, 0),
    kinds: KINDS.filter(([kind]) => total[kind].mid > 0).map(([kind, words]) => ({ words, ...total[kind] })),
  }));
}

function Totals({ processes }: { processes: Process[] }) {
  const audited = processes.flatMap(({ audit }) => (audit ? [audit.headline] : []));
  const byCurrency = new Map<string, number>();
  for (const headline of audited)
    for (const { currency, mid } of lossesOf(headline))
      byCurrency.set(currency, (byCurrency.get(currency) ?? 0) + mid);
  const compensation = audited.reduce((sum, { compensationHours }) => sum + (compensationHours ?? 0), 0);
  const asked = audited.some(({ respondents }) => Number(respondents ?? 0) > 0);
  const blind = audited.reduce(
    (sum, { blindSpots }) => sum + blindSpots.saidWell.length + blindSpots.nobodySaid.length,
    0,
  );
  const dark = audited.reduce((sum, { notTestable }) => sum + notTestable.length, 0);
  return (
    <dl className="tiles">
      <div className="tile">
        <dt>Lost in leaks</dt>
        <dd>
          {[...byCurrency].map(([currency, amount]) => money(amount, currency)).join(" + ") || "–"}
          <small className="quiet">
            sum of the best estimates over each evidence period; ranges are in the table
          </small>
        </dd>
      </div>
      <div className="tile">
        <dt>Rework and chasing</dt>
        <dd>
          {audited.some(({ compensationHours }) => compensationHours !== null) ? hours(compensation) : "–"}
          <small className="quiet">clarifying, chasing, fixing, correcting</small>
        </dd>
      </div>
      <div className="tile">
        <dt>Blind spots</dt>
        <dd>
          {asked ? count(blind) : "–"}
          <small className="quiet">
            {asked
              ? "believed to work but contradicted, or mentioned by nobody"
              : "nobody has answered the questions yet"}
          </small>
        </dd>
      </div>
      <div className="tile">
        <dt>Not visible</dt>
        <dd>
          {count(dark)}
          <small className="quiet">checks that could not run because evidence is missing</small>
        </dd>
      </div>
    </dl>
  );
}

function Processes({
  processes,
  implementations,
}: {
  processes: Process[];
  implementations: Implementations;
}) {
  const { org } = useOrganisation();
  const nextOf = (id: string) =>
    implementations
      .filter(
        ({ state, startsOn, touches }) =>
          state === "planned" && startsOn !== null && touches.some(({ processId }) => processId === id),
      )
      .sort((a, b) => a.startsOn!.localeCompare(b.startsOn!))[0];
  const sum = ({ audit }: Process) =>
    audit ? lossesOf(audit.headline).reduce((total, { mid }) => total + mid, 0) : -1;
  const ranked = [...processes].sort((a, b) => sum(b) - sum(a));
  return (
    <section className="card flush" aria-label="Processes">
      <Table
        head={[
          "Process",
          num("Lost in leaks"),
          num("Passed through unchecked"),
          num("Blind spots"),
          "Readiness",
          "Since the last audit",
        ]}
        within
      >
        {ranked.map(({ id, name, audit }) => {
          const losses = audit ? lossesOf(audit.headline) : [];
          const [exposure] = audit?.headline.exposure ?? [];
          const { fresh = [], fixed = [], changes = [] } = audit?.headline.history ?? {};
          const beginsAt = audit?.headline.beginsAt;
          const next = nextOf(id);
          return (
            <tr key={id}>
              <td>
                <Link to="/o/$org/p/$process/summary" params={{ org, process: id }} className="strong">
                  {name}
                </Link>
                <br />
                <small>
                  {audit ? `${date(audit.headline.from)} to ${date(audit.headline.to)}` : "no audit yet"}
                </small>
              </td>
              <td className="num">
                {!audit
                  ? "–"
                  : losses.every(({ mid }) => mid === 0)
                    ? "no price"
                    : losses.map(({ currency, mid, kinds }) => (
                        <span key={currency}>
                          <Link
                            to="/o/$org/p/$process/findings"
                            params={{ org, process: id }}
                            className="opens strong"
                          >
                            {money(mid, currency)}
                          </Link>
                          {kinds.map(({ words, low, high }) => (
                            <small key={words} style={{ display: "block" }}>
                              {words} {money(low, currency).slice(currency.length + 1)}–
                              {money(high, currency).slice(currency.length + 1)}
                            </small>
                          ))}
                        </span>
                      ))}
                {beginsAt && (
                  <small style={{ display: "block", marginTop: 4 }}>
                    starts at{" "}
                    <Link
                      to="/o/$org/p/$process/findings"
                      params={{ org, process: id }}
                      hash="begins"
                      title={beginsAt.title}
                    >
                      {beginsAt.step}
                    </Link>
                  </small>
                )}
              </td>
              <td className="num">{exposure ? money(exposure.mid, exposure.currency) : "–"}</td>
              <td className="num">
                {audit ? (
                  <Link
                    to="/o/$org/p/$process/questions"
                    params={{ org, process: id }}
                    search={{ view: "result" }}
                    className="opens"
                  >
                    {Number(audit.headline.respondents ?? 0) > 0
                      ? audit.headline.blindSpots.saidWell.length +
                        audit.headline.blindSpots.nobodySaid.length
                      : "ask people"}
                  </Link>
                ) : (
                  "–"
                )}
              </td>
              <td>
                {audit && stepsOf(audit.headline) > 0 ? (
                  <Link to="/o/$org/p/$process/readiness" params={{ org, process: id }} className="opens">
                    {audit.headline.readiness?.["ready"] ?? 0} of {stepsOf(audit.headline)} steps ready
                  </Link>
                ) : (
                  <small>not judged yet</small>
                )}
                {next && (
                  <small style={{ display: "block", marginTop: 8 }}>
                    needed by{" "}
                    <Link
                      to="/o/$org/implementations/$implementation"
                      params={{ org, implementation: next.id }}
                      title={next.name}
                    >
                      {plainDate(next.startsOn)}
                    </Link>
                  </small>
                )}
              </td>
              <td>
                <small>
                  {!audit
                    ? "–"
                    : audit.headline.history.audits === 0
                      ? "first audit"
                      : [
                          fresh.length > 0 && `${fresh.length} new`,
                          fixed.length > 0 && `${fixed.length} fixed`,
                          changes.length > 0 && `${plural(changes.length, "claim")} changed`,
                        ]
                          .filter(Boolean)
                          .join(", ") || "nothing changed"}
                </small>
              </td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}

function GoingLive({
  implementations,
  processes,
}: {
  implementations: Implementations;
  processes: Process[];
}) {
  const { org, may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="live">
      <div className="between">
        <h2 id="live">Implementations</h2>
        {may("manage processes") && (
          <Link to="/o/$org/implementations/new" params={{ org }}>
            Add one
          </Link>
        )}
      </div>
      <ImplementationTable implementations={implementations} processes={processes} />
    </section>
  );
}
