import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, dateTime } from "../words.ts";

type Entry = Answer<"GET /organisations/{org}/trail">["items"][number];

/** What was done by whom, newest first; each entry carries the hash of the one before. */
export function Trail() {
  const { org } = useOrganisation();
  const path = { org };
  const [pages, setPages] = useState<string[]>([]);
  const after = pages.at(-1);
  const trail = useAsk(
    "GET /organisations/{org}/trail",
    { path, query: { limit: 100, after, order: "newest" } },
    { keep: true },
  );
  const check = useDo(() => ask("GET /organisations/{org}/trail/check", { path }));
  const nameOf = useNames();
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Trail</h1>
        <p className="lede">
          Every action, newest first. Any later change is detectable: each entry carries the hash of the one
          before.
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
            {check.data.broken ?? `The trail is intact: ${count(check.data.entries)} entries.`}
          </span>
        )}
        {check.error && <span className="bad">{check.error.message}</span>}
      </div>
      <Loaded of={trail} what="the trail" tall>
        {({ items, next }) => (
          <>
            <Entries items={items} nameOf={nameOf} />
            <div className="row">
              {pages.length > 0 && (
                <button type="button" onClick={() => setPages(pages.slice(0, -1))}>
                  ← Newer
                </button>
              )}
              {next && (
                <button type="button" onClick={() => setPages([...pages, next])}>
                  Older →
                </button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}

/**
 * What "person:0b0e…" and "process 4711…" are called, as far as one may see it; else the beginning of the id.
 */
function useNames(): (words: string) => string {
  const { org, may, session } = useOrganisation();
  const people = useAsk(
    "GET /organisations/{org}/members",
    { path: { org } },
    { enabled: may("see people") },
  );
  const tokens = useAsk(
    "GET /organisations/{org}/tokens",
    { path: { org } },
    { enabled: may("manage tokens") },
  );
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  const names = new Map([
    [session.id, session.name],
    ...[...(people.data?.items ?? []), ...(tokens.data?.items ?? []), ...(processes.data?.items ?? [])].map(
      ({ id, name }): [string, string] => [id, name],
    ),
  ]);
  return (words) =>
    words
      .replace(/^person:/, "")
      .replace(/^token:/, "program ")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? `${id.slice(0, 8)}…`);
}

/** What of an entry is worth reading beside it. */
function more({ details }: Entry, nameOf: (words: string) => string): string {
  return Object.entries(details)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => `${key}: ${nameOf(String(value))}`)
    .join(" · ");
}

function Entries({ items, nameOf }: { items: Entry[]; nameOf: (words: string) => string }) {
  return (
    <Table head={[num("No."), "When", "Who", "What", "About", "More"]}>
      {items.map((one) => (
        <tr key={one.number}>
          <td className="num">{one.number}</td>
          <td>{dateTime(one.at)}</td>
          <td>
            {nameOf(one.actor)}
            {one.role !== null && <small> {one.role}</small>}
          </td>
          <td>{one.act}</td>
          <td>{nameOf(one.subject)}</td>
          <td>
            <small>{more(one, nameOf)}</small>
            <details>
              <summary>whole entry</summary>
              <pre className="pre">
                <small>{JSON.stringify(one, null, 1)}</small>
              </pre>
            </details>
          </td>
        </tr>
      ))}
    </Table>
  );
}
