import { Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { dateTime } from "../words.ts";
import { Deciding, Signing } from "./acts.tsx";
import { ImplementationFrame, type Inventory } from "./implementation-frame.tsx";

/** What was noted about gaps, in which meetings, and what do outside assessors say? */
export function RecordTab() {
  return (
    <ImplementationFrame>
      {(value) => (
        <>
          <Notes value={value} />
          <Signatures value={value} />
        </>
      )}
    </ImplementationFrame>
  );
}

function Notes({ value: { notes, implementation } }: { value: Inventory }) {
  const { may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="notes">
      <h2 id="notes">Gap notes and meetings</h2>
      {notes.length === 0 ? (
        <p className="quiet">No gap notes or meetings yet.</p>
      ) : (
        <Table head={["When", "Who", "What", "About"]}>
          {notes.map((one) => (
            <tr key={one.id}>
              <td>{dateTime(one.at)}</td>
              <td>{one.by}</td>
              <td>
                {one.kind === "meeting" && <span className="badge">meeting</span>} {one.text}
              </td>
              <td>{one.gap ?? "–"}</td>
            </tr>
          ))}
        </Table>
      )}
      {may("decide gaps") && (
        <div>
          <Deciding tool={implementation.id} />
        </div>
      )}
    </section>
  );
}

function Signatures({ value: { signatures, hash, implementation } }: { value: Inventory }) {
  const { may } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="signatures">
      <h2 id="signatures">Outside assessors</h2>
      {signatures.length === 0 ? (
        <p className="quiet">
          No outside assessor has signed. An admin can invite one for a limited time; assessors see neither
          names nor case ids, and sign their own judgement.
        </p>
      ) : (
        <ul className="stack tight">
          {signatures.map((one) => (
            <li key={one.id} className="card">
              <span
                className={`badge ${one.judgement === "agrees" ? "good" : one.judgement === "does not agree" ? "bad" : "warn"}`}
              >
                {one.judgement}
              </span>{" "}
              {one.by}, {dateTime(one.at)}
              {!one.current && <small> · outdated: the implementation has changed since</small>}
              <p className="pre">{one.note}</p>
            </li>
          ))}
        </ul>
      )}
      {may("countersign") && <Signing tool={implementation.id} hash={hash} />}
    </section>
  );
}
