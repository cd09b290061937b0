import { useState } from "react";
import { ask } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { Story } from "../parts/story.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, dateTime, plural } from "../words.ts";

/**
 * One case's story: what happened when, with its attributes and records; names only for those with the right,
 * and each look is logged.
 */
export function CaseStory({ process, id }: { process: string; id: string }) {
  const { org, may } = useOrganisation();
  const [names, setNames] = useState<Record<string, string>>();
  const story = useAsk("GET /organisations/{org}/processes/{process}/case", {
    path: { org, process },
    query: { case: id },
  });
  return (
    <Loaded of={story} what="the story" tall>
      {(one) =>
        !one.found ? (
          <div className="stack">
            <h1>Case {id}</h1>
            <p>The latest import does not contain this case. It may be in an earlier one.</p>
          </div>
        ) : (
          <div className="stack">
            <div className="page-head">
              <h1>Case {one.id}</h1>
              <p className="lede">
                {plural(one.events.length, "event")}
                {one.cut && " (only the first are shown)"}.{" "}
                {one.variantCases === 1
                  ? "No other case follows this variant"
                  : `${count(one.variantCases)} cases follow this variant`}
                .
              </p>
            </div>
            <div className="side">
              <div className="card">
                <Story events={one.events} names={names} />
              </div>
              <aside className="stack">
                {may("see names") && one.events.some(({ person }) => person !== null) && (
                  <div className="card stack tight">
                    <p className="quiet">
                      People are shown as letters. You can look names up; each look-up is logged.
                    </p>
                    <button
                      type="button"
                      disabled={names !== undefined}
                      onClick={async () => {
                        const people = [
                          ...new Set(one.events.flatMap(({ person }) => (person === null ? [] : [person]))),
                        ];
                        const answer = await ask("GET /organisations/{org}/processes/{process}/names", {
                          path: { org, process },
                          query: { people: people.slice(0, 200).join(",") } as never,
                        });
                        setNames(answer.people);
                      }}
                    >
                      Show names
                    </button>
                  </div>
                )}
                {one.attributes.length > 0 && (
                  <div className="card stack tight">
                    <h2>About the case</h2>
                    <dl className="pairs">
                      {one.attributes.map(([name, value]) => (
                        <div key={name}>
                          <dt>{name}</dt>
                          <dd>{/^\d{4}-\d\d-\d\dT/.test(value) ? dateTime(value) : value}</dd>
                        </div>
                      ))}
                    </dl>
                  </div>
                )}
                {one.records.map(({ table, columns, rows }) => (
                  <div className="card stack tight" key={table}>
                    <h2>{table}</h2>
                    {rows.map((row, i) => (
                      <dl className="pairs" key={i}>
                        {columns.map(
                          (name, c) =>
                            row[c] !== "" && (
                              <div key={name}>
                                <dt>{name}</dt>
                                <dd>{row[c]}</dd>
                              </div>
                            ),
                        )}
                      </dl>
                    ))}
                  </div>
                ))}
              </aside>
            </div>
          </div>
        )
      }
    </Loaded>
  );
}
