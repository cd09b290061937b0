import { useParams, useSearch } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { ask, type Answer } from "../client.ts";
import { readFilter } from "../filter.ts";
import { FilterBar } from "../parts/filter-bar.tsx";
import { lineThrough, twoLines } from "../parts/lines.ts";
import { Loaded } from "../parts/loaded.tsx";
import { NothingKept } from "../parts/nothing-kept.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { PanZoom } from "../parts/pan-zoom.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, percent, plural } from "../words.ts";

type PeopleAnswer = Answer<"GET /organisations/{org}/processes/{process}/people">;

/** Who hands work to whom, who really does what, and what hangs on one person. */
export function People() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/people" });
  const { f } = useSearch({ from: "/o/$org/p/$process/people" });
  const people = useAsk(
    "GET /organisations/{org}/processes/{process}/people",
    { path: { org, process }, query: { filter: f } },
    { keep: true },
  );
  return (
    <div className="stack tight">
      <div className="page-head">
        <h1>Who really does the work</h1>
        <p className="lede">
          A step that depends on one person is a question of cover, not of performance. People are shown as
          numbers; only some roles can see names.
        </p>
      </div>
      <FilterBar process={process} f={f} />
      <Loaded of={people} what="who works with whom" tall>
        {(value) =>
          value.cases === 0 ? (
            <NothingKept />
          ) : value.groupedBy === null ? (
            <NotVisible
              missing={value.missing.join("; ")}
              supply="Import the events again with the column that says who did each step."
            />
          ) : (
            <div className="stack">
              <KeyPeople value={value} process={process} f={f} />
              <Network value={value} />
              <Steps value={value} process={process} f={f} />
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

/** Steps that mostly one person does. */
function KeyPeople({ value, process, f }: { value: PeopleAnswer; process: string; f: string | undefined }) {
  const alone = value.steps
    .filter(
      ({ topShare, executions, programs }) => (topShare ?? 0) >= 0.8 && executions >= 10 && programs < 0.5,
    )
    .sort((a, b) => b.executions - a.executions);
  return (
    <section className="card stack tight" aria-labelledby="key">
      <h2 id="key">
        {alone.length === 0
          ? "No step depends on one person"
          : `${plural(alone.length, "step")} depend${alone.length === 1 ? "s" : ""} on one person`}
      </h2>
      {alone.length === 0 ? (
        <p className="quiet">
          No step with ten or more executions depends on one person for 80 % of its work.
        </p>
      ) : (
        <ul className="stack tight">
          {alone.slice(0, 12).map((step) => (
            <li key={step.activity}>
              <span className="strong">{step.activity}</span>: one person does {percent(step.topShare)} of{" "}
              <Opens
                process={process}
                filter={{ ...readFilter(f), with: [step.activity], people: [step.top[0].person] }}
              >
                {plural(step.executions, "execution")}
              </Opens>
              {step.people > 1
                ? `; ${plural(step.people - 1, "other person", "other people")} did it too`
                : "; nobody else did it"}
              .
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Network({ value }: { value: PeopleAnswer }) {
  const [chosen, choose] = useState<number>();
  const most = Math.max(1, ...value.handovers.map((one) => one.count));
  const name = (id: number) => value.groups.find((group) => group.id === id)?.name ?? "";
  const shown = value.handovers.filter(
    ({ from, to }) => chosen === undefined || from === chosen || to === chosen,
  );
  return (
    <section className="stack tight" aria-labelledby="network">
      <div className="between">
        <h2 id="network">Hand-overs between groups</h2>
        <small className="quiet">
          {value.groupedBy === "role"
            ? "Groups are roles"
            : "No roles are recorded: groups are people who do the same things"}
          . Work stays with the same person after {percent(value.kept)} of the steps.
        </small>
      </div>
      {value.groups.length < 2 ? (
        <p className="quiet">There is only one group, so there are no hand-overs between groups.</p>
      ) : (
        <>
          <div className="picture" style={{ height: "clamp(280px, 46vh, 560px)" }}>
            <PanZoom
              width={value.width}
              height={value.height}
              fitKey={`${value.width}`}
              label="Network of hand-overs between groups"
            >
              {value.handovers.map((link) => {
                const width = 1 + 5 * Math.sqrt(link.count / most);
                const { line, head } = lineThrough(link.points as [number, number][], width);
                const dim = chosen !== undefined && link.from !== chosen && link.to !== chosen;
                return (
                  <g key={`${link.from}>${link.to}`} className={dim ? "edge faded" : "edge"}>
                    <title>{`${name(link.from)} to ${name(link.to)}: ${count(link.count)} times`}</title>
                    <path
                      className="line"
                      d={line}
                      stroke="var(--accent)"
                      strokeOpacity={0.75}
                      strokeWidth={width}
                    />
                    <path d={head} fill="var(--accent)" />
                    <text x={link.label[0]} y={link.label[1] + 3}>
                      {count(link.count)}
                    </text>
                  </g>
                );
              })}
              {value.groups.map((group) => (
                <Fragment key={group.id}>
                  <g
                    className={chosen === group.id ? "node chosen" : "node"}
                    transform={`translate(${group.x - group.width / 2} ${group.y - group.height / 2})`}
                    role="button"
                    tabIndex={0}
                    aria-pressed={chosen === group.id}
                    aria-label={`${group.name}: ${plural(group.people, "person", "people")}, ${plural(group.events, "event")}. Show its hand-overs alone`}
                    onClick={() => choose(chosen === group.id ? undefined : group.id)}
                    onKeyDown={(event) => {
                      if (event.key !== "Enter" && event.key !== " ") return;
                      event.preventDefault();
                      choose(chosen === group.id ? undefined : group.id);
                    }}
                  >
                    <title>{group.name}</title>
                    <rect
                      width={group.width}
                      height={group.height}
                      fill="var(--card)"
                      stroke="var(--line-strong)"
                    />
                  </g>
                  <g
                    aria-hidden="true"
                    className="words"
                    transform={`translate(${group.x - group.width / 2} ${group.y - group.height / 2})`}
                  >
                    {twoLines(group.name, 23).map((line, i) => (
                      <text key={i} x={10} y={20 + i * 15} fill="var(--text)">
                        {line}
                      </text>
                    ))}
                    <text className="count" x={10} y={group.height - 7} fill="var(--muted)">
                      {plural(group.people, "person", "people")} · {count(group.events)}
                    </text>
                  </g>
                </Fragment>
              ))}
            </PanZoom>
          </div>
          <details>
            <summary>As a table</summary>
            <Table head={["From", "To", num("Times"), num("Share of all hand-overs")]}>
              {shown.map((link) => (
                <tr key={`${link.from}>${link.to}`}>
                  <td>{name(link.from)}</td>
                  <td>{name(link.to)}</td>
                  <td className="num">{count(link.count)}</td>
                  <td className="num">{percent(link.share)}</td>
                </tr>
              ))}
            </Table>
          </details>
        </>
      )}
    </section>
  );
}

function Steps({ value, process, f }: { value: PeopleAnswer; process: string; f: string | undefined }) {
  const { org, may } = useOrganisation();
  const [names, setNames] = useState<Record<string, string>>({});
  const described = value.steps.some(({ should }) => should !== null);
  const everybody = [
    ...new Set(value.steps.flatMap(({ top }) => top.slice(0, 3).map(({ person }) => person))),
  ].slice(0, 200);
  return (
    <section className="stack tight" aria-labelledby="does">
      <div className="between">
        <h2 id="does">Described and actual roles</h2>
        {may("see names") && Object.keys(names).length === 0 && (
          <button
            type="button"
            onClick={async () => {
              const answer = await ask("GET /organisations/{org}/processes/{process}/names", {
                path: { org, process },
                query: { people: everybody.join(",") } as never,
              });
              setNames(answer.people);
            }}
          >
            Show names (each look-up is logged)
          </button>
        )}
      </div>
      {!described && (
        <p className="quiet">
          {value.missing.length > 0
            ? `The described role of each step is unknown. Missing: ${value.missing.join("; ")}.`
            : ""}
        </p>
      )}
      <Table
        head={[
          "Step",
          described && "Described role",
          "Actual role",
          num("As described"),
          num("People"),
          num("Largest share", "bar-cell"),
          "Main people",
        ]}
      >
        {value.steps.map((step) => (
          <tr key={step.activity}>
            <td>
              {step.activity}
              <br />
              <small>
                <Opens process={process} filter={{ ...readFilter(f), with: [step.activity] }}>
                  {plural(step.executions, "time")}
                </Opens>
                {step.programs > 0.01 && ` · ${percent(step.programs)} by programs`}
              </small>
            </td>
            {described && <td>{step.should ?? <span className="quiet">nobody said</span>}</td>}
            <td>
              {step.does.map(({ role, share }) => (
                <span key={role} style={{ display: "block" }}>
                  {role} <small>{percent(share)}</small>
                </span>
              ))}
            </td>
            <td className={`num ${step.asDescribed !== null && step.asDescribed < 0.95 ? "bad" : ""}`}>
              {percent(step.asDescribed)}
            </td>
            <td className="num">{count(step.people)}</td>
            <td className="num bar-cell">
              {percent(step.topShare)}
              <span className="bar" aria-hidden="true">
                <i style={{ width: `${(step.topShare ?? 0) * 100}%` }} />
              </span>
            </td>
            <td>
              {step.top.slice(0, 3).map(({ person, share }) => (
                <span key={person} style={{ display: "block" }}>
                  {names[person] ?? `person ${person}`} <small>{percent(share)}</small>
                </span>
              ))}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
