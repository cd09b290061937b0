import { useParams, useSearch } from "@tanstack/react-router";
import { readFilter } from "../filter.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NothingKept } from "../parts/nothing-kept.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, percent, workTime } from "../words.ts";

/** Causes of waiting in plain words; the field's words stand in brackets where people may know them. */
const CAUSES = {
  unavailability: { words: "nobody for the next step was at work", colour: "var(--line-strong)" },
  contention: { words: "they were busy with earlier work", colour: "var(--accent)" },
  prioritisation: { words: "they did later work first", colour: "var(--warn)" },
  batching: { words: "the work waited for a batch", colour: "var(--never)" },
  extraneous: { words: "they were at work and not visibly busy", colour: "var(--bad)" },
} as const;
type Cause = keyof typeof CAUSES;
const ORDER = Object.keys(CAUSES) as Cause[];

/** Where time goes between steps, and why. */
export function Waiting() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/waiting" });
  const { f } = useSearch({ from: "/o/$org/p/$process/waiting" });
  const waiting = useAsk(
    "GET /organisations/{org}/processes/{process}/waiting",
    { path: { org, process }, query: { filter: f } },
    { keep: true },
  );
  return (
    <div className="stack tight">
      <div className="page-head">
        <h1>Where time goes</h1>
        <p className="lede">
          For most of its duration nobody works on a case. This page shows where it waits, and why.
        </p>
      </div>
      <FilterBar process={process} f={f} />
      <Loaded of={waiting} what="where cases wait" tall>
        {(value) => {
          if (value.cases === 0) return <NothingKept />;
          const whole = value.causes ? ORDER.reduce((sum, cause) => sum + value.causes![cause], 0) : 0;
          const most = value.edges[0]?.totalMs ?? 1;
          return (
            <div className="stack">
              <p>
                A case waits a median of <span className="strong">{workTime(value.caseMedianMs)}</span> of
                working time in total. <span className="quiet">Working time: {value.calendar}.</span>
              </p>
              {value.causes && whole > 0 ? (
                <section className="card stack tight" aria-labelledby="why">
                  <h2 id="why">Why</h2>
                  <div className="share-bar" aria-hidden="true">
                    {ORDER.map((cause) => (
                      <i
                        key={cause}
                        style={{
                          width: `${(value.causes![cause] / whole) * 100}%`,
                          background: CAUSES[cause].colour,
                        }}
                      />
                    ))}
                  </div>
                  <ul className="columns" style={{ gap: 6 }}>
                    {ORDER.map((cause) => (
                      <li key={cause} className="legend">
                        <span>
                          <i style={{ background: CAUSES[cause].colour }} />
                          <span className="strong">{percent(value.causes![cause] / whole)}</span>{" "}
                          {CAUSES[cause].words} <small>({cause})</small>
                        </span>
                      </li>
                    ))}
                  </ul>
                  <small>Shares of all waiting in clock time, including nights and weekends.</small>
                </section>
              ) : (
                <NotVisible
                  missing={value.missing.join("; ") || "waits that end with a person's work"}
                  supply="With start times and people, each wait is split by cause: away, busy, later work first, batches, or none of these."
                >
                  <p>Why cases wait.</p>
                </NotVisible>
              )}
              <Table
                head={[
                  "From",
                  "To",
                  num("Cases"),
                  num("Median wait"),
                  num("90th percentile"),
                  num("Total", "bar-cell"),
                  value.causes ? { text: "Why", look: "bar-cell" } : false,
                ]}
                caption="Waits"
              >
                {value.edges.map((edge) => {
                  const sum = edge.causes
                    ? ORDER.reduce((total, cause) => total + edge.causes![cause], 0)
                    : 0;
                  return (
                    <tr key={`${edge.from}\u0000${edge.to}`}>
                      <td>{edge.from}</td>
                      <td>
                        {edge.to} {edge.external && <span className="badge">external</span>}
                      </td>
                      <td className="num">
                        <Opens process={process} filter={{ ...readFilter(f), follows: [edge.from, edge.to] }}>
                          {count(edge.cases)}
                        </Opens>
                      </td>
                      <td className="num">{workTime(edge.times.median)}</td>
                      <td className="num">{workTime(edge.times.p90)}</td>
                      <td className="num bar-cell">
                        {workTime(edge.totalMs)}
                        <span className="bar" aria-hidden="true">
                          <i style={{ width: `${(edge.totalMs / most) * 100}%` }} />
                        </span>
                      </td>
                      {value.causes && (
                        <td className="bar-cell">
                          {edge.causes && sum > 0 ? (
                            <span
                              className="share-bar"
                              role="img"
                              aria-label={ORDER.map(
                                (cause) => `${percent(edge.causes![cause] / sum)} ${CAUSES[cause].words}`,
                              ).join(", ")}
                            >
                              {ORDER.map((cause) => (
                                <i
                                  key={cause}
                                  title={`${CAUSES[cause].words}: ${percent(edge.causes![cause] / sum)}`}
                                  style={{
                                    width: `${(edge.causes![cause] / sum) * 100}%`,
                                    background: CAUSES[cause].colour,
                                  }}
                                />
                              ))}
                            </span>
                          ) : (
                            "–"
                          )}
                        </td>
                      )}
                    </tr>
                  );
                })}
              </Table>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
