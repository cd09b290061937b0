import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ask } from "../client.ts";
import { Dialog } from "../parts/dialog.tsx";
import { messageOf, Refusal } from "../parts/form.tsx";
import { Failed, Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { num, Table, unseen } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, dateTime, duration, percent, plural } from "../words.ts";
import { FlowPicture } from "./flow-picture.tsx";
import { YamlEditor } from "./yaml-editor.tsx";

const EXAMPLE = `process: Name of the process
owner: Who answers for it
roles:
  Clerk: []
  Approver: []
steps:
  First step: { role: Clerk }
  Approve: { role: Approver, approves: First step }
  Last step: { role: Clerk }
flow:
  - First step
  - Approve
  - Last step
rules:
  - { before: Last step, must: Approve }
  - { separate: [First step, Approve] }
`;

/**
 * What people say the process is: read, written, checked as it is typed, compared, signed off, handed over.
 */
export function DescriptionPage() {
  const { org, may } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/description" });
  const { version, edit } = useSearch({ from: "/o/$org/p/$process/description" });
  const path = { org, process };
  const versions = useAsk("GET /organisations/{org}/processes/{process}/descriptions", { path });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Description</h1>
        <p className="lede">
          The process as people describe it: the steps, their order, their owners and the rules. Every
          statement is checked against the evidence.
        </p>
      </div>
      <Loaded of={versions} what="the versions" tall>
        {({ items }) => {
          const shown = version ?? items[0]?.number;
          if (edit || (items.length === 0 && may("describe")))
            return <Editor key={shown ?? "new"} process={process} from={shown} />;
          if (shown === undefined)
            return (
              <NotVisible
                missing="a description of the process"
                supply="Analysts and process owners can write one."
              />
            );
          return (
            <div className="side">
              <Version process={process} number={shown} />
              <aside className="stack">
                <div className="card stack tight">
                  <h2>Versions</h2>
                  <ul className="stack tight">
                    {items.map((one) => (
                      <li key={one.number}>
                        <Link
                          to="/o/$org/p/$process/description"
                          params={path}
                          search={{ version: one.number }}
                          className={one.number === shown ? "strong" : ""}
                        >
                          Version {one.number}
                        </Link>{" "}
                        <small>
                          {dateTime(one.madeAt)}
                          {one.signedAt ? ` · signed off ${dateTime(one.signedAt)}` : " · not signed off"}
                        </small>
                      </li>
                    ))}
                  </ul>
                </div>
                <Differences process={process} number={shown} />
              </aside>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}

function Version({ process, number }: { process: string; number: number }) {
  const { org, may } = useOrganisation();
  const path = { org, process, number };
  const version = useAsk("GET /organisations/{org}/processes/{process}/descriptions/{number}", { path });
  const check = useAsk(
    "POST /organisations/{org}/descriptions/check",
    { path: { org }, body: { text: version.data?.text ?? "" } },
    { enabled: may("describe") && Boolean(version.data?.text) },
  );
  const sign = useDo(() =>
    ask("POST /organisations/{org}/processes/{process}/descriptions/{number}/signature", { path }),
  );
  const [sure, setSure] = useState(false);
  return (
    <Loaded of={version} what="the version" tall>
      {(value) => (
        <div className="stack">
          <div className="row">
            {may("describe") && (
              <Link
                className="button primary"
                to="/o/$org/p/$process/description"
                params={{ org, process }}
                search={{ version: number, edit: true }}
              >
                Edit
              </Link>
            )}
            {may("sign descriptions") && !value.signedAt && (
              <button type="button" onClick={() => setSure(true)}>
                Sign off …
              </button>
            )}
            <a
              className="button"
              href={`/api/organisations/${org}/processes/${process}/descriptions/${number}/hand-over.pdf`}
              target="_blank"
              rel="noreferrer"
            >
              Hand-over pack (PDF)
            </a>
            {value.signedAt ? (
              <span className="badge good">signed off {dateTime(value.signedAt)}</span>
            ) : (
              <span className="badge warn">not signed off</span>
            )}
          </div>
          <Dialog title={`Sign version ${number} off`} open={sure} close={() => setSure(false)}>
            <p>
              Your signature makes this version the agreed description. It can no longer be changed; a change
              needs a new version and a new signature.
            </p>
            {sign.error && <p className="note bad">{messageOf(sign.error)}</p>}
            <div className="row end">
              <button type="button" onClick={() => setSure(false)}>
                Not yet
              </button>
              <button
                type="button"
                className="primary"
                disabled={sign.isPending}
                onClick={() => sign.mutate(undefined, { onSuccess: () => setSure(false) })}
              >
                Sign off
              </button>
            </div>
          </Dialog>
          {check.data?.flow && <FlowPicture flow={check.data.flow} />}
          <StepsBeside process={process} />
          <Claims process={process} />
          {value.text && (
            <details>
              <summary>Text as written</summary>
              <pre className="card pre">{value.text}</pre>
            </details>
          )}
        </div>
      )}
    </Loaded>
  );
}

/** Evidence beside each step. */
function StepsBeside({ process }: { process: string }) {
  const { org } = useOrganisation();
  const map = useAsk("GET /organisations/{org}/processes/{process}/map", {
    path: { org, process },
    query: { activities: 1, paths: 0 },
  });
  return (
    <section className="stack tight" aria-labelledby="beside">
      <h2 id="beside">Steps and evidence</h2>
      <Loaded of={map} what="the evidence">
        {({ nodes, cases }) => (
          <Table head={["Step", "Owner", num("Cases with it"), num("Duration (median)"), unseen("Status")]}>
            {nodes
              .filter(({ id }) => id >= 0)
              .sort((a, b) => a.x - b.x || a.y - b.y)
              .map((node) => (
                <tr key={node.id}>
                  <td>
                    {node.step ?? node.name}
                    {node.step && <small> · recorded as “{node.name}”</small>}
                  </td>
                  <td>
                    {node.role ?? (
                      <span className="quiet">{node.standing === "never described" ? "–" : "no owner"}</span>
                    )}
                  </td>
                  <td className="num">
                    <Opens process={process} filter={{ with: [node.name] }} enabled={node.cases > 0}>
                      {count(node.cases)}
                    </Opens>{" "}
                    <small>{percent(cases === 0 ? null : node.cases / cases)}</small>
                  </td>
                  <td className="num">{duration(node.handling?.median)}</td>
                  <td>
                    {node.standing && (
                      <span
                        className={`badge ${node.standing === "as described" ? "good" : node.standing === "never seen" ? "never" : "bad"}`}
                      >
                        {node.standing === "never seen"
                          ? "described, never seen"
                          : node.standing === "as described"
                            ? "described and seen"
                            : node.standing}
                      </span>
                    )}
                  </td>
                </tr>
              ))}
          </Table>
        )}
      </Loaded>
    </section>
  );
}

/** The statements of the description, with their verdicts. */
function Claims({ process }: { process: string }) {
  const { org } = useOrganisation();
  const claims = useAsk("GET /organisations/{org}/processes/{process}/claims", {
    path: { org, process },
    query: { limit: 500 },
  });
  return (
    <section className="stack tight" aria-labelledby="claims">
      <h2 id="claims">Statements and evidence</h2>
      <Loaded of={claims} what="the statements">
        {({ items }) => {
          const said = items.filter(({ content }) => content.source === "description");
          if (said.length === 0)
            return (
              <p className="quiet">
                The last audit had no description. The next one will check every statement against the
                evidence.
              </p>
            );
          const rank = ["contradicted", "not enough evidence", "not testable here", "confirmed"];
          return (
            <Table head={["Statement", "Verdict", num("Against")]}>
              {[...said]
                .sort((a, b) => rank.indexOf(a.verdict) - rank.indexOf(b.verdict))
                .map(({ id, verdict, content }) => (
                  <tr key={id}>
                    <td>
                      {content.statement}
                      <br />
                      <small>
                        {verdict === "not testable here"
                          ? `Missing: ${content.needs.join("; ")}`
                          : content.check}
                      </small>
                    </td>
                    <td>
                      <span
                        className={`badge ${verdict === "confirmed" ? "good" : verdict === "contradicted" ? "bad" : ""}`}
                      >
                        {verdict}
                      </span>
                    </td>
                    <td className="num">
                      {content.n === 0 ? (
                        "–"
                      ) : (
                        <Opens
                          process={process}
                          filter={{ claim: id }}
                          enabled={content.against > 0 && content.unit === "cases"}
                        >
                          {count(content.against)} of {count(content.n)}
                        </Opens>
                      )}
                      {content.n > 0 && content.unit !== "cases" && <small> {content.unit}</small>}
                    </td>
                  </tr>
                ))}
            </Table>
          );
        }}
      </Loaded>
    </section>
  );
}

function Differences({ process, number }: { process: string; number: number }) {
  const { org } = useOrganisation();
  const differences = useAsk(
    "GET /organisations/{org}/processes/{process}/descriptions/{number}/differences",
    { path: { org, process, number } },
    { enabled: number > 1 },
  );
  if (number === 1) return null;
  return (
    <div className="card stack tight">
      <h2>Changes in version {number}</h2>
      <Loaded of={differences} what="the differences">
        {({ differences: list, from }) =>
          list.length === 0 ? (
            <p className="quiet">There are no changes from version {from}.</p>
          ) : (
            <ul className="stack tight">
              {list.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

function Editor({ process, from }: { process: string; from: number | undefined }) {
  const { org } = useOrganisation();
  const navigate = useNavigate();
  const path = { org, process };
  const kept = `plumbline.draft.${process}`;
  const base = useAsk(
    "GET /organisations/{org}/processes/{process}/descriptions/{number}",
    { path: { ...path, number: from ?? 1 } },
    { enabled: from !== undefined },
  );
  const [text, setText] = useState<string | undefined>(() => sessionStorage.getItem(kept) ?? undefined);
  const [checked, setChecked] = useState("");
  useEffect(() => {
    if (text === undefined && base.data) setText(base.data.text ?? "");
  }, [base.data, text]);
  useEffect(() => {
    if (text === undefined) return;
    // what is typed survives a page that is loaded again, in this window
    sessionStorage.setItem(kept, text);
    const timer = setTimeout(() => setChecked(text), 350);
    return () => clearTimeout(timer);
  }, [text, kept]);
  const check = useAsk(
    "POST /organisations/{org}/descriptions/check",
    { path: { org }, body: { text: checked } },
    { keep: true, enabled: checked !== "" },
  );
  const save = useDo(
    () =>
      ask("POST /organisations/{org}/processes/{process}/descriptions", { path, body: { text: text ?? "" } }),
    () => {
      sessionStorage.removeItem(kept);
      void navigate({ to: "/o/$org/p/$process/description", params: path, search: {} });
    },
  );
  const draft = useDo(
    () => ask("GET /organisations/{org}/processes/{process}/draft", { path }),
    ({ text: drafted }) => drafted && setText(drafted),
  );
  if (text === undefined)
    return from === undefined ? (
      <div className="stack">
        <div className="card stack">
          <h2>Nothing is described yet</h2>
          <p>Start with a draft of what the evidence shows, with a small example, or with your own file.</p>
          <div className="row">
            <button
              type="button"
              className="primary"
              disabled={draft.isPending}
              onClick={() => draft.mutate(undefined)}
            >
              Draft from evidence
            </button>
            <button type="button" onClick={() => setText(EXAMPLE)}>
              Start with an example
            </button>
            <OpenFile take={setText} />
          </div>
          {draft.data?.missing.map((missing) => (
            <NotVisible key={missing} missing={missing} />
          ))}
          {draft.error && <Failed error={draft.error} />}
        </div>
      </div>
    ) : (
      <Loaded of={base}>{() => null}</Loaded>
    );
  const problems = check.data?.problems ?? [];
  const unsettled = checked !== text || check.isFetching;
  return (
    <div className="stack">
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={save.isPending || unsettled || problems.length > 0}
          onClick={() => save.mutate(undefined)}
        >
          Save as a new version
        </button>
        <button type="button" disabled={draft.isPending} onClick={() => draft.mutate(undefined)}>
          Draft from evidence
        </button>
        <OpenFile take={setText} />
        {from !== undefined && (
          <Link
            className="button"
            to="/o/$org/p/$process/description"
            params={path}
            search={{}}
            onClick={() => sessionStorage.removeItem(kept)}
          >
            Discard changes
          </Link>
        )}
        <span role="status" className={problems.length > 0 ? "bad" : "good"}>
          {unsettled
            ? ""
            : problems.length > 0
              ? plural(problems.length, "problem")
              : check.data
                ? `No problem, ${plural(check.data.steps.length, "step")}`
                : ""}
        </span>
      </div>
      {draft.data?.missing.map((missing) => (
        <NotVisible key={missing} missing={missing} />
      ))}
      {draft.error && <Failed error={draft.error} />}
      <Refusal of={save.error} />
      <YamlEditor
        value={text}
        change={setText}
        problems={problems}
        label="Description of the process, as YAML"
      />
      {problems.length > 0 && (
        <ul className="note bad" aria-label="Problems">
          {problems.map((one, i) => (
            <li key={i}>
              {one.line !== null && <span className="strong">Line {one.line}: </span>}
              {one.message}
            </li>
          ))}
        </ul>
      )}
      {check.data?.flow && <FlowPicture flow={check.data.flow} />}
      <details>
        <summary>How to write it</summary>
        <div className="card stack tight">
          <p>
            <code>flow</code> is nested: a list is a sequence; <code>optional</code>, <code>choice</code>,{" "}
            <code>parallel</code> and <code>repeat</code> hold lists. Rules: <code>before … must</code>,{" "}
            <code>separate</code>, <code>limit</code>, <code>splitLimit</code>, <code>deadline</code>,{" "}
            <code>authoritative</code>; each may have <code>when</code>. <code>mapping</code> says which
            activity of the evidence is which step. See docs/descriptions.md for the full format.
          </p>
        </div>
      </details>
    </div>
  );
}

function OpenFile({ take }: { take: (text: string) => void }) {
  return (
    <label className="button">
      Open a file (YAML)
      <input
        type="file"
        className="visually-hidden"
        accept=".yaml,.yml"
        onChange={async ({ target }) => target.files?.[0] && take(await target.files[0].text())}
      />
    </label>
  );
}
