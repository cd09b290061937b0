import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Loaded } from "../parts/loaded.tsx";
import { Amount } from "../parts/money.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { Segments } from "../parts/segments.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, decimal, percent, plural } from "../words.ts";

const STATES = [
  ["", "In the last audit"],
  ["open", "Open"],
  ["accepted", "Accepted"],
  ["fixed", "Fixed"],
  ["false alarm", "False alarms"],
] as const;

/** What the process loses, priced and ranked; each opens to its cases. */
export function Findings() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/findings" });
  const { state } = useSearch({ from: "/o/$org/p/$process/findings" });
  const navigate = useNavigate({ from: "/o/$org/p/$process/findings" });
  const path = { org, process };
  const findings = useAsk(
    "GET /organisations/{org}/processes/{process}/findings",
    { path, query: { limit: 500, state: state as never } },
    { keep: true },
  );
  const audits = useAsk("GET /organisations/{org}/processes/{process}/audits", { path, query: { limit: 1 } });
  const last = audits.data?.items[0];
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Leaks</h1>
        <p className="lede">
          What a tool would inherit and repeat: the cost, the cases, and what would close each one. Exposure
          is money that passed through unchecked, not money lost.
        </p>
      </div>
      <Segments
        label="Which leaks"
        value={(state ?? "") as (typeof STATES)[number][0]}
        options={STATES}
        choose={(next) => void navigate({ search: { state: next || undefined }, replace: true })}
      />
      <Loaded of={findings} what="the leaks" tall>
        {({ items }) =>
          items.length === 0 ? (
            last ? (
              <p className="card">
                {state ? "No leaks in this state." : "Nothing stands out in this evidence."}{" "}
                {!state &&
                  last.headline.notTestable.length > 0 &&
                  "The checks that could not run are listed below: missing data does not mean no leaks."}
              </p>
            ) : (
              <NotVisible
                missing="an audit of this process"
                supply={
                  <Link to="/o/$org/imports/new" params={{ org }} search={{ process }}>
                    Import its events
                  </Link>
                }
              />
            )
          ) : (
            <Table
              head={["Leak", num("Cost"), num("Cases"), num("Precision", "hide-narrow"), "Owner", "State"]}
            >
              {items.map(({ id, content, state: now, owner }) => (
                <tr key={id}>
                  <td>
                    <Link
                      to="/o/$org/p/$process/findings/$finding"
                      params={{ ...path, finding: id }}
                      className="strong"
                    >
                      {content.title}
                    </Link>
                    <br />
                    <small>{content.statement}</small>
                  </td>
                  <td className="num">
                    {content.money ? (
                      <>
                        <Amount price={content.money} />
                        <br />
                        <small>{content.money.kind}</small>
                      </>
                    ) : (
                      <small>no price</small>
                    )}
                  </td>
                  <td className="num">
                    <Opens process={process} filter={{ finding: id }} enabled={content.unit === "cases"}>
                      {count(content.cases)} of {count(content.outOf)}
                    </Opens>
                    {content.unit !== "cases" && <small> {content.unit}</small>}
                    <br />
                    <small>{percent(content.share)}</small>
                  </td>
                  <td className="num hide-narrow">
                    {percent(content.precision.mean)}
                    <br />
                    <small>
                      {plural(content.precision.confirmed + content.precision.falseAlarms, "review")}
                    </small>
                  </td>
                  <td>{owner ?? <small>no owner yet</small>}</td>
                  <td>
                    <span className={`badge ${now === "open" ? "warn" : now === "fixed" ? "good" : ""}`}>
                      {now}
                    </span>
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {last && !state && <WhereItBegins process={process} />}
      {last && last.headline.notTestable.length > 0 && !state && (
        <NotTestable list={last.headline.notTestable} />
      )}
    </div>
  );
}

/** Which leak is the problem, and which the symptom. */
function WhereItBegins({ process }: { process: string }) {
  const { org } = useOrganisation();
  const path = { org, process };
  const links = useAsk("GET /organisations/{org}/processes/{process}/upstream", { path });
  const leak = (id: string, title: string, step: string) => (
    <Link to="/o/$org/p/$process/findings/$finding" params={{ ...path, finding: id }}>
      {title}: {step}
    </Link>
  );
  return (
    <section className="stack tight" aria-labelledby="begins">
      <h2 id="begins">Where leaks start</h2>
      <Loaded of={links} what="where leaks start">
        {({ at, links: found }) =>
          found.length === 0 ? (
            <p className="quiet">
              {at === null
                ? "The last audit did not check this; the next one will."
                : "No leak at one step is clearly associated (by five points or more) with a leak at a later step in the same months."}
            </p>
          ) : (
            <>
              <Table
                head={[
                  "Earlier leak",
                  "Later leak",
                  num("Rate with it"),
                  num("Rate without it"),
                  num("Difference"),
                  num("Attributable cases"),
                ]}
              >
                {found.slice(0, 12).map((one) => (
                  <tr key={one.from + one.to}>
                    <td>{leak(one.from, one.fromTitle, one.fromStep)}</td>
                    <td>{leak(one.to, one.toTitle, one.toStep)}</td>
                    <td className="num">
                      {percent(one.shareWith)}
                      <br />
                      <small>of {count(one.withIt)} cases</small>
                    </td>
                    <td className="num">
                      {percent(one.shareWithout)}
                      <br />
                      <small>of {count(one.without)} cases</small>
                    </td>
                    <td className="num">
                      {decimal(one.difference * 100)} points
                      <br />
                      <small>
                        {decimal(one.interval[0] * 100)} to {decimal(one.interval[1] * 100)}
                      </small>
                    </td>
                    <td className="num">about {count(Math.round(one.attributable))}</td>
                  </tr>
                ))}
              </Table>
              <p className="quiet">
                Cases are compared within months, so two leaks that merely became frequent at the same time
                are not linked. At most one in twenty of the links shown is expected to be below five points.
                They are associations: an unrecorded factor may cause both leaks.
              </p>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** What this evidence could not show, by what is missing. */
export function NotTestable({
  list,
  compact = false,
}: {
  list: { detector: string; needs: string[] }[];
  compact?: boolean;
}) {
  const byNeed = new Map<string, string[]>();
  for (const { detector, needs } of list) {
    const need = needs.join(", and ");
    byNeed.set(need, [...(byNeed.get(need) ?? []), detector]);
  }
  if (compact)
    return (
      <section className="stack tight" aria-labelledby="dark">
        <h2 id="dark">What is not visible here</h2>
        <ul className="dense">
          {[...byNeed].map(([need, detectors]) => (
            <li key={need}>
              Missing: {need}{" "}
              <small className="quiet">
                (would show: {detectors.map((one) => one.replaceAll("-", " ")).join(", ")})
              </small>
            </li>
          ))}
        </ul>
      </section>
    );
  return (
    <section className="stack tight" aria-labelledby="dark">
      <h2 id="dark">What is not visible here</h2>
      <Table head={["Missing", "Checks it would enable"]}>
        {[...byNeed].map(([need, detectors]) => (
          <tr key={need}>
            <td>{need}</td>
            <td>
              <small>{detectors.map((one) => one.replaceAll("-", " ")).join(", ")}</small>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
