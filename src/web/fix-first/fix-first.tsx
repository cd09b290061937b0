import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { ReadinessBadge } from "../parts/readiness-badge.tsx";
import { num, Table } from "../parts/table.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, dateTime, percent, plural } from "../words.ts";

type Plan = Answer<"GET /organisations/{org}/processes/{process}/fix-first">;
type Remedy = Plan["order"][number];

/** What to fix first, and what the verdicts become: tick what will be done. */
export function FixFirst() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/fix-first" });
  const { done } = useSearch({ from: "/o/$org/p/$process/fix-first" });
  const navigate = useNavigate({ from: "/o/$org/p/$process/fix-first" });
  const chosen = new Set<string>((done ?? "").split(",").filter(Boolean));
  const plan = useAsk(
    "GET /organisations/{org}/processes/{process}/fix-first",
    { path: { org, process }, query: { done } },
    { keep: true },
  );
  const choose = (ids: Iterable<string>) =>
    void navigate({ search: { done: [...ids].join(",") || undefined }, replace: true, resetScroll: false });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>What to fix first</h1>
        <p className="lede">
          Remedies ranked by how much work each makes ready per working day. Tick some to see which verdicts
          would change, provided that later evidence confirms them.
        </p>
      </div>
      <Loaded of={plan} what="the plan" tall>
        {(value) => (
          <>
            <Outcome plan={value} chosen={chosen} choose={choose} />
            <section className="stack tight" aria-labelledby="order">
              <h2 id="order">Remedies in order</h2>
              {value.order.length === 0 ? (
                <p className="quiet">
                  {value.stay.length === 0
                    ? "Every step is ready: there is nothing to fix."
                    : "No known remedy makes another step ready."}
                </p>
              ) : (
                <Table
                  head={[
                    "Select",
                    "Remedy",
                    "Makes ready",
                    "Decided by",
                    num("Working days"),
                    num("Ready after it"),
                    num("Share of work"),
                  ]}
                >
                  {value.order.map((one, i) => (
                    <PlanRow
                      key={one.id}
                      remedy={one}
                      goesWith={value.order[i - 1]?.group === one.group}
                      chosen={chosen.has(one.id)}
                      toggle={() => {
                        const next = new Set(chosen);
                        if (!next.delete(one.id)) next.add(one.id);
                        choose(next);
                      }}
                      steps={value.steps}
                      process={process}
                    />
                  ))}
                </Table>
              )}
            </section>
            {value.stay.length > 0 && (
              <section className="card stack tight" aria-labelledby="stay">
                <h2 id="stay">Steps without a remedy</h2>
                <p className="quiet">No known remedy makes these ready. Leave them out of a rollout.</p>
                <ul className="stack tight">
                  {value.stay.map(({ step, because }) => (
                    <li key={step}>
                      <span className="strong">{step}</span>: {because}
                    </li>
                  ))}
                </ul>
              </section>
            )}
            {value.beside.length > 0 && (
              <details className="card">
                <summary>
                  {plural(value.beside.length, "remedy", "remedies")} that{" "}
                  {value.beside.length === 1 ? "improves the work but makes" : "improve the work but make"} no
                  step ready
                </summary>
                <ul className="stack tight">
                  {value.beside.map(({ id, text, turns, decides }) => (
                    <li key={id}>
                      {text}{" "}
                      <small>
                        {[...new Set(turns.map(({ step }) => step))].join(", ")}; decided by {decides}
                      </small>
                    </li>
                  ))}
                </ul>
              </details>
            )}
            <p className="quiet">
              Judged {dateTime(value.at)}. Working days are usual values unless someone has entered others.{" "}
              <Link to="/o/$org/p/$process/readiness" params={{ org, process }}>
                Evidence for each verdict
              </Link>
            </p>
          </>
        )}
      </Loaded>
    </div>
  );
}

/** What is ready now and what would be; each step that changes. */
function Outcome({
  plan,
  chosen,
  choose,
}: {
  plan: Plan;
  chosen: ReadonlySet<string>;
  choose: (ids: Iterable<string>) => void;
}) {
  const total = Math.max(
    1,
    plan.verdicts.reduce((sum, { executions }) => sum + executions, 0),
  );
  const after = plan.verdicts.filter((one) => one.after === "ready");
  const changed = plan.verdicts.filter((one) => one.after !== one.before);
  const days = plan.order.filter(({ id }) => chosen.has(id)).reduce((sum, one) => sum + one.days, 0);
  return (
    <section className="card stack tight" aria-labelledby="outcome" aria-live="polite">
      <h2 id="outcome">
        {plan.readyNow.steps} of {plural(plan.steps, "step")} ready now
        {chosen.size > 0 && `; ${after.length} after these remedies`}
      </h2>
      <ReadyBar
        now={plan.readyNow.share}
        then={after.reduce((sum, { executions }) => sum + executions, 0) / total}
      />
      {chosen.size === 0 ? (
        <p className="quiet">
          Nothing is ticked yet.{" "}
          {plan.order.length > 0 && (
            <button
              type="button"
              onClick={() =>
                choose(plan.order.filter(({ group }) => group === plan.order[0].group).map(({ id }) => id))
              }
            >
              Tick the first
            </button>
          )}
        </p>
      ) : (
        <>
          <p>
            {plural(chosen.size, "remedy", "remedies")}, about {plural(Math.round(days), "working day")} in
            sequence. {changed.length === 0 && "No verdict changes yet: some remedies work only together."}
          </p>
          <ul className="legend">
            {changed.map(({ step, before, after: becomes }) => (
              <li key={step}>
                {step}: <ReadinessBadge verdict={before} /> → <ReadinessBadge verdict={becomes} />
              </li>
            ))}
          </ul>
          <p className="row">
            <button type="button" onClick={() => choose([])}>
              Untick all
            </button>
            {plan.order.some(({ id }) => !chosen.has(id)) && (
              <button type="button" onClick={() => choose(plan.order.map(({ id }) => id))}>
                Tick all
              </button>
            )}
          </p>
        </>
      )}
    </section>
  );
}

/** Shares of the work that are ready: now, and then. */
function ReadyBar({ now, then }: { now: number; then: number }) {
  const words = `${percent(now)} of the work is ready now${then > now ? `, ${percent(then)} afterwards` : ""}`;
  return (
    <figure className="ready-bar">
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={words}>
        <rect width="100" height="4" className="none" />
        <rect width={100 * Math.max(now, then)} height="4" className="then" />
        <rect width={100 * now} height="4" className="now" />
      </svg>
      <figcaption className="quiet">{words}</figcaption>
    </figure>
  );
}

function PlanRow({
  remedy,
  goesWith,
  chosen,
  toggle,
  steps,
  process,
}: {
  remedy: Remedy;
  goesWith: boolean;
  chosen: boolean;
  toggle: () => void;
  steps: number;
  process: string;
}) {
  const touches = [...new Set(remedy.turns.map(({ step }) => step))];
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          checked={chosen}
          onChange={toggle}
          aria-label={`${remedy.text} (${touches.slice(0, 3).join(", ")})`}
        />
      </td>
      <td>
        {goesWith && <small>together with the one above: </small>}
        {remedy.text}
        <br />
        <small>
          {touches.slice(0, 3).join(", ")}
          {touches.length > 3 && ` and ${touches.length - 3} more`}
        </small>
      </td>
      <td>
        {remedy.makesReady.length === 0 ? (
          <small>nothing alone</small>
        ) : (
          <span className="good">{remedy.makesReady.join(", ")}</span>
        )}
      </td>
      <td>{remedy.decides}</td>
      <td className="num">
        <Days remedy={remedy} process={process} />
      </td>
      <td className="num">
        {remedy.readySteps} of {steps}
      </td>
      <td className="num">{percent(remedy.readyShare)}</td>
    </tr>
  );
}

/** The working days of a remedy, to be said by those who know. */
function Days({ remedy, process }: { remedy: Remedy; process: string }) {
  const { org, may } = useOrganisation();
  const [editing, setEditing] = useState(false);
  const save = useDo(
    async (days: number | undefined) => {
      const path = { org, process };
      const one = await ask("GET /organisations/{org}/processes/{process}", { path });
      const { [remedy.id]: _, ...rest } = one.settings.remedyDays ?? {};
      await ask("PATCH /organisations/{org}/processes/{process}", {
        path,
        version: one.version,
        body: {
          settings: {
            ...one.settings,
            remedyDays: days === undefined ? rest : { ...rest, [remedy.id]: days },
          },
        },
      });
    },
    () => setEditing(false),
  );
  if (!may("manage processes")) return <>{count(remedy.days)}</>;
  if (!editing)
    return (
      <button
        type="button"
        className="opens"
        onClick={() => setEditing(true)}
        title="Enter the working days it takes here"
      >
        {count(remedy.days)}
        <span className="visually-hidden"> working days; enter your own number</span>
        {!remedy.asked && <small> usual</small>}
      </button>
    );
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get("days")).trim();
        save.mutate(text === "" ? undefined : Number(text));
      }}
    >
      <input
        name="days"
        type="number"
        min={0}
        max={10000}
        step="any"
        defaultValue={remedy.days}
        aria-label="Working days (if empty, the usual number)"
        style={{ width: "5.5em" }}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it takes the place of the button that was pressed
        autoFocus
      />
      <button type="submit" disabled={save.isPending}>
        Save
      </button>
      <Refusal of={save.error} />
    </form>
  );
}
