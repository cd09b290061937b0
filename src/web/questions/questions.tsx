import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Field, Form, Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { Opens } from "../parts/opens.tsx";
import { ReportLinks } from "../parts/report-links.tsx";
import { Segments } from "../parts/segments.tsx";
import { Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, interval, percent, plural } from "../words.ts";

type Question = Answer<"GET /organisations/{org}/processes/{process}/questions">["items"][number];
type Measured = NonNullable<Question["measured"]>;

/**
 * The System Leak Audit: 30 questions answered from memory, each set beside its evidence as soon as it is
 * answered.
 */
export function Questions() {
  const { org, may } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/questions" });
  const { q, view } = useSearch({ from: "/o/$org/p/$process/questions" });
  const navigate = useNavigate({ from: "/o/$org/p/$process/questions" });
  const path = { org, process };
  const audits = useAsk("GET /organisations/{org}/processes/{process}/audits", { path, query: { limit: 1 } });
  const last = audits.data?.items[0];
  const showsResult = view === "result" || !may("answer");
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Questions: the System Leak Audit</h1>
        <p className="lede">
          30 questions about the last time it happened; they take 15 minutes. Answer first: the evidence then
          appears beside your answer.
        </p>
      </div>
      <div className="row">
        {may("answer") && (
          <Segments
            label="Part of the questions"
            value={showsResult ? "result" : "questions"}
            options={[
              ["questions", "My answers"],
              ["result", "All answers and the evidence"],
            ]}
            choose={(next) =>
              void navigate({
                search: (old: object) => ({ ...old, view: next === "result" ? "result" : undefined }),
              })
            }
          />
        )}
        <Invite process={process} />
        <ReportLinks process={process} audit={last} />
      </div>
      {showsResult ? (
        <Result process={process} />
      ) : (
        <OneByOne
          process={process}
          at={q}
          go={(number) =>
            void navigate({
              search: (old: object) => ({ ...old, q: number }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      )}
    </div>
  );
}

function OneByOne({
  process,
  at,
  go,
}: {
  process: string;
  at: number | undefined;
  go: (number: number) => void;
}) {
  const { org } = useOrganisation();
  const path = { org, process };
  const questions = useAsk("GET /organisations/{org}/processes/{process}/questions", { path });
  const first = useRef<number>(undefined);
  return (
    <Loaded of={questions} what="the questions">
      {({ items }) => {
        // the question first shown stays until somebody goes on: its evidence comes when it is answered
        first.current ??= items.find(({ answer }) => answer === null)?.number ?? 1;
        const number = at ?? first.current;
        const question = items.find((one) => one.number === number) ?? items[0];
        const done = items.filter(({ answer }) => answer !== null).length;
        return (
          <div className="stack">
            <div className="stack tight">
              <div className="between">
                <span role="status">
                  {done} of {items.length} answered
                </span>
                <small className="quiet">Keys: A to D answer, ← and → move</small>
              </div>
              <progress max={items.length} value={done} aria-label="Answered" />
              <nav aria-label="Questions" className="dots">
                {items.map((one) => (
                  <button
                    key={one.number}
                    type="button"
                    className={one.answer === null ? "" : "done"}
                    aria-current={one.number === question.number ? "step" : undefined}
                    aria-label={`Question ${one.number}, ${one.answer === null ? "not answered" : "answered"}`}
                    onClick={() => go(one.number)}
                  >
                    {one.number}
                  </button>
                ))}
              </nav>
            </div>
            <OneQuestion
              key={question.number}
              question={question}
              process={process}
              last={items.length}
              go={go}
            />
          </div>
        );
      }}
    </Loaded>
  );
}

function OneQuestion({
  question,
  process,
  last,
  go,
}: {
  question: Question;
  process: string;
  last: number;
  go: (number: number) => void;
}) {
  const { org } = useOrganisation();
  const [note, setNote] = useState(question.note ?? "");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const keep = useDo((input: { answer: string; note?: string }) =>
    ask("PUT /organisations/{org}/processes/{process}/answers/{question}", {
      path: { org, process, question: question.number },
      body: { answer: input.answer, ...(input.note?.trim() ? { note: input.note.trim() } : {}) },
    }),
  );
  const chosen = keep.isPending ? keep.variables.answer : question.answer;
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest("input:not([type=radio]), textarea, select, dialog, [role=radiogroup]")
      )
        return;
      const option = question.options.find((one) => one.key === event.key.toLowerCase());
      if (option && !question.released) keep.mutate({ answer: option.key, note });
      else if (event.key === "ArrowRight" && question.number < last) go(question.number + 1);
      else if (event.key === "ArrowLeft" && question.number > 1) go(question.number - 1);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  });
  return (
    <article className="question stack">
      <fieldset className="stack tight">
        <legend className="visually-hidden">{question.question}</legend>
        <small className="quiet">
          {question.number} · {question.category}
        </small>
        <h2 ref={heading} tabIndex={-1}>
          {question.question}
        </h2>
        {question.options.map(({ key, text }) => (
          <label key={key} className="choice">
            <input
              type="radio"
              name={`question-${question.number}`}
              checked={chosen === key}
              disabled={question.released}
              onChange={() => keep.mutate({ answer: key, note })}
            />
            <span>
              <span className="quiet" aria-hidden="true">
                {key.toUpperCase()}
              </span>{" "}
              {text}
            </span>
          </label>
        ))}
      </fieldset>
      {question.released && <p className="quiet">This answer has been released and cannot be changed.</p>}
      {chosen && !question.released && (
        <label>
          Note, only for the assessor
          <input
            value={note}
            maxLength={2000}
            onChange={({ target }) => setNote(target.value)}
            onBlur={() => note !== (question.note ?? "") && keep.mutate({ answer: chosen, note })}
          />
        </label>
      )}
      <Refusal of={keep.error} />
      <div aria-live="polite">
        {question.answer && (
          <Evidence
            measured={question.measured}
            evidence={question.evidence}
            number={question.number}
            process={process}
          />
        )}
      </div>
      <div className="row">
        <button type="button" disabled={question.number === 1} onClick={() => go(question.number - 1)}>
          ← Back
        </button>
        <button
          type="button"
          className="primary"
          disabled={question.number === last}
          onClick={() => go(question.number + 1)}
        >
          {chosen ? "Next" : "Skip"} →
        </button>
        <span className="quiet" role="status">
          {keep.isPending ? "Saving …" : chosen ? "Saved" : ""}
        </span>
      </div>
    </article>
  );
}

/** What the evidence says to a question: in words, with the cases behind it. */
function Evidence({
  measured,
  evidence,
  number,
  process,
}: {
  measured: Measured | null;
  evidence: Question["evidence"];
  number: number;
  process: string;
}) {
  const { org } = useOrganisation();
  if (!measured)
    return (
      <p className="note">
        No evidence yet. It appears once you import an export.{" "}
        <Link to="/o/$org/imports/new" params={{ org }} search={{ process }}>
          Import one
        </Link>
      </p>
    );
  if (evidence === "not visible")
    return (
      <div className="note">
        <p>
          <span className="strong">Not visible here.</span> To test it, provide: {measured.needs.join("; ")}.
        </p>
      </div>
    );
  return (
    <div
      className={`note ${evidence === "well" ? "good" : evidence === "not well" ? "bad" : "warn"} stack tight`}
    >
      <p className="strong">
        {evidence === "well"
          ? "The evidence shows that this works well."
          : evidence === "not well"
            ? "The evidence shows that this does not work well."
            : "Not enough evidence yet."}
      </p>
      <p>
        {measured.claim}{" "}
        <Opens process={process} filter={{ question: number }} enabled={measured.opens}>
          {count(measured.against)} of {count(measured.n)} {measured.unit} contradict it
        </Opens>
        {measured.estimate !== null &&
          ` (${percent(measured.estimate)} hold, ${interval(measured.interval)})`}
        .
      </p>
      {measured.findings.length > 0 && (
        <p>
          {plural(measured.findings.length, "leak")} found:{" "}
          {measured.findings.slice(0, 5).map((finding, i) => (
            <span key={finding}>
              {i > 0 && ", "}
              <Link to="/o/$org/p/$process/findings/$finding" params={{ org, process, finding }}>
                open {measured.findings.length > 1 ? i + 1 : ""}
              </Link>
            </span>
          ))}
        </p>
      )}
      <small>How it was tested: {measured.check}</small>
    </div>
  );
}

/** Colleagues answer independently: an invitation is a link that leads to the questions. */
function Invite({ process }: { process: string }) {
  const { org, may } = useOrganisation();
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState<string>();
  if (!may("answer")) return null;
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setLink(undefined);
          setOpen(true);
        }}
      >
        Invite colleagues …
      </button>
      <Dialog title="Ask a colleague" open={open} close={() => setOpen(false)}>
        <p>
          People who know the work answer without seeing each other's answers. Disagreement is itself a
          finding.
        </p>
        <div className="field">
          <span className="strong">Link for existing members</span>
          <CopyLink text={`${location.origin}/o/${org}/p/${process}/questions`} />
        </div>
        {may("manage people") ? (
          link ? (
            <div className="stack tight">
              <p className="good">
                Send this link yourself. It works once, within a week, and leads to the questions after
                sign-in.
              </p>
              <CopyLink text={link} />
            </div>
          ) : (
            <Form
              label="Make a link"
              act={async ({ email, name }) => {
                const answer = await ask("POST /organisations/{org}/members", {
                  path: { org },
                  body: { email, name, role: "viewer" },
                });
                setLink(`${answer.link}&then=/o/${org}/p/${process}/questions`);
              }}
            >
              <Field label="Name of the new person" name="name" required />
              <Field
                label="E-mail address"
                name="email"
                type="email"
                required
                hint="They can only view and answer."
              />
            </Form>
          )
        ) : (
          <p className="quiet">Ask an admin of your organisation to invite new people.</p>
        )}
      </Dialog>
    </>
  );
}

export function CopyLink({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="row" style={{ flexWrap: "nowrap" }}>
      <input readOnly value={text} aria-label="Link" onFocus={({ target }) => target.select()} />
      <button
        type="button"
        onClick={async () => {
          await navigator.clipboard.writeText(text);
          setCopied(true);
        }}
      >
        {copied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}

const MEANS: Record<string, string> = {
  good: "well",
  partly: "partly",
  bad: "not well",
  unknown: "do not know",
};

/** What everybody said, beside what is so. */
function Result({ process }: { process: string }) {
  const { org, may } = useOrganisation();
  const path = { org, process };
  const result = useAsk("GET /organisations/{org}/processes/{process}/answers/result", { path });
  const release = useDo(() => ask("POST /organisations/{org}/processes/{process}/answers/release", { path }));
  return (
    <Loaded of={result} what="what was said" tall>
      {({ items, respondents, answering, unreleased }) => (
        <div className="stack">
          <div className="card stack tight">
            <p>
              {plural(answering, "person has", "people have")} answered at least one question; the last audit
              includes the released answers of {plural(respondents, "person", "people")}.
            </p>
            {unreleased > 0 && (
              <div className="row">
                <span className="quiet">
                  {plural(unreleased, "answer is", "answers are")} waiting for release. Released answers are
                  final and are checked against the evidence without names.
                </span>
                {may("release answers") && (
                  <button
                    type="button"
                    className="primary"
                    disabled={release.isPending}
                    onClick={() => release.mutate(undefined)}
                  >
                    Release them
                  </button>
                )}
              </div>
            )}
            {release.error && <p className="bad">{release.error.message}</p>}
          </div>
          {items.length === 0 ? (
            <p className="quiet">No audit yet. Import an export first.</p>
          ) : (
            <Table head={["Question", "Said", "Evidence", "Verdict on the answers"]}>
              {items.map((one) => (
                <tr key={one.number}>
                  <td>
                    {one.number}. {one.question}
                  </td>
                  <td>
                    {one.said.length === 0 ? (
                      <small>nobody answered</small>
                    ) : (
                      one.said.map(({ means, text, count: n }) => (
                        <span key={means} style={{ display: "block" }} title={text}>
                          {n} × {MEANS[means] ?? means}
                        </span>
                      ))
                    )}
                    {one.disagreement && <span className="badge warn">people disagree</span>}
                  </td>
                  <td>
                    {one.evidence === "not visible" ? (
                      <small>not visible: {one.measured.needs.join("; ")}</small>
                    ) : (
                      <>
                        {one.evidence}
                        <br />
                        <small>
                          <Opens
                            process={process}
                            filter={{ question: one.number }}
                            enabled={one.measured.opens}
                          >
                            {count(one.measured.against)} of {count(one.measured.n)} {one.measured.unit}
                          </Opens>{" "}
                          against ({one.measured.check})
                        </small>
                      </>
                    )}
                  </td>
                  <td>
                    <span
                      className={`badge ${one.verdict === "contradicted" ? "bad" : one.verdict === "confirmed" ? "good" : ""}`}
                    >
                      {one.verdict === "not answered" && one.said.length > 0
                        ? "people disagree"
                        : one.verdict}
                    </span>
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </div>
      )}
    </Loaded>
  );
}
