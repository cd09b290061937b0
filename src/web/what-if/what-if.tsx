import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { Opens } from "../parts/opens.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Segments } from "../parts/segments.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, date, decimal, percent, plural, signed, timeOfHours } from "../words.ts";

type WhatIfAnswer = Answer<"GET /organisations/{org}/processes/{process}/what-if">;
type Result = NonNullable<WhatIfAnswer["answer"]>;
type Compared = Result["mean"];

const ASKED = [
  ["away", "Someone is away"],
  ["volume", "Volume rises"],
  ["moved", "Work moves"],
  ["assistant", "An assistant takes a step"],
] as const;
type Asked = (typeof ASKED)[number][0];
/** What may have been so in the past already. */
const SEEN: ReadonlySet<Asked> = new Set<Asked>(["away", "volume"]);

/** What if? Simulated by a shop that was fitted to the log and checked against weeks that it had not seen. */
export function WhatIf() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/what-if" });
  const search = useSearch({ from: "/o/$org/p/$process/what-if" });
  const navigate = useNavigate({ from: "/o/$org/p/$process/what-if" });
  const { form = "away", ...rest } = search;
  const query: Query = rest;
  const pressure = useAsk(
    "GET /organisations/{org}/processes/{process}/what-if",
    { path: { org, process }, query: query as never },
    { keep: true },
  );
  return (
    <div className="stack">
      <div className="page-head">
        <h1>What if?</h1>
        <p className="lede">
          A simulation of the coming weeks, built from the cases, handling times, people and hours in the log.
          It runs as things are, and again with one change.
        </p>
      </div>
      <Loaded of={pressure} what="the simulation" tall>
        {(value) =>
          value.missing.length > 0 ? (
            <NotVisible missing={`what a simulation needs: ${value.missing.join("; ")}`} />
          ) : (
            <>
              <Check value={value} />
              <section className="card stack tight" aria-labelledby="ask">
                <h2 id="ask">{value.fits ? "Scenario" : "Questions the log itself can answer"}</h2>
                <Segments
                  label="Scenario"
                  value={form as Asked}
                  options={value.fits ? ASKED : ASKED.filter(([asked]) => SEEN.has(asked))}
                  choose={(next) => void navigate({ search: { form: next }, replace: true })}
                />
                <Question
                  key={form}
                  form={form as Asked}
                  value={value}
                  query={query}
                  busy={pressure.isFetching}
                  ask={(asked) =>
                    void navigate({ search: { form, ask: form, ...asked } as never, replace: true })
                  }
                />
                {value.wrong && <p className="note warn">{value.wrong}</p>}
              </section>
              {value.answer && <Shown result={value.answer} value={value} />}
              {query["ask"] === form && value.wrong === null && (
                <Past value={value} process={process} asked={form as Asked} query={query} />
              )}
            </>
          )
        }
      </Loaded>
    </div>
  );
}

function Check({ value }: { value: WhatIfAnswer }) {
  const { check, fits } = value;
  if (!check) return null;
  const apart = `In weeks that it was not fitted to, simulated and observed durations of ${plural(check.cases, "case")} differ by ${timeOfHours(check.distance)} (earth mover's distance); a case takes ${timeOfHours(check.mean)} on average`;
  return fits ? (
    <div className="note">
      <p>
        The simulation fits this process. {apart}. The weeks before differ from them by{" "}
        {timeOfHours(check.before)}.
      </p>
      <Works value={value} />
      <details>
        <summary>Accuracy</summary>
        <Table
          head={[
            "In the test weeks",
            num("Observed"),
            num("Simulated"),
            num("Difference"),
            num("Weeks before"),
          ]}
        >
          {(
            [
              ["duration of a case", check],
              ["wait before a step", check.waits],
              ["time left after a step", check.remaining],
            ] as const
          ).flatMap(([words, of]) =>
            of
              ? [
                  <tr key={words}>
                    <td>{words}</td>
                    <td className="num">{timeOfHours(of.mean)}</td>
                    <td className="num">{timeOfHours(of.simulatedMean)}</td>
                    <td className="num">{timeOfHours(of.distance)}</td>
                    <td className="num">{timeOfHours(of.before)}</td>
                  </tr>,
                ]
              : [],
          )}
        </Table>
        <p className="quiet">
          Difference: how far the simulated times must move on average to match the observed ones. Weeks
          before: the same measure for the weeks before, used as they are.
        </p>
      </details>
    </div>
  ) : (
    <div className="note bad">
      <p className="strong">No answer: the simulation does not fit this process.</p>
      <p>
        {!check.isEnough
          ? `Only ${plural(check.cases, "finished case")} in the weeks that it was not fitted to: too few to check it. More evidence is needed.`
          : `${apart}. The difference is more than 30 %. `}
        {check.isEnough &&
          (check.before > 0.3 * check.mean
            ? "The weeks before differ as much: the process has changed, so its past cannot predict these weeks."
            : "The log does not show what cases wait for. Start times, or other people who do this work, may be missing.")}
      </p>
    </div>
  );
}

/** What of the waits reacts, and how the work is taken up. */
function Works({ value: { queueShare, runShare, inRuns, priority } }: { value: WhatIfAnswer }) {
  return (
    <p>
      {percent(queueShare)} of all waiting is in a queue or for someone who is away. Only this part responds
      to the scenario.{" "}
      {inRuns.length > 0 &&
        `${percent(runShare)} is for the next batch (${inRuns.map((step) => `“${step}”`).join(", ")}); batches run when they ran before. `}
      The rest, whatever its cause, stays as it was.{" "}
      {priority
        ? `“${priority.column}” sets the order of work: ${priority.values.join(", then ")} (${percent(priority.ahead)} of the time).`
        : "What has waited longest is done first."}
    </p>
  );
}

type Query = Record<string, string | number | undefined>;

function Question({
  form,
  value,
  query,
  busy,
  ask,
}: {
  form: Asked;
  value: WhatIfAnswer;
  query: Query;
  busy: boolean;
  ask: (asked: Query) => void;
}) {
  const given = (name: string, usual: string | number) =>
    query["ask"] === form && query[name] !== undefined ? String(query[name]) : String(usual);
  const roleless = value.roles.length < 2;
  if (form === "moved" && roleless)
    return <NotVisible missing="roles: a column with the role in which each step was done" />;
  return (
    <form
      className="form-grid"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const number = (name: string) => Number(data.get(name));
        const text = (name: string) => String(data.get(name));
        ask(
          form === "away"
            ? { person: number("person"), ...(data.has("weeks") && { weeks: number("weeks") }) }
            : form === "volume"
              ? { more: number("more") / 100, monthEnd: data.get("monthEnd") ? "true" : "false" }
              : form === "moved"
                ? { from: text("from"), to: text("to") }
                : { step: text("step"), share: number("share") / 100, error: number("error") / 100 },
        );
      }}
    >
      {form === "away" && (
        <>
          <label>
            Who
            <select name="person" defaultValue={given("person", value.people[0]?.person ?? "")}>
              {value.people.map(({ person, role }) => (
                <option key={person} value={person}>
                  person {person}
                  {role ? ` (${role})` : ""}
                </option>
              ))}
            </select>
          </label>
          {value.fits && (
            <label>
              Weeks
              <input name="weeks" type="number" min={1} max={8} defaultValue={given("weeks", 2)} />
            </label>
          )}
        </>
      )}
      {form === "volume" && (
        <>
          <label>
            More cases, %
            <input
              name="more"
              type="number"
              min={1}
              max={500}
              defaultValue={Math.round(Number(given("more", 0.3)) * 100)}
            />
          </label>
          <label className="inline">
            <input name="monthEnd" type="checkbox" defaultChecked={given("monthEnd", "false") === "true"} />
            only around month end
          </label>
        </>
      )}
      {form === "moved" &&
        (["from", "to"] as const).map((name, i) => (
          <label key={name}>
            {name === "from" ? "The work of" : "moves to"}
            <select name={name} defaultValue={given(name, value.roles[i])}>
              {value.roles.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </select>
          </label>
        ))}
      {form === "assistant" && (
        <>
          <label>
            Step
            <select name="step" defaultValue={given("step", value.steps[0] ?? "")}>
              {value.steps.map((step) => (
                <option key={step}>{step}</option>
              ))}
            </select>
          </label>
          <label>
            Share of executions, %
            <input
              name="share"
              type="number"
              min={0}
              max={100}
              defaultValue={Math.round(Number(given("share", 0.8)) * 100)}
            />
          </label>
          <label>
            Errors among these, % (noticed a day later, redone by people)
            <input
              name="error"
              type="number"
              min={0}
              max={100}
              step="any"
              defaultValue={Number(given("error", 0.02)) * 100}
            />
          </label>
        </>
      )}
      <div style={{ alignSelf: "end" }}>
        <button type="submit" className="primary" disabled={busy}>
          {busy ? "Working …" : value.fits ? "Simulate" : "Look it up"}
        </button>
      </div>
    </form>
  );
}

const change = (value: number) => signed(value, timeOfHours);

function Shown({ result, value }: { result: Result; value: WhatIfAnswer }) {
  const { mean, p90, unfinished } = result;
  const settled = mean.interval[0] > 0 || mean.interval[1] < 0;
  const roleOf = (person: number) => value.people.find((one) => one.person === person)?.role;
  return (
    <section className="stack tight" aria-labelledby="shown" aria-live="polite">
      <h2 id="shown">
        {settled
          ? `A case takes ${timeOfHours(Math.abs(mean.difference))} ${mean.difference > 0 ? "longer" : "less"} on average: ${timeOfHours(mean.withIt)}`
          : `A case takes about as long as before: ${timeOfHours(mean.withIt)} on average`}
      </h2>
      <Table head={["Measure", num("Today"), num("In this scenario"), num("Difference"), num("95 %")]}>
        <Row words="mean duration of a case" of={mean} />
        <Row words="90 % of cases finish within" of={p90} />
        {(unfinished.without > 0.5 || unfinished.withIt > 0.5) && (
          <tr>
            <td>cases not finished within half a year</td>
            <td className="num">{decimal(unfinished.without)}</td>
            <td className="num">{decimal(unfinished.withIt)}</td>
            <td className="num">{decimal(unfinished.difference)}</td>
            <td className="num">
              {decimal(unfinished.interval[0])} to {decimal(unfinished.interval[1])}
            </td>
          </tr>
        )}
        {result.steps
          .filter(({ difference }) => Math.abs(difference) >= 0.05)
          .map((one) => (
            <Row key={one.step} words={`wait for “${one.step}”`} of={one} />
          ))}
      </Table>
      <h3>Utilisation</h3>
      <Table head={["Person", num("Utilisation today"), num("Utilisation in this scenario")]}>
        {result.people.map(({ person, without, withIt }) => (
          <tr key={person}>
            <td>
              person {person} {roleOf(person) && <small>{roleOf(person)}</small>}
            </td>
            <td className="num">{percent(without)}</td>
            <td className="num">{percent(withIt)}</td>
          </tr>
        ))}
      </Table>
      <p className="quiet">
        {plural(result.runs, "run")} of {plural(result.weeks, "week")}, about {count(result.casesPerRun)}{" "}
        cases each; both scenarios use the same arrivals. Utilisation is the share of a person’s hours that
        this process takes; their other work is not in this log.
      </p>
    </section>
  );
}

/** Was it ever so? What the log shows of times like the one that is asked about. */
function Past({
  value: { past, fits },
  process,
  asked,
  query,
}: {
  value: WhatIfAnswer;
  process: string;
  asked: Asked;
  query: Query;
}) {
  const more = percent(Number(query["more"] ?? 0.3));
  const ends = query["monthEnd"] === "true";
  const what =
    asked === "away"
      ? "absences of four working days or more"
      : `${ends ? "month ends" : "weeks"} with ${more} more cases than the weeks around them`;
  return (
    <section className="stack tight" aria-labelledby="past">
      <h2 id="past">Similar periods in the log</h2>
      {!past ? (
        <p>
          None: no log records when work moved from one role to another, or that an assistant did it. Only the
          simulation can answer.
        </p>
      ) : past.difference === null ? (
        <p>
          {past.tooFew > 0
            ? `The log has ${plural(past.tooFew, "such period")} (${what}), but too few cases started in or around them to compare`
            : `None: there are no ${what}`}
          {asked === "away"
            ? past.tooFew > 0
              ? "."
              : " of anyone who otherwise works most days."
            : past.most !== null
              ? `. The busiest had ${decimal(past.most)} times the cases of the weeks around it.`
              : "."}{" "}
          {fits && "Only the simulation can answer."}
        </p>
      ) : (
        <>
          <p>
            In {plural(past.spans.length, "similar period")} ({what}), cases took{" "}
            <strong>
              {timeOfHours(Math.abs(past.difference))} {past.difference < 0 ? "less" : "longer"}
            </strong>{" "}
            on average than those that started before and after.{" "}
            {past.interval
              ? `95 % interval: ${change(past.interval[0])} to ${change(past.interval[1])}. ${past.interval[0] <= 0 && past.interval[1] >= 0 ? "This may be chance." : "This is more than chance."}`
              : "There are too few periods to say whether this is chance."}{" "}
            Other differences in those periods are not adjusted for.
          </p>
          <Table
            head={[
              "From",
              "To",
              num("Starts per day"),
              num("Cases"),
              num("Mean duration"),
              num("Weeks around"),
            ]}
            caption="Similar periods, newest first"
          >
            {past.spans.slice(0, SHOWN).map((span) => (
              <tr key={span.from}>
                <td>{date(span.from)}</td>
                <td>{date(span.to)}</td>
                <td className="num">{decimal(span.rate)} ×</td>
                <td className="num">
                  <Opens
                    process={process}
                    filter={{ from: span.from, to: span.to }}
                    about="cases started then"
                  >
                    {count(span.cases)}
                  </Opens>
                </td>
                <td className="num">{timeOfHours(span.mean)}</td>
                <td className="num">{timeOfHours(span.around)}</td>
              </tr>
            ))}
          </Table>
          {past.spans.length > SHOWN && (
            <p className="quiet">
              The newest {SHOWN} of {past.spans.length} are shown; the mean includes all.
            </p>
          )}
        </>
      )}
    </section>
  );
}

const SHOWN = 12;

function Row({ words, of }: { words: string; of: Compared }) {
  return (
    <tr>
      <td>{words}</td>
      <td className="num">{timeOfHours(of.without)}</td>
      <td className="num">{timeOfHours(of.withIt)}</td>
      <td className="num">{change(of.difference)}</td>
      <td className="num">
        {change(of.interval[0])} to {change(of.interval[1])}
      </td>
    </tr>
  );
}
