import { Link, useParams } from "@tanstack/react-router";
import { Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Table } from "../parts/table.tsx";
import { ask } from "../client.ts";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { dateTime } from "../words.ts";

/** Where the evidence of a process comes from, and what was read. */
export function Imports() {
  const { org, may } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/imports" });
  const path = { org, process };
  const sources = useAsk("GET /organisations/{org}/processes/{process}/imports", { path });
  const logs = useAsk("GET /organisations/{org}/processes/{process}/logs", { path, query: { limit: 100 } });
  const again = useDo(() => ask("POST /organisations/{org}/processes/{process}/audits", { path }));
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Imports</h1>
        <p className="lede">
          What Plumbline has read about this process, when, and how much of it was kept. Read is always kept
          plus rejected.
        </p>
      </div>
      <div className="row">
        {may("add evidence") && (
          <Link className="button primary" to="/o/$org/imports/new" params={{ org }} search={{ process }}>
            Import a file
          </Link>
        )}
        {may("run audits") && (
          <button type="button" disabled={again.isPending} onClick={() => again.mutate(undefined)}>
            Audit again
          </button>
        )}
        {again.error && <span className="bad">{again.error.message}</span>}
      </div>
      <Loaded of={sources} what="the imports">
        {({ items }) =>
          items.length === 0 ? (
            <NotVisible
              missing="evidence: nothing has been imported for this process"
              supply="Import an export of the system with case, activity and time."
            />
          ) : (
            <Loaded of={logs} what="what was read">
              {({ items: read }) => (
                <Table head={["Evidence", "File", "Read", "Result", "Rejected rows"]}>
                  {read.map((log) => {
                    const source = items.find(({ id }) => id === log.importId);
                    return (
                      <tr key={log.id}>
                        <td>
                          {source?.kind === "records" ? `table ${source.name}` : "events"}
                          {source?.tag && <small> · {source.tag}</small>}
                        </td>
                        <td>{log.file}</td>
                        <td>{dateTime(log.madeAt)}</td>
                        <td>
                          {log.account}
                          {log.notes.length > 0 && (
                            <details>
                              <summary>How it was read</summary>
                              {log.notes.map((note) => (
                                <p key={note}>
                                  <small>{note}</small>
                                </p>
                              ))}
                            </details>
                          )}
                        </td>
                        <td>
                          {log.hasRejected ? (
                            <a
                              href={`/api/organisations/${org}/processes/${process}/logs/${log.id}/rejected`}
                              download
                            >
                              as CSV
                            </a>
                          ) : (
                            "none"
                          )}
                        </td>
                      </tr>
                    );
                  })}
                </Table>
              )}
            </Loaded>
          )
        }
      </Loaded>
    </div>
  );
}
