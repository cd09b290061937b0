import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { readFilter } from "../filter.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NothingKept } from "../parts/nothing-kept.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, decimal, hours, percent, plural } from "../words.ts";

/** Kinds of task, and what a machine can be to each. */
const KINDS: Record<string, { words: string; help: string }> = {
  sort: {
    words: "Sorting",
    help: "deciding where something goes: a machine can suggest, people review doubtful cases",
  },
  check: {
    words: "Checking",
    help: "comparing and verifying: a machine can check everything, people review differences",
  },
  copy: {
    words: "Copying",
    help: "re-entering data from elsewhere: connect the systems rather than automate",
  },
  track: {
    words: "Tracking",
    help: "recording and reporting status: a machine can do it from the same evidence",
  },
  chase: {
    words: "Chasing",
    help: "asking, reminding, clarifying: find out why information is missing before automating the reminders",
  },
  fix: { words: "Fixing", help: "correcting and redoing: fix the cause first" },
  extract: {
    words: "Extracting",
    help: "taking data from documents: a machine can, within an error limit",
  },
  decide: { words: "Deciding", help: "judgement stays with named people; AI may only prepare" },
  do: {
    words: "Other work",
    help: "unclear from the name of the step; set its kind of task in the description",
  },
};

/** Where people's time goes by kind of task: where to start looking. */
export function Workload() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/workload" });
  const { f } = useSearch({ from: "/o/$org/p/$process/workload" });
  const [kind, setKind] = useState<string>();
  const tasks = useAsk(
    "GET /organisations/{org}/processes/{process}/workload",
    { path: { org, process }, query: { filter: f } },
    { keep: true },
  );
  return (
    <div className="stack tight">
      <div className="page-head">
        <h1>Where people’s time goes, by kind of task</h1>
        <p className="lede">
          Start where people spend time sorting, checking, copying, tracking and chasing, not where they make
          decisions.
        </p>
      </div>
      <FilterBar process={process} f={f} />
      <Loaded of={tasks} what="where time goes" tall>
        {(value) => {
          if (value.cases === 0) return <NothingKept />;
          const most = value.kinds[0]?.hours ?? 0;
          const shown = value.activities.filter((one) => kind === undefined || one.kind === kind);
          return (
            <div className="stack">
              <dl className="tiles">
                <div className="tile">
                  <dt>Recorded hours of work</dt>
                  <dd>
                    {hours(value.hours)}
                    <small className="quiet">
                      in {decimal(value.weeks)} weeks, {plural(value.cases, "case")}
                    </small>
                  </dd>
                </div>
                <div className="tile">
                  <dt>Rework and chasing</dt>
                  <dd>
                    {hours(value.compensationHours)}
                    <small className="quiet">
                      {value.hours && value.compensationHours !== null
                        ? `${percent(value.compensationHours / value.hours)} of these hours: clarifying, chasing, fixing, correcting`
                        : "clarifying, chasing, fixing, correcting"}
                    </small>
                  </dd>
                </div>
              </dl>
              {value.missing.length > 0 && (
                <NotVisible
                  missing={value.missing.join("; ")}
                  supply="Steps without hours are left out above and shown as – below."
                />
              )}
              <Table
                head={[
                  "Kind of task",
                  num("Hours", "bar-cell"),
                  num("Share"),
                  num("Executions"),
                  num("Steps"),
                  "How a machine can help",
                ]}
                caption="Kinds of task"
              >
                {value.kinds.map((one) => (
                  <tr key={one.kind} className="clickable">
                    <td>
                      <button
                        type="button"
                        className="opens"
                        aria-pressed={kind === one.kind}
                        onClick={() => setKind(kind === one.kind ? undefined : one.kind)}
                      >
                        {KINDS[one.kind].words}
                      </button>
                    </td>
                    <td className="num bar-cell">
                      {hours(one.hours)}
                      <span className="bar" aria-hidden="true">
                        <i style={{ width: `${most > 0 ? ((one.hours ?? 0) / most) * 100 : 0}%` }} />
                      </span>
                    </td>
                    <td className="num">
                      {percent(value.hours && one.hours !== null ? one.hours / value.hours : null)}
                    </td>
                    <td className="num">{count(one.executions)}</td>
                    <td className="num">{count(one.activities)}</td>
                    <td>
                      <small>{KINDS[one.kind].help}</small>
                    </td>
                  </tr>
                ))}
              </Table>
              <section className="stack tight" aria-labelledby="steps">
                <div className="between">
                  <h2 id="steps">{kind ? `Steps: ${KINDS[kind].words.toLowerCase()}` : "Steps"}</h2>
                  {kind && (
                    <button type="button" className="quiet-button" onClick={() => setKind(undefined)}>
                      All kinds
                    </button>
                  )}
                </div>
                <Table
                  head={["Step", "Kind", num("Hours"), num("Time each"), num("Executions"), num("Cases")]}
                >
                  {shown.map((one) => (
                    <tr key={one.name}>
                      <td>
                        {one.name} {one.compensates && <span className="badge warn">rework or chasing</span>}
                      </td>
                      <td>
                        {KINDS[one.kind].words} <small>(by its {one.told})</small>
                      </td>
                      <td className="num">{hours(one.hours)}</td>
                      <td className="num">
                        {one.hoursEach === null ? "–" : `${decimal(one.hoursEach * 60)} min`}
                        {one.basis === "estimated" && <small> estimated</small>}
                      </td>
                      <td className="num">
                        {count(one.executions)}
                        {one.byPrograms > 0 && <small> ({count(one.byPrograms)} by programs)</small>}
                      </td>
                      <td className="num">
                        <Opens process={process} filter={{ ...readFilter(f), with: [one.name] }}>
                          {count(one.cases)}
                        </Opens>
                      </td>
                    </tr>
                  ))}
                </Table>
                <p className="quiet">
                  Estimated hours come from the gaps between a person's events. To correct a kind, set{" "}
                  <code>task:</code> on the step in the{" "}
                  <Link to="/o/$org/p/$process/description" params={{ org, process }}>
                    description
                  </Link>
                  .
                </p>
              </section>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
