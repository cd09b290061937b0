import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ask, type Answer, type Body } from "../client.ts";
import { messageOf } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Segments } from "../parts/segments.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, percent, plural } from "../words.ts";
import { sendFile } from "./upload.ts";

type Options = NonNullable<Body<"POST /organisations/{org}/uploads/{upload}/preview">["options"]>;
type Preview = Answer<"POST /organisations/{org}/uploads/{upload}/preview">;

/** Roles that a column can have, in the words of people. */
const ROLES = [
  ["case", "Case: the item concerned"],
  ["activity", "Activity: what was done"],
  ["time", "Time: when it was done"],
  ["time-of-day", "Time of day, if the time is only a date"],
  ["start", "Start: when it started"],
  ["start-time-of-day", "Time of day of the start"],
  ["person", "Person: who did it"],
  ["role", "Role: in which role"],
] as const;

/** Bring evidence: drop a file, see what its columns are taken as, correct, watch, get the rejected rows. */
export function Import() {
  const { org, session } = useOrganisation();
  const { process: given, next: then, ...before } = useSearch({ from: "/o/$org/imports/new" });
  const navigate = useNavigate({ from: "/o/$org/imports/new" });
  const [file, setFile] = useState<{ name: string; size?: number } | undefined>(
    before.upload ? { name: before.file ?? "file" } : undefined,
  );
  const [upload, setUpload] = useState<{ id?: string; sent: number; error?: string } | undefined>(
    before.upload ? { id: before.upload, sent: 1 } : undefined,
  );
  const [work, setWork] = useState<{ id: string; process: string } | undefined>(
    before.work && given ? { id: before.work, process: given } : undefined,
  );
  // the progress stands in the address: a page that is loaded again goes on
  const note = (part: { upload?: string; file?: string; work?: string; process?: string }) =>
    void navigate({
      search: (old: object) => ({ ...old, ...part }),
      replace: true,
      resetScroll: false,
    } as never);
  const stop = useRef<AbortController>(undefined);
  const sample = session.organisations.find((one) => one.sample);

  const begin = async (chosen: File) => {
    stop.current?.abort();
    const controller = new AbortController();
    stop.current = controller;
    setFile(chosen);
    setWork(undefined);
    setUpload({ sent: 0 });
    try {
      const id = await sendFile(
        org,
        chosen,
        (sent, total) => setUpload({ sent: total === 0 ? 1 : sent / total }),
        controller.signal,
      );
      setUpload({ id, sent: 1 });
      note({ upload: id, file: chosen.name });
    } catch (error) {
      if (!controller.signal.aborted) setUpload({ sent: 0, error: (error as Error).message });
    }
  };
  const again = () => {
    stop.current?.abort();
    setFile(undefined);
    setUpload(undefined);
    setWork(undefined);
    note({ upload: undefined, file: undefined, work: undefined });
  };

  return (
    <div className="stack">
      <div className="page-head">
        <h1>Import evidence</h1>
        <p className="lede">
          An export of a system: one row for each thing done, with the case, the activity and the time. Adding
          who did it and when it started shows much more. The file stays on this server.
        </p>
      </div>
      {!file && <DropZone take={(chosen) => void begin(chosen)} />}
      {!file && sample && sample.id !== org && (
        <p>
          No export at hand?{" "}
          <Link to="/o/$org" params={{ org: sample.id }}>
            Explore the sample organisation
          </Link>
          .
        </p>
      )}
      {file && upload && (
        <section className="card stack tight" aria-label="File">
          <div className="between">
            <h2 style={{ overflowWrap: "anywhere" }}>{file.name}</h2>
            <button type="button" className="quiet-button" onClick={again}>
              {work ? "Import another file" : "Choose another file"}
            </button>
          </div>
          {upload.error ? (
            <p className="note bad" role="alert">
              {upload.error}
            </p>
          ) : upload.id ? (
            <p className="quiet">
              {file.size === undefined ? "Uploaded." : `${count(file.size)} bytes uploaded.`}
            </p>
          ) : (
            <label>
              Uploading, {percent(upload.sent)}
              <progress max={1} value={upload.sent} />
            </label>
          )}
        </section>
      )}
      {upload?.id && !work && (
        <Check
          key={upload.id}
          uploadId={upload.id}
          file={file!}
          process={given}
          begun={(id, process) => {
            setWork({ id, process });
            note({ work: id, process });
          }}
        />
      )}
      {work && <Watch key={work.id} workId={work.id} process={work.process} then={then} />}
    </div>
  );
}

function DropZone({ take }: { take: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file) take(file);
      }}
    >
      <p className="strong">Drop a file here</p>
      <p className="quiet">CSV, Excel, Parquet, JSON, XES, OCEL or mbox, also gzipped; up to 5 GB</p>
      <button type="button" className="primary" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <input
        ref={input}
        type="file"
        aria-label="File to import"
        className="visually-hidden"
        tabIndex={-1}
        onChange={({ target }) => target.files?.[0] && take(target.files[0])}
      />
    </div>
  );
}

/** What the file would be read as, and what of it to correct. */
function Check({
  uploadId,
  file,
  process: given,
  begun,
}: {
  uploadId: string;
  file: { name: string };
  process: string | undefined;
  begun: (work: string, process: string) => void;
}) {
  const { org, may } = useOrganisation();
  const [kind, setKind] = useState<"events" | "records">("events");
  const [options, setOptions] = useState<Options>({});
  const [process, setProcess] = useState(given ?? "");
  const [name, setName] = useState("");
  const [table, setTable] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  const preview = useAsk(
    "POST /organisations/{org}/uploads/{upload}/preview",
    { path: { org, upload: uploadId }, body: { options } },
    { keep: true },
  );
  const suggestion = file.name
    .replace(/\.(csv|tsv|txt|xlsx|xes|json|jsonl|parquet|jsonocel|xmlocel|sqlite|mbox|gz|zip)/gi, "")
    .replaceAll(/[_-]+/g, " ")
    .trim();
  useEffect(() => {
    const items = processes.data?.items;
    if (process === "" && items && items.length === 0) setProcess("new");
  }, [processes.data, process]);
  const blocked = kind === "events" && (preview.data?.problem ?? null) !== null;

  const start = async () => {
    setError(undefined);
    setBusy(true);
    try {
      const target =
        process === "new"
          ? (
              await ask("POST /organisations/{org}/processes", {
                path: { org },
                body: { name: name.trim() || suggestion || "New process" },
              })
            ).id
          : process;
      const { workId } = await ask("POST /organisations/{org}/processes/{process}/imports", {
        path: { org, process: target },
        body:
          kind === "events"
            ? { uploadId, kind, options }
            : { uploadId, kind, name: table.trim() || suggestion || "records", options: {} },
      });
      begun(workId, target);
    } catch (problem) {
      setError(messageOf(problem as Error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="stack">
      <section className="card stack" aria-labelledby="what">
        <h2 id="what">What is it?</h2>
        <div className="row" style={{ gap: 18 }}>
          <Segments
            label="Kind of file"
            value={kind}
            options={[
              ["events", "What was done (events)"],
              ["records", "A table of records"],
            ]}
            choose={setKind}
          />
          <small>
            {kind === "events"
              ? "one row per step done"
              : "invoices, vendors, payments …: enables checks that events alone cannot"}
          </small>
        </div>
        <div className="form-grid">
          <label>
            Process
            <select value={process} onChange={({ target }) => setProcess(target.value)}>
              <option value="" disabled>
                Which process is it about?
              </option>
              {processes.data?.items.map(({ id, name: words }) => (
                <option key={id} value={id}>
                  {words}
                </option>
              ))}
              {may("manage processes") && <option value="new">A new process</option>}
            </select>
          </label>
          {process === "new" && (
            <label>
              Name of the process
              <input
                value={name}
                maxLength={120}
                placeholder={suggestion}
                onChange={({ target }) => setName(target.value)}
              />
            </label>
          )}
          {kind === "records" && (
            <label>
              Name of the table
              <input
                value={table}
                maxLength={60}
                placeholder={suggestion || "invoices"}
                onChange={({ target }) => setTable(target.value)}
              />
            </label>
          )}
        </div>
      </section>
      {kind === "events" && (
        <Loaded of={preview} what="the first rows">
          {(value) => <Columns preview={value} options={options} change={setOptions} />}
        </Loaded>
      )}
      {error && (
        <p className="note bad pre" role="alert">
          {error}
        </p>
      )}
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={busy || process === "" || blocked}
          onClick={() => void start()}
        >
          Import
        </button>
        {process === "" && <span className="quiet">First choose the process.</span>}
        {blocked && <span className="quiet">Fix the problem above first.</span>}
      </div>
    </div>
  );
}

function Columns({
  preview,
  options,
  change,
}: {
  preview: Preview;
  options: Options;
  change: (options: Options) => void;
}) {
  const names = preview.columns.map(({ name }) => name);
  const takenAs = (role: string) => preview.columns.find((column) => column.takenAs === role)?.name ?? "";
  const isTable = preview.format !== "xes" && !preview.format.startsWith("ocel") && preview.format !== "mail";
  // what no choice of columns can mend has no form
  if (
    preview.problem &&
    !/^(column-not-recognised|unknown-column|ambiguous-dates|not-names|time-of-case|time-of-day-not-clear|time-without-date|no-object-type|several-sheets|wrong-|unknown-encoding)/.test(
      preview.problem.code,
    )
  )
    return (
      <p className="note bad pre" role="alert">
        {preview.problem.message}
      </p>
    );
  return (
    <section className="stack" aria-labelledby="columns">
      {preview.problem && (
        <p className="note warn pre" role="alert">
          {preview.problem.message}
        </p>
      )}
      <div className="card stack">
        <div className="between">
          <h2 id="columns">How the columns are read</h2>
          <small className="quiet">
            {preview.format.toUpperCase()}
            {preview.read > 0 &&
              `, ${plural(preview.read, "row")}${preview.beginning ? " sampled" : ""}: ${plural(preview.cases, "case")}, ${count(preview.rejected)} rejected`}
          </small>
        </div>
        {isTable && (
          <div className="form-grid">
            {ROLES.map(([role, words]) => (
              <label key={role}>
                {words}
                <select
                  value={options[role] ?? ""}
                  onChange={({ target }) => change({ ...options, [role]: target.value || undefined })}
                >
                  <option value="">{takenAs(role) ? `${takenAs(role)} (recognised)` : "– none –"}</option>
                  {role.endsWith("time-of-day") && <option value="none">– ignore –</option>}
                  {names.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            ))}
          </div>
        )}
        <details>
          <summary>How dates and numbers are written</summary>
          <div className="form-grid">
            <label>
              Dates like 03/04/2025
              <select
                value={options["date-order"] ?? ""}
                onChange={({ target }) =>
                  change({ ...options, "date-order": (target.value || undefined) as never })
                }
              >
                <option value="">as detected</option>
                <option value="dmy">day first (3 April)</option>
                <option value="mdy">month first (March 4)</option>
              </select>
            </label>
            <label>
              Decimals
              <select
                value={options.decimal ?? ""}
                onChange={({ target }) =>
                  change({ ...options, decimal: (target.value || undefined) as never })
                }
              >
                <option value="">as detected</option>
                <option value=".">1,234.50</option>
                <option value=",">1.234,50</option>
              </select>
            </label>
            <label>
              Zone of times without one
              <input
                defaultValue={options["time-zone"] ?? ""}
                placeholder="UTC"
                list="zones"
                onBlur={({ target }) => change({ ...options, "time-zone": target.value.trim() || undefined })}
              />
              <datalist id="zones">
                {[
                  "Europe/Berlin",
                  "Europe/London",
                  "Europe/Paris",
                  "America/New_York",
                  "America/Chicago",
                  "America/Sao_Paulo",
                  "Asia/Kolkata",
                  "Asia/Tokyo",
                  "Australia/Sydney",
                ].map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </label>
            <label>
              Worksheet
              <input
                defaultValue={options.sheet ?? ""}
                onBlur={({ target }) => change({ ...options, sheet: target.value.trim() || undefined })}
              />
            </label>
            {preview.format === "xes" && (
              <label>
                Columns that name the activity
                <input
                  defaultValue={options.classifier ?? ""}
                  placeholder="concept:name"
                  onBlur={({ target }) =>
                    change({ ...options, classifier: target.value.trim() || undefined })
                  }
                />
              </label>
            )}
            {preview.format.startsWith("ocel") && (
              <label>
                A case is an object of type
                <input
                  defaultValue={options["object-type"] ?? ""}
                  onBlur={({ target }) =>
                    change({ ...options, "object-type": target.value.trim() || undefined })
                  }
                />
              </label>
            )}
            <label>
              Starts and ends
              <select
                value={options.lifecycle ?? ""}
                onChange={({ target }) =>
                  change({ ...options, lifecycle: (target.value || undefined) as never })
                }
              >
                <option value="">paired where both exist</option>
                <option value="events">each row as its own event</option>
                <option value="complete">completions only</option>
              </select>
            </label>
          </div>
        </details>
        {preview.rows.length > 0 && (
          <div className="table-wrap">
            <table>
              <caption className="visually-hidden">The first rows of the file</caption>
              <thead>
                <tr>
                  {preview.columns.map(({ name, takenAs: role }) => (
                    <th key={name}>
                      {name}
                      <br />
                      {role ? <span className="badge good">{role}</span> : <small>kept</small>}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {preview.rows.map((row, i) => (
                  <tr key={i}>
                    {row.map((cell, c) => (
                      <td
                        key={c}
                        style={{
                          whiteSpace: "nowrap",
                          maxWidth: 260,
                          overflow: "hidden",
                          textOverflow: "ellipsis",
                        }}
                        title={cell}
                      >
                        {cell}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {preview.rejections.length > 0 && (
          <details>
            <summary>{plural(preview.rejected, "row")} would be rejected</summary>
            <ul>
              {preview.rejections.map((one) => (
                <li key={`${one.at} ${one.column}`}>
                  <small>
                    {one.unit} {one.at}
                    {one.column && `, ${one.column}`}: expected {one.expected}, got “{one.got}”
                  </small>
                </li>
              ))}
            </ul>
          </details>
        )}
        {preview.notes.map((note) => (
          <p key={note} className="quiet">
            {note}
          </p>
        ))}
      </div>
    </section>
  );
}

/** Watches an import, and the audit after it. */
function Watch({ workId, process, then }: { workId: string; process: string; then: string | undefined }) {
  const { org } = useOrganisation();
  const navigate = useNavigate();
  const work = useAsk(
    "GET /organisations/{org}/work/{work}",
    { path: { org, work: workId } },
    { every: 700 },
  );
  const logs = useAsk(
    "GET /organisations/{org}/processes/{process}/logs",
    { path: { org, process }, query: { limit: 1 } },
    { enabled: work.data?.state === "done" },
  );
  const audits = useAsk(
    "GET /organisations/{org}/processes/{process}/audits",
    { path: { org, process }, query: { limit: 1 } },
    { enabled: work.data?.state === "done", every: 1500 },
  );
  const log = logs.data?.items[0];
  const audited = log !== undefined && audits.data?.items[0]?.logId === log.id;
  const queries = useQueryClient();
  useEffect(() => {
    if (audited) void queries.invalidateQueries();
  }, [audited, queries]);
  useEffect(() => {
    if (audited && then === "summary")
      void navigate({ to: "/o/$org/p/$process/summary", params: { org, process } });
  }, [audited, then, navigate, org, process]);
  return (
    <section className="card stack" aria-live="polite" aria-label="Import">
      <Loaded of={work} what="the progress">
        {(value) =>
          value.state === "done" ? (
            <>
              <p className="note good">{log ? log.account : "The file is imported."}</p>
              {log?.hasRejected && (
                <p>
                  <a
                    className="button"
                    href={`/api/organisations/${org}/processes/${process}/logs/${log.id}/rejected`}
                    download
                  >
                    Download the rejected rows
                  </a>
                </p>
              )}
              {log?.notes.map((note) => (
                <p key={note} className="quiet">
                  {note}
                </p>
              ))}
              <p>
                {audited
                  ? "The audit is done."
                  : "The audit is running; you can already open the results so far."}
              </p>
              <div className="row">
                <Link className="button primary" to="/o/$org/p/$process/summary" params={{ org, process }}>
                  What would a tool inherit?
                </Link>
                <Link className="button" to="/o/$org/p/$process/map" params={{ org, process }}>
                  Open the map
                </Link>
              </div>
            </>
          ) : value.state === "failed" || value.state === "set aside" ? (
            <p className="note bad pre" role="alert">
              {value.error?.message ?? "The import failed."}
            </p>
          ) : value.state === "cancelled" ? (
            <p>The import was cancelled; nothing was kept.</p>
          ) : (
            <>
              <label>
                {value.state === "waiting"
                  ? "Waiting to start"
                  : `${value.doing || "reading"}, ${percent(value.progress)}`}
                <progress max={1} value={value.progress} />
              </label>
              <p>
                <button
                  type="button"
                  onClick={() =>
                    void ask("DELETE /organisations/{org}/work/{work}", { path: { org, work: workId } })
                  }
                >
                  Cancel
                </button>
              </p>
            </>
          )
        }
      </Loaded>
    </section>
  );
}
