import { useState } from "react";
import type { Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, decimal, percent, plainDate, signed, timeOfHours } from "../words.ts";
import { usePromiseWords } from "./promise-words.ts";
import { ImplementationFrame, type Inventory } from "./implementation-frame.tsx";

type Outcome = Answer<"GET /organisations/{org}/implementations/{implementation}/results">;
type Process = Outcome["processes"][number];
type Measure = Process["measures"][number];

/** Where are the results? */
export function ResultsTab() {
  return (
    <ImplementationFrame>
      {({ implementation, promises }) => <OutcomeOf tool={implementation} promises={promises} />}
    </ImplementationFrame>
  );
}

/** Before and after its start, against what the earlier trend predicts. */
function OutcomeOf({
  tool,
  promises,
}: {
  tool: Inventory["implementation"];
  promises: Inventory["promises"];
}) {
  const { org } = useOrganisation();
  const [compare, setCompare] = useState("");
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  const outcome = useAsk(
    "GET /organisations/{org}/implementations/{implementation}/results",
    { path: { org, implementation: tool.id }, query: { compare: compare || undefined } },
    { enabled: tool.startsOn !== null, keep: true },
  );
  if (tool.startsOn === null)
    return <NotVisible missing="the start date. Enter it under Requirements to compare before and after" />;
  return (
    <section className="stack tight" aria-labelledby="results">
      <div className="between">
        <h2 id="results">Before and after</h2>
        <label className="inline no-print">
          Compared with
          <select value={compare} onChange={({ target }) => setCompare(target.value)}>
            <option value="">the weeks before</option>
            {processes.data?.items
              .filter(({ id }) => !tool.touches.some(({ processId }) => processId === id))
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name} as a control
                </option>
              ))}
          </select>
        </label>
      </div>
      <Loaded of={outcome} what="the results" tall>
        {(value) => (
          <div className="stack tight">
            <div className={`note ${looksOf(value)}`}>
              <p className="strong">{value.sentences[0]}</p>
              {value.sentences.slice(1).map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
            </div>
            {value.processes.map((one) => (
              <OfProcess key={one.id} process={one} startsOn={value.startsOn} />
            ))}
            <Kept value={value} promises={promises} />
            <p className="quiet">
              The expected values extrapolate the level and trend of the weeks before. The effect is the mean
              difference between observed and expected values since the start. Its 95 % interval holds for all
              measures together and allows for correlation between neighbouring weeks. It shows what changed
              then, not necessarily because of the tool; comparing with a process that the tool does not touch
              removes what happened to both.
            </p>
          </div>
        )}
      </Loaded>
    </section>
  );
}

const LOOKS = { kept: "good", "not kept": "bad", "cannot be shown": "" } as const;

/** What was promised, beside what was seen; what nobody measures here is said, too. */
function Kept({ value, promises }: { value: Outcome; promises: Inventory["promises"] }) {
  const promiseWords = usePromiseWords();
  const counted = promises.filter(({ withdrawnAt }) => withdrawnAt === null);
  if (counted.length === 0) return null;
  return (
    <div className="stack tight">
      <h3>Promises</h3>
      <Table head={["Promise", "Assessed on", "Process", "Observed", "Result"]}>
        {counted.flatMap((promise) => {
          const seen = value.promises.filter(({ id }) => id === promise.id);
          if (seen.length === 0)
            return (
              <tr key={promise.id}>
                <td>{promiseWords(promise)}</td>
                <td>{plainDate(promise.by)}</td>
                <td>–</td>
                <td colSpan={2} className="quiet">
                  {promise.measure === null
                    ? "Not measured here: the promise names no measure. Withdraw it and register it with one."
                    : "There is no evidence on the processes it touches."}
                </td>
              </tr>
            );
          return seen.map((one) => (
            <tr key={`${promise.id} ${one.process}`}>
              <td>{promiseWords(promise)}</td>
              <td>
                {plainDate(promise.by)}
                {!one.due && one.evidenceEnds && (
                  <small> · the evidence ends on {plainDate(one.evidenceEnds)}</small>
                )}
              </td>
              <td>{value.processes.find(({ id }) => id === one.process)?.name}</td>
              <td>{one.words}</td>
              <td>
                <span className={`badge ${LOOKS[one.verdict]}`}>
                  {one.due || one.verdict === "cannot be shown" ? one.verdict : `${one.verdict} so far`}
                </span>
              </td>
            </tr>
          ));
        })}
      </Table>
    </div>
  );
}

function looksOf({ processes }: Outcome): string {
  const measures = processes.flatMap((one) => one.measures);
  if (measures.some(({ verdict }) => verdict === "more")) return "bad";
  return measures.some(({ verdict }) => verdict === "less") ? "good" : "";
}

const valueOf = (measure: Measure, value: number | null) =>
  value === null ? "–" : measure.unit === "share" ? percent(value) : timeOfHours(value);
/** A difference with its sign; points of a share. */
const change = (measure: Measure, value: number) =>
  signed(value, measure.unit === "share" ? (size) => `${decimal(size * 100)} points` : timeOfHours);

function OfProcess({ process, startsOn }: { process: Process; startsOn: string }) {
  if (process.missing)
    return (
      <div className="stack tight">
        <h3>{process.name}</h3>
        <NotVisible missing={process.missing} />
      </div>
    );
  return (
    <div className="stack tight">
      <h3>{process.name}</h3>
      {process.unknown.length > 0 && (
        <p className="quiet">Neither described nor recorded: {process.unknown.join(", ")}.</p>
      )}
      <Table
        head={[
          "Measure",
          "Week by week",
          num("Before"),
          num("Expected since"),
          num("Observed since"),
          num("Effect (95 %)"),
        ]}
      >
        {process.measures.map((measure) => (
          <tr key={measure.measure}>
            <td>{measure.name}</td>
            <td>
              <WeeklyLine measure={measure} process={process} startsOn={startsOn} />
            </td>
            <td className="num">
              <Opens
                process={process.id}
                filter={{ to: startsOn }}
                about={`${measure.name}: cases started before`}
                enabled={measure.before !== null}
              >
                {valueOf(measure, measure.before)}
              </Opens>
            </td>
            <td className="num">
              {measure.after === null || measure.effect === null
                ? "–"
                : valueOf(measure, measure.after - measure.effect)}
            </td>
            <td className="num">
              <Opens
                process={process.id}
                filter={{ from: startsOn }}
                about={`${measure.name}: cases started since`}
                enabled={measure.after !== null}
              >
                {valueOf(measure, measure.after)}
              </Opens>
            </td>
            <td className="num">
              <span
                className={`badge ${measure.verdict === "less" ? "good" : measure.verdict === "more" ? "bad" : ""}`}
              >
                {measure.verdict}
              </span>
              <small style={{ display: "block" }}>
                {measure.effect === null || measure.interval === null
                  ? measure.why
                  : `${change(measure, measure.effect)} (${change(measure, measure.interval[0])} to ${change(measure, measure.interval[1])})`}
              </small>
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

/** The weeks as a line, what was to be expected beside it, and the day on which it began. */
function WeeklyLine({
  measure,
  process,
  startsOn,
}: {
  measure: Measure;
  process: Process;
  startsOn: string;
}) {
  const { values, expected } = measure;
  const all = [...values, ...expected].filter((value) => value !== null);
  if (all.length < 2) return <span className="quiet">–</span>;
  const [low, high] = [Math.min(0, ...all), Math.max(...all)];
  const [width, height] = [260, 54];
  const x = (week: number) => ((week + 0.5) / values.length) * width;
  const y = (value: number) => height - 3 - ((value - low) / (high - low || 1)) * (height - 6);
  const path = (series: (number | null)[]) =>
    series
      .map((value, week) =>
        value === null
          ? ""
          : `${series[week - 1] === null || week === 0 ? "M" : "L"}${x(week).toFixed(1)} ${y(value).toFixed(1)}`,
      )
      .join("");
  const seen = values.filter((value) => value !== null);
  const start = (process.startsAt / values.length) * width;
  return (
    <svg
      className="weekly-line"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={`${measure.name}: ${count(seen.length)} weeks, from ${valueOf(measure, Math.min(...seen))} to ${valueOf(measure, Math.max(...seen))}; in use since ${plainDate(startsOn)}`}
    >
      <line x1={start} x2={start} y1={0} y2={height} className="start" />
      <path d={path(expected)} className="expected" />
      <path d={path(values)} className="seen" />
    </svg>
  );
}
