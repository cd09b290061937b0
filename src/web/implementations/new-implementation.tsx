import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ask } from "../client.ts";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";

/** The first ten minutes: what is going live, six questions before any evidence, then the evidence. */
export function NewImplementation() {
  const { process } = useSearch({ from: "/o/$org/implementations/new" });
  return process ? <SixQuestions process={process} /> : <GoingLive />;
}

function GoingLive() {
  const { org } = useOrganisation();
  const navigate = useNavigate();
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  const [state, setState] = useState<"planned" | "in use">("planned");
  const [process, setProcess] = useState("new");
  const [paid, setPaid] = useState(false);
  const save = useDo(
    async (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      const processId =
        process === "new"
          ? (
              await ask("POST /organisations/{org}/processes", {
                path: { org },
                body: { name: text("process-name") },
              })
            ).id
          : process;
      const cost = text("cost");
      await ask("POST /organisations/{org}/implementations", {
        path: { org },
        body: {
          name: text("name"),
          tool: text("tool") || null,
          state,
          startsOn: text("date") || null,
          costPerMonth: cost === "" ? null : Number(cost),
          currency: cost === "" ? null : text("currency").toUpperCase() || "EUR",
          touches: [{ processId, steps: [] }],
          note: null,
        },
      });
      if (paid && text("paid-name"))
        await ask("POST /organisations/{org}/implementations", {
          path: { org },
          body: {
            name: text("paid-name"),
            tool: null,
            state: "in use",
            startsOn: text("paid-since") || null,
            costPerMonth: text("paid-cost") === "" ? null : Number(text("paid-cost")),
            currency: text("paid-cost") === "" ? null : text("currency").toUpperCase() || "EUR",
            touches: [{ processId, steps: [] }],
            note: null,
          },
        });
      return processId;
    },
    (processId) =>
      navigate({ to: "/o/$org/implementations/new", params: { org }, search: { process: processId } }),
  );
  return (
    <div className="stack" style={{ maxWidth: 720 }}>
      <div className="page-head">
        <p className="quiet">Step 1 of 3</p>
        <h1>What is going live?</h1>
        <p className="lede">
          A tool inherits the process as it is. Name the tool and the processes it touches; six questions and
          the evidence follow. It takes about ten minutes.
        </p>
      </div>
      <form
        className="stack card"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(new FormData(event.currentTarget));
        }}
      >
        <label>
          What is it?
          <input
            name="name"
            required
            maxLength={120}
            placeholder="Invoice assistant, close platform, HR ticket bot …"
          />
        </label>
        <div className="form-grid">
          <label>
            Product or vendor (optional)
            <input name="tool" maxLength={120} />
          </label>
          <label>
            State
            <select value={state} onChange={({ target }) => setState(target.value as never)}>
              <option value="planned">planned</option>
              <option value="in use">already in use</option>
            </select>
          </label>
          <label>
            {state === "planned" ? "Goes live on" : "In use since"}
            <input name="date" type="date" />
          </label>
        </div>
        <div className="form-grid">
          <label>
            It touches
            <Loaded of={processes} what="the processes">
              {({ items }) => (
                <select
                  value={process}
                  onChange={({ target }) => setProcess(target.value)}
                  aria-label="It touches"
                >
                  <option value="new">a new process</option>
                  {items.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </Loaded>
          </label>
          {process === "new" && (
            <label>
              Name of the process
              <input
                name="process-name"
                required
                maxLength={120}
                placeholder="Purchase to pay, expense claims, month-end close …"
              />
            </label>
          )}
          <label>
            Monthly cost (optional)
            <input name="cost" type="number" min={0} step="any" />
          </label>
          <label>
            Currency
            <input name="currency" defaultValue="EUR" maxLength={3} pattern="[A-Za-z]{3}" />
          </label>
        </div>
        <label className="inline">
          <input type="checkbox" checked={paid} onChange={({ target }) => setPaid(target.checked)} />
          We already pay for another tool for this work
        </label>
        {paid && (
          <div className="form-grid">
            <label>
              Which one
              <input name="paid-name" maxLength={120} />
            </label>
            <label>
              Since
              <input name="paid-since" type="date" />
            </label>
            <label>
              Monthly cost
              <input name="paid-cost" type="number" min={0} step="any" />
            </label>
          </div>
        )}
        <div className="row">
          <button type="submit" className="primary" disabled={save.isPending}>
            Continue to the six questions
          </button>
          <Link to="/o/$org/imports/new" params={{ org }}>
            Skip and import first
          </Link>
        </div>
        <Refusal of={save.error} />
      </form>
    </div>
  );
}

function SixQuestions({ process }: { process: string }) {
  const { org, may } = useOrganisation();
  const questions = useAsk("GET /organisations/{org}/processes/{process}/questions", {
    path: { org, process },
  });
  // shown at once; what the server has kept counts when it has answered
  const [chosen, setChosen] = useState<Record<number, string>>({});
  const answer = useDo(({ number, value }: { number: number; value: string }) =>
    ask("PUT /organisations/{org}/processes/{process}/answers/{question}", {
      path: { org, process, question: number },
      body: { answer: value },
    }),
  );
  return (
    <div className="stack" style={{ maxWidth: 720 }}>
      <div className="page-head">
        <p className="quiet">Step 2 of 3</p>
        <h1>Six questions, before any evidence</h1>
        <p className="lede">
          Answer from memory, thinking of the last time it happened. Nobody else sees your answers until they
          are released, and then only the counts.
        </p>
      </div>
      <Loaded of={questions} what="the questions">
        {({ items }) => {
          const six = items.filter(({ opening }) => opening);
          const done = six.filter(({ answer: own }) => own !== null).length;
          return (
            <div className="stack">
              {six.map((one) => (
                <fieldset key={one.number} className="card stack tight">
                  <legend className="visually-hidden">{one.question}</legend>
                  <h2 aria-hidden="true">{one.question}</h2>
                  {one.options.map(({ key, text }) => (
                    <label key={key} className="choice">
                      <input
                        type="radio"
                        name={`q${one.number}`}
                        disabled={one.released}
                        checked={(chosen[one.number] ?? one.answer) === key}
                        onChange={() => {
                          setChosen((old) => ({ ...old, [one.number]: key }));
                          answer.mutate({ number: one.number, value: key }, { onError: () => setChosen({}) });
                        }}
                      />
                      {text}
                    </label>
                  ))}
                </fieldset>
              ))}
              <Refusal of={answer.error} />
              <div className="row">
                {may("add evidence") && (
                  <Link
                    className="button primary"
                    to="/o/$org/imports/new"
                    params={{ org }}
                    search={{ process, next: "summary" }}
                  >
                    Next, the evidence: import an export
                  </Link>
                )}
                <Link className="button" to="/o/$org/p/$process/summary" params={{ org, process }}>
                  Open the page
                </Link>
                <span className="quiet" role="status">
                  {done} of {six.length} answered; saved automatically
                </span>
              </div>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
