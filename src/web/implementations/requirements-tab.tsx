import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { count, interval, percent, plural } from "../words.ts";
import { ImplementationFrame, type Inventory } from "./implementation-frame.tsx";

/** What does the tool require, and what is there? */
export function RequirementsTab() {
  return <ImplementationFrame>{(value) => <Requires value={value} />}</ImplementationFrame>;
}

const CLAIM_LOOKS: Record<string, string> = { confirmed: "good", contradicted: "bad" };

/** More sentences that no check understands than these are shown when they are asked for. */
const FEW = 3;

function Requires({ value: { requires, processes, implementation } }: { value: Inventory }) {
  const { org, may } = useOrganisation();
  const nameOf = (id: string) => processes.find((one) => one.id === id)?.name ?? "";
  const said = implementation.requires.length + (implementation.document === null ? 0 : 1);
  const order = ["contradicted", "not enough evidence", "not testable here", "confirmed"];
  const [all, setAll] = useState(false);
  const sorted = [...requires].sort(
    (a, b) => order.indexOf(a.claim.verdict) - order.indexOf(b.claim.verdict),
  );
  const unread = sorted.filter(
    ({ requirement, claim }) => requirement === null && claim.verdict === "not testable here",
  );
  const rows = all || unread.length <= FEW ? sorted : sorted.filter((one) => !unread.includes(one));
  return (
    <section className="stack tight" aria-labelledby="requires">
      <div className="between">
        <h2 id="requires">Requirements and evidence</h2>
        {may("manage processes") && (
          <Link
            className="button no-print"
            to="/o/$org/implementations/$implementation/requirements/edit"
            params={{ org, implementation: implementation.id }}
          >
            Edit requirements …
          </Link>
        )}
      </div>
      {rows.length === 0 ? (
        said > 0 ? (
          <p className="quiet">
            {plural(said, "requirement")} {said === 1 ? "is" : "are"} being checked against the evidence, or
            waiting for the first import.
          </p>
        ) : (
          <NotVisible missing="the tool’s requirements: fields, owners, hand-overs, an authoritative source, volume, consistency">
            {may("manage processes") && (
              <Link
                to="/o/$org/implementations/$implementation/requirements/edit"
                params={{ org, implementation: implementation.id }}
              >
                Add requirements, by form or from a document
              </Link>
            )}
          </NotVisible>
        )
      ) : (
        <Table head={["Requirement", "Evidence", "Verdict", num("Against"), "Process"]}>
          {rows.map(({ claim, has, processId }) => (
            <tr key={processId + claim.id}>
              <td>
                {claim.statement}
                <br />
                <small>{claim.check}</small>
              </td>
              <td>
                {claim.verdict === "not testable here"
                  ? `Missing: ${claim.needs.join("; ")}`
                  : (has ??
                    (claim.estimate === null
                      ? "–"
                      : `${percent(claim.estimate)} (${interval(claim.interval)})`))}
              </td>
              <td>
                <span className={`badge ${CLAIM_LOOKS[claim.verdict] ?? ""}`}>{claim.verdict}</span>
              </td>
              <td className="num">
                {claim.n === 0 || claim.unit === "statements" ? (
                  "–"
                ) : (
                  <Opens process={processId} filter={{ readiness: claim.id }} enabled={claim.opens}>
                    {count(claim.against)} of {count(claim.n)}
                  </Opens>
                )}
                {claim.n > 0 && claim.unit !== "statements" && <small> {claim.unit}</small>}
              </td>
              <td>{nameOf(processId)}</td>
            </tr>
          ))}
        </Table>
      )}
      {unread.length > FEW && (
        <p>
          <button type="button" className="opens" aria-expanded={all} onClick={() => setAll(!all)}>
            {all
              ? "Hide sentences that can’t be tested"
              : `Show ${plural(unread.length, "sentence")} of its document that can’t be tested here`}
          </button>
        </p>
      )}
    </section>
  );
}
