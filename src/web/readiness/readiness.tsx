import { upperFirst } from "../../figures.ts";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { NotVisible } from "../parts/not-visible.tsx";
import { Opens } from "../parts/opens.tsx";
import { ReadinessBadge } from "../parts/readiness-badge.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, dateTime, interval, percent, plural } from "../words.ts";

type Step = Answer<"GET /organisations/{org}/processes/{process}/readiness">["steps"][number];

type SaidTask = NonNullable<Step["said"]["kind"]>;

const TASKS: Record<Step["kind"], string> = {
  sort: "sort",
  check: "check",
  copy: "copy",
  track: "track",
  chase: "chase",
  fix: "fix",
  extract: "extract",
  decide: "decide",
  do: "other work",
};
const MEANINGS: Record<SaidTask, string> = {
  sort: "assign, route or prioritise",
  check: "verify that something is complete or consistent",
  copy: "enter, post or transfer existing data",
  track: "update a status, file or notify",
  chase: "ask for missing information",
  fix: "correct earlier errors",
  extract: "take facts out of a document or message",
  decide: "approve, reject, release, grant or assess; people keep this",
};

const VERDICTS = ["ready", "fix first", "keep with people", "not enough evidence"] as const;
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
        <h1>May AI do it yet?</h1>
        <p className="lede">
          Each step seen through four lenses: data, consistency, error tolerance, business impact. There is no
          score: you get a verdict, the statements behind it, and what to do first.
        </p>
      </div>
      <Loaded of={readiness} what="the readiness" tall>
        {({ steps, at, overrides, process: whole }) => (
          <>
            <p className="quiet">
              Judged {dateTime(at)}
              {steps.length > 0 && ` by rule ${steps[0].rule}`}. Programs ask the gate before each step and
              may continue only if it is ready.{" "}
              {overrides.length > 0 &&
                `It was overridden ${plural(overrides.length, "time")}; ${plural(overrides.filter(({ holds }) => holds).length, "override is", "overrides are")} active.`}
            </p>
            {steps.length === 0 ? (
              <NotVisible missing="steps: the evidence has no activities and no step is described" />
            ) : (
              <div className="stack tight">
                <WholeProcess whole={whole} steps={steps} process={process} />
                <ToSay steps={steps} />
                {steps.map((step) => (
                  <StepCard
                    key={step.step}
                    step={step}
                    process={process}
                    override={overrides.find((one) => one.holds && one.step === step.step)}
                  />
                ))}
              </div>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

type Override = Answer<"GET /organisations/{org}/processes/{process}/readiness">["overrides"][number];

type OfStep = { step: Step; process: string; override: Override | undefined };

function StepCard({ step, process, override }: OfStep) {
  const { org } = useOrganisation();
  const [open, setOpen] = useState(false);
  return (
    <article className="card stack tight">
      <div className="between">
        <h2>
          {step.step} <ReadinessBadge verdict={step.verdict} />{" "}
          {override && <span className="badge warn">overridden</span>}
        </h2>
        <small className="quiet">
          {plural(step.executions, "time")} · {kindWords(step)}
          {!step.described && " · never described"}
        </small>
      </div>
      <p>{step.sentence}</p>
      <Saying step={step} process={process} />
      <Lenses lenses={step.lenses} />
      {step.verdict !== "ready" && step.actions.length > 0 && (
        <ol className="stack tight">
          {step.actions.map((action, i) => (
            <li key={action.turns}>
              {i + 1}. {action.text}{" "}
              <small className="quiet">
                takes {action.effort}; decided by {action.decides}
              </small>
            </li>
          ))}
        </ol>
      )}
      <Overriding step={step} process={process} override={override} />
      <p>
        <button type="button" className="opens" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Close" : `Based on ${plural(step.claims.length, "statement")}`}
        </button>
      </p>
      {open && (
        <>
          <Claims claims={step.claims} process={process} />
          <p>
            <Link to="/o/$org/p/$process/description" params={{ org, process }}>
              Set what a step needs and its kind of task in the description
            </Link>
          </p>
        </>
      )}
    </article>
  );
}

/** How many steps wait for an answer that only people can give. */
function ToSay({ steps }: { steps: Step[] }) {
  const { may } = useOrganisation();
  const unsaid = steps.filter(({ said, decides }) => said.kind === null || (said.undo === null && !decides));
  if (unsaid.length === 0) return null;
  return (
    <section className="note warn" aria-labelledby="to-say">
      <h2 id="to-say">
        {count(unsaid.length)} of {plural(steps.length, "step")} need{unsaid.length === 1 ? "s" : ""} an
        answer from a person
      </h2>
      <p>
        What kind of task is it, and can an error be undone? Names only suggest an answer. The gate stays
        closed until someone confirms it {may("confirm tasks") ? "below" : "(a process owner, on this page)"}{" "}
        or sets <em>task</em> and <em>undo</em> of the step in the description.
      </p>
    </section>
  );
}

/** What kind of task it is and who said so; a guess is shown as one. */
function kindWords({ said, guess, decides }: Step): string {
  if (said.kind === null)
    return guess.kind === null
      ? "kind of task unknown"
      : `kind of task: perhaps ${TASKS[guess.kind]}, judging by its name; to be confirmed`;
  const by = {
    description: "from the description",
    confirmation: "confirmed by a person here",
    approvals: "from the list of approvals",
  };
  return `kind of task: ${TASKS[said.kind]}, ${by[said.kindSaidBy!]}${decides && said.kind !== "decide" ? "; its name suggests an approval" : ""}`;
}

/**
 * Say what kind of task it is and whether a wrong one can be undone: the first thing to do where nobody has.
 */
function Saying({ step, process }: { step: Step; process: string }) {
  const { may } = useOrganisation();
  const [open, setOpen] = useState(false);
  const { said, confirmation } = step;
  const isSaid = said.kind !== null && (said.undo !== null || step.decides);
  const byDescription = said.kindSaidBy === "description" && said.undoSaidBy === "description";
  return (
    <>
      {confirmation && (
        <p className="quiet">
          <small>
            Confirmed by {confirmation.by}, {dateTime(confirmation.at)}.
          </small>
        </p>
      )}
      {said.differs.length > 0 && (
        <p className="note warn">
          The description and {confirmation?.by ?? "the confirmation here"} contradict each other. Change one
          of them.
        </p>
      )}
      {may("confirm tasks") && !byDescription && (
        <p>
          <button type="button" className={isSaid ? "opens" : "primary"} onClick={() => setOpen(true)}>
            {isSaid ? "Change the confirmation …" : "Confirm the kind of task …"}
          </button>
        </p>
      )}
      <Dialog title={`What kind of task is “${step.step}”?`} open={open} close={() => setOpen(false)}>
        <SayingForm step={step} process={process} done={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function SayingForm({ step, process, done }: { step: Step; process: string; done: () => void }) {
  const { org } = useOrganisation();
  const { said, guess } = step;
  const suggested = guess.kind === null || guess.kind === "do" ? undefined : guess.kind;
  const [task, setTask] = useState<SaidTask | undefined>(said.kind ?? undefined);
  const [undo, setUndo] = useState(said.undo === null ? undefined : said.undo.split(" ")[0]);
  const [until, setUntil] = useState(said.undo?.startsWith("until ") ? said.undo.slice(6) : "");
  const confirm = useDo(
    (body: { task: SaidTask | null; undo: string | null }) =>
      ask("POST /organisations/{org}/processes/{process}/task-confirmations", {
        path: { org, process },
        body: { step: step.step, ...body },
      }),
    done,
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate({ task: task!, undo: undo === "until" ? `until ${until.trim()}` : undo! });
      }}
    >
      <p>
        The gate depends on this answer. It is recorded with your name and the time, and the process is judged
        again.
      </p>
      <fieldset className="stack tight">
        <legend>Purpose of the step</legend>
        {(Object.keys(MEANINGS) as SaidTask[]).map((one) => (
          <label key={one} className="choice">
            <input type="radio" name="task" required checked={task === one} onChange={() => setTask(one)} />
            <span>
              {upperFirst(TASKS[one])}: {MEANINGS[one]}
              {one === suggested && <em> (its name suggests this)</em>}
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset className="stack tight">
        <legend>Can an error be undone?</legend>
        {(["yes", "no", "until"] as const).map((one) => (
          <label key={one} className="choice">
            <input type="radio" name="undo" required checked={undo === one} onChange={() => setUndo(one)} />
            <span>
              {
                {
                  yes: "Yes",
                  no: "No: it is then paid, sent, deleted or signed",
                  until: "Until another step is done, or for a limited time",
                }[one]
              }
              {one === "no" && guess.undo === "no" && <em> (its name suggests this)</em>}
            </span>
          </label>
        ))}
        {undo === "until" && (
          <label>
            Until which step, or for how long (2d, 4h, 5wd)
            <input
              required
              maxLength={300}
              value={until}
              placeholder="Pay invoice"
              onChange={({ target }) => setUntil(target.value)}
            />
          </label>
        )}
      </fieldset>
      <Refusal of={confirm.error} />
      <div className="row end">
        {step.confirmation && (
          <button
            type="button"
            disabled={confirm.isPending}
            onClick={() => confirm.mutate({ task: null, undo: null })}
          >
            Withdraw the confirmation
          </button>
        )}
        <button type="submit" className="primary" disabled={confirm.isPending}>
          Confirm in my name
        </button>
      </div>
    </form>
  );
}

type Whole = Answer<"GET /organisations/{org}/processes/{process}/readiness">["process"];
type ShownClaim = NonNullable<Whole>["claims"][number] & { need?: string; keepsPeople?: boolean };

/**
 * Statements with what speaks for and against them; what each kind of task needs where it is asked of a step.
 */
function Claims({ claims, process }: { claims: ShownClaim[]; process: string }) {
  const ofStep = claims.some(({ need }) => need !== undefined);
  return (
    <Table head={["Lens", "Statement", ofStep && "For this kind of task", "Verdict", num("Against")]} within>
      {claims.map((claim) => (
        <tr key={claim.id}>
          <td className="whole-words">{claim.lens}</td>
          <td>
            {claim.statement}
            <br />
            <small>
              {claim.verdict === "not testable here"
                ? `Missing: ${claim.needs.join("; ")}`
                : `${claim.check}${claim.detail ? `. ${upperFirst(claim.detail)}.` : ""}`}
            </small>
          </td>
          {ofStep && (
            <td className="whole-words">
              {claim.need}
              {claim.keepsPeople && <small> · if contradicted, the step stays with people</small>}
            </td>
          )}
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
            ) : claim.opens || claim.against > 0 ? (
              <Opens process={process} filter={{ readiness: claim.id }} enabled={claim.opens}>
                {count(claim.against)} of {count(claim.n)}
              </Opens>
            ) : (
              `of ${count(claim.n)}`
            )}
            {claim.n > 0 && <small> {claim.unit}</small>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Lenses({ lenses }: { lenses: Step["lenses"] }) {
  return (
    <p className="legend">
      {lenses.map(({ lens, state }) => (
        <span key={lens}>
          <span className={`badge ${STATES[state][0]}`} aria-hidden="true">
            {STATES[state][1]}
          </span>{" "}
          {lens}: {state}
        </span>
      ))}
    </p>
  );
}

/**
 * The process as a whole: how much of its work lies in steps of each verdict, and the same questions over all
 * of it.
 */
function WholeProcess({ whole, steps, process }: { whole: Whole; steps: Step[]; process: string }) {
  const [open, setOpen] = useState(false);
  const all = steps.reduce((sum, { executions }) => sum + executions, 0);
  const shares = VERDICTS.map((verdict) => ({
    verdict,
    steps: steps.filter((step) => step.verdict === verdict),
  })).filter((one) => one.steps.length > 0);
  return (
    <section className="card stack tight" aria-labelledby="whole">
      <h2 id="whole">The process as a whole</h2>
      <ul className="legend plain">
        {shares.map(({ verdict, steps: own }) => (
          <li key={verdict}>
            <ReadinessBadge verdict={verdict} /> {plural(own.length, "step")},{" "}
            {percent(own.reduce((sum, { executions }) => sum + executions, 0) / Math.max(1, all))} of the work
          </li>
        ))}
      </ul>
      {whole ? (
        <>
          <Lenses lenses={whole.lenses} />
          <p>
            <button type="button" className="opens" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? "Close" : `Based on ${plural(whole.claims.length, "statement")} about all steps`}
            </button>
          </p>
          {open && <Claims claims={whole.claims} process={process} />}
        </>
      ) : (
        <NotVisible missing="a judgement of the whole process: the last audit did not include one. Run the audit again" />
      )}
    </section>
  );
}

/** Who let the step pass, why and until when; and, for those who may, doing so or ending it. */
function Overriding({ step, process, override }: OfStep) {
  const { org, may } = useOrganisation();
  const [open, setOpen] = useState(false);
  const end = useDo((id: string) =>
    ask("DELETE /organisations/{org}/processes/{process}/overrides/{override}", {
      path: { org, process, override: id },
    }),
  );
  if (override)
    return (
      <div className="note warn">
        <p>
          Overridden by {override.by} until {dateTime(override.until)}: {override.reason}
        </p>
        {may("override the gate") && (
          <p>
            <button type="button" disabled={end.isPending} onClick={() => end.mutate(override.id)}>
              End it now
            </button>
          </p>
        )}
      </div>
    );
  if (step.verdict === "ready" || step.decides || step.said.kind === null || !may("override the gate"))
    return null;
  return (
    <>
      <p>
        <button type="button" onClick={() => setOpen(true)}>
          Override the gate …
        </button>
      </p>
      <Dialog title={`Override the gate for “${step.step}”`} open={open} close={() => setOpen(false)}>
        <p>
          The gate opens in your name for a limited time. The override is shown with the verdict, counted, and
          kept in the audit trail.
        </p>
        <OverrideForm step={step.step} process={process} done={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function OverrideForm({ step, process, done }: { step: string; process: string; done: () => void }) {
  const { org } = useOrganisation();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const add = useDo(
    () =>
      ask("POST /organisations/{org}/processes/{process}/overrides", {
        path: { org, process },
        body: { step, reason: reason.trim(), until: new Date(`${until}T23:59:59`).toISOString() },
      }),
    done,
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(undefined);
      }}
    >
      <label>
        Why (at least ten characters)
        <textarea
          required
          minLength={10}
          maxLength={2000}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
      <label>
        Until
        <input type="date" required value={until} onChange={({ target }) => setUntil(target.value)} />
      </label>
      <Refusal of={add.error} />
      <div className="row end">
        <button type="submit" className="primary" disabled={add.isPending}>
          Override in my name
        </button>
      </div>
    </form>
  );
}
