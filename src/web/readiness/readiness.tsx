import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Answer } from "../client.ts";
import { Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, dateTime, interval, percent, plainNeed, plural } from "../words.ts";

type Step = Answer<"GET /organisations/{org}/processes/{process}/readiness">["steps"][number];

const LOOKS: Record<string, string> = {
  ready: "good",
  "fix first": "bad",
  "keep with people": "never",
  "not enough evidence": "",
};
const STATES = { confirmed: ["good", "✓"], contradicted: ["bad", "✕"], open: ["", "?"] } as const;

/** May a machine do each step yet, what that rests on, and what to do first. */
export function ReadinessPage() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/readiness" });
  const readiness = useAsk("GET /organisations/{org}/processes/{process}/readiness", {
    path: { org, process },
  });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>May a machine do it yet?</h1>
        <p className="lede">
          Each step through four lenses: data, consistency, error tolerance, business impact. No score: a
          verdict, the statements that decided it, and what to do first.
        </p>
      </div>
      <Loaded of={readiness} what="the readiness" tall>
        {({ steps, at, rule }) => (
          <>
            <p className="quiet">
              Judged {dateTime(at)} by rule {rule}. Programs ask the gate before each step and may go on only
              where it says ready.
            </p>
            {steps.length === 0 ? (
              <NotVisible missing="steps: the evidence has no activity and nobody described one" />
            ) : (
              <div className="stack tight">
                {steps.map((step) => (
                  <StepCard key={step.step} step={step} process={process} />
                ))}
              </div>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

function StepCard({ step, process }: { step: Step; process: string }) {
  const { org } = useOrganisation();
  const [open, setOpen] = useState(false);
  return (
    <article className="card stack tight">
      <div className="between">
        <h2>
          {step.step} <span className={`badge ${LOOKS[step.verdict]}`}>{step.verdict}</span>
        </h2>
        <small className="quiet">
          {plural(step.executions, "time")} · {step.kind === "do" ? "other work" : `to ${step.kind}`} (by its{" "}
          {step.told}){!step.described && " · never described"}
        </small>
      </div>
      <p>{plainNeed(step.sentence)}</p>
      <p className="legend">
        {step.lenses.map(({ lens, state }) => (
          <span key={lens}>
            <span className={`badge ${STATES[state][0]}`} aria-hidden="true">
              {STATES[state][1]}
            </span>{" "}
            {lens}: {state}
          </span>
        ))}
      </p>
      {step.verdict !== "ready" && step.actions.length > 0 && (
        <ol className="stack tight">
          {step.actions.map((action, i) => (
            <li key={action.turns}>
              {i + 1}. {plainNeed(action.text)}{" "}
              <small className="quiet">
                takes {action.effort}; decided by: {action.decides}
              </small>
            </li>
          ))}
        </ol>
      )}
      <p>
        <button type="button" className="opens" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Close" : `What it rests on: ${plural(step.claims.length, "statement")}`}
        </button>
      </p>
      {open && (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>Lens</th>
                <th>Statement</th>
                <th>For this kind of task</th>
                <th>Verdict</th>
                <th className="num">Against</th>
              </tr>
            </thead>
            <tbody>
              {step.claims.map((claim) => (
                <tr key={claim.id}>
                  <td>{claim.lens}</td>
                  <td>
                    {claim.statement}
                    <br />
                    <small>
                      {claim.verdict === "not testable here"
                        ? `Missing: ${claim.needs.map(plainNeed).join("; ")}`
                        : `${claim.check}${claim.detail ? `. ${claim.detail}` : ""}`}
                    </small>
                  </td>
                  <td>
                    {claim.need}
                    {claim.keepsPeople && <small> · keeps it with people when it is not so</small>}
                  </td>
                  <td>
                    <span
                      className={`badge ${claim.verdict === "confirmed" ? "good" : claim.verdict === "contradicted" ? "bad" : ""}`}
                    >
                      {claim.verdict}
                    </span>
                    {claim.estimate !== null && (
                      <small style={{ display: "block" }}>
                        {percent(claim.estimate)}, {interval(claim.interval)}
                      </small>
                    )}
                  </td>
                  <td className="num">
                    {claim.n === 0 ? (
                      "–"
                    ) : (
                      <Opens process={process} filter={{ readiness: claim.id }} enabled={claim.opens}>
                        {count(claim.against)} of {count(claim.n)}
                      </Opens>
                    )}
                    {claim.n > 0 && <small> {claim.unit}</small>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p>
            <Link to="/o/$org/p/$process/playbook" params={{ org, process }}>
              What a step needs, and its kind of task, are said in the playbook
            </Link>
          </p>
        </div>
      )}
    </article>
  );
}
