import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, dateTime } from "../words.ts";

type Entry = Answer<"GET /organisations/{org}/trail">["items"][number];

/** What was done by whom, in order; each entry carries the hash of the one before. */
export function Trail() {
  const { org } = useOrganisation();
  const path = { org };
  const [pages, setPages] = useState<string[]>([]);
  const after = pages.at(-1);
  const trail = useAsk(
    "GET /organisations/{org}/trail",
    { path, query: { limit: 100, after } },
    { keep: true },
  );
  const check = useDo(() => ask("GET /organisations/{org}/trail/check", { path }));
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Audit trail</h1>
        <p className="lede">
          Everything that was done, oldest first. Nothing in it can be changed without it showing: each entry
          carries the hash of the one before.
        </p>
      </div>
      <div className="row">
        <button type="button" disabled={check.isPending} onClick={() => check.mutate(undefined)}>
          Check every hash
        </button>
        <a className="button" href={`/api/organisations/${org}/trail/export?format=csv`} download>
          Export (CSV)
        </a>
        {check.data && (
          <span role="status" className={check.data.broken === null ? "good" : "bad"}>
            {check.data.broken === null
              ? `The trail holds: ${count(check.data.entries)} entries.`
              : check.data.broken}
          </span>
        )}
        {check.error && <span className="bad">{check.error.message}</span>}
      </div>
      <Loaded of={trail} what="the trail" tall>
        {({ items, next }) => (
          <>
            <Entries items={items} />
            <div className="row">
              {pages.length > 0 && (
                <button type="button" onClick={() => setPages(pages.slice(0, -1))}>
                  ← Earlier
                </button>
              )}
              {next && (
                <button type="button" onClick={() => setPages([...pages, next])}>
                  Later →
                </button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}

function Entries({ items }: { items: Entry[] }) {
  return (
    <div className="card flush table-wrap">
      <table>
        <thead>
          <tr>
            <th className="num">No.</th>
            <th>When</th>
            <th>Who</th>
            <th>What</th>
            <th>About</th>
            <th>More</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.number}>
              <td className="num">{one.number}</td>
              <td>{dateTime(one.at)}</td>
              <td>{one.actor}</td>
              <td>{one.act}</td>
              <td>{one.subject}</td>
              <td>
                <details>
                  <summary>details</summary>
                  <pre className="pre">
                    <small>
                      {JSON.stringify(one.details, null, 1)}
                      {`\nhash ${one.hash}`}
                    </small>
                  </pre>
                </details>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
