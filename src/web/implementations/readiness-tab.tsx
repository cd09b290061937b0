import { Link } from "@tanstack/react-router";
import { NotVisible } from "../parts/not-visible.tsx";
import { ReadinessBadge } from "../parts/readiness-badge.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { count, dateTime, plural } from "../words.ts";
import { ImplementationFrame, type Inventory } from "./implementation-frame.tsx";

/** Are we ready for this date, and if not, what do we do first? */
export function ReadinessTab() {
  return (
    <ImplementationFrame>
      {(value) => (
        <>
          <AnswerCard value={value} />
          <Inherits value={value} />
        </>
      )}
    </ImplementationFrame>
  );
}

function AnswerCard({ value: { answer, since } }: { value: Inventory }) {
  return (
    <section className="stack tight" aria-label="What to do first">
      {answer.sentences.slice(1).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {answer.first.length > 0 && (
        <>
          <h2>What to do first</h2>
          <ol className="stack tight">
            {answer.first.map(({ text, decides, days, makesReady }, i) => (
              <li key={text + makesReady.join()}>
                {i + 1}. {text}{" "}
                <small>
                  {plural(days, "working day")}; decided by {decides}; helps {listed(makesReady)}
                </small>
              </li>
            ))}
          </ol>
        </>
      )}
      {since.at && (
        <>
          <h2>Since the meeting of {dateTime(since.at)}</h2>
          {since.opened.length + since.closed.length + since.accepted.length === 0 ? (
            <p>Nothing has opened or closed.</p>
          ) : (
            <ul className="stack tight">
              {(
                [
                  ["opened", since.opened],
                  ["closed by evidence", since.closed],
                  ["accepted", since.accepted],
                ] as const
              ).map(
                ([words, titles]) =>
                  titles.length > 0 && (
                    <li key={words}>
                      {plural(titles.length, "gap")} {words}: {titles.join(" ")}
                    </li>
                  ),
              )}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

/** The first of them, and how many more. */
const listed = (names: string[]) =>
  names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

function Inherits({ value: { processes } }: { value: Inventory }) {
  const { org } = useOrganisation();
  return (
    <section className="stack tight" aria-labelledby="inherits">
      <h2 id="inherits">What it would inherit</h2>
      {processes.length === 0 ? (
        <NotVisible missing="the processes it touches" />
      ) : (
        <Table head={["Process", "Steps it touches", num("Ready"), "Judged"]}>
          {processes.map(({ id, name, steps, judgedAt }) => (
            <tr key={id}>
              <td style={{ minWidth: 140 }}>
                <Link className="strong" to="/o/$org/p/$process/readiness" params={{ org, process: id }}>
                  {name}
                </Link>
                <br />
                <small>
                  <Link to="/o/$org/p/$process/fix-first" params={{ org, process: id }}>
                    fix first
                  </Link>
                </small>
              </td>
              <td>
                {judgedAt === null ? (
                  <span className="quiet">Unknown. Import an export of its system to audit it.</span>
                ) : (
                  <span className="legend">
                    {steps.map(({ step, verdict, sentence, overriddenBy }) => (
                      <span key={step} title={sentence}>
                        <ReadinessBadge verdict={verdict} /> {step}
                        {overriddenBy && <span className="badge warn">overridden by {overriddenBy}</span>}
                      </span>
                    ))}
                  </span>
                )}
              </td>
              <td className="num">
                {judgedAt === null
                  ? "–"
                  : `${count(steps.filter(({ verdict }) => verdict === "ready").length)} of ${count(steps.length)}`}
              </td>
              <td>{judgedAt === null ? "–" : dateTime(judgedAt)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
