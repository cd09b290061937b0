import { useState, type ReactNode } from "react";
import { ask } from "../client.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Refusal } from "../parts/form.tsx";
import { useOrganisation } from "../session.tsx";
import { useDo } from "../use-ask.ts";
import type { Gap } from "./implementation-frame.tsx";
import { useMeasures, type Measure } from "./promise-words.ts";

/**
 * A button that opens a form in a dialog; the form's values go to `act`, and the dialog closes when it was
 * done.
 */
function Act({
  button,
  title,
  submit,
  act,
  look,
  children,
}: {
  button: string;
  look?: "quiet-button";
  title: string;
  submit: string;
  act: (form: FormData) => Promise<unknown>;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const done = useDo(act, () => setOpen(false));
  return (
    <>
      <button type="button" className={look} onClick={() => setOpen(true)}>
        {button} …
      </button>
      <Dialog title={title} open={open} close={() => setOpen(false)}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            done.mutate(new FormData(event.currentTarget));
          }}
        >
          {children}
          <Refusal of={done.error} />
          <div className="row end">
            <button type="submit" className="primary" disabled={done.isPending}>
              {submit}
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

const textOf = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

/** A day so many days from now, as a form takes it. */
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Note that a meeting was held. */
export function Meeting({ tool }: { tool: string }) {
  const { org } = useOrganisation();
  return (
    <Act
      button="Record a meeting"
      title="Record a meeting"
      submit="Record it"
      act={(form) =>
        ask("POST /organisations/{org}/implementations/{implementation}/gap-notes", {
          path: { org, implementation: tool },
          body: { kind: "meeting", text: textOf(form, "text") },
        })
      }
    >
      <p>The page then shows what has changed since the meeting.</p>
      <label>
        Which meeting
        <input name="text" required minLength={3} maxLength={2000} placeholder="Steering committee" />
      </label>
    </Act>
  );
}

/** Log a decision: about the whole, about a gap, or about several at once. */
export function Deciding({
  tool,
  gaps = [],
  done,
}: {
  tool: string;
  gaps?: readonly Gap[];
  done?: () => void;
}) {
  const { org } = useOrganisation();
  const several = gaps.length > 1;
  // what they all are already is not what they become
  const accepted = gaps.length > 0 && gaps.every(({ state }) => state === "accepted");
  const they = several ? "them" : "it";
  const [becomes, setBecomes] = useState("");
  const goesOn = accepted && becomes !== "open";
  return (
    <Act
      button={several ? `Decide about these ${gaps.length}` : gaps.length === 1 ? "Decide" : "Log a decision"}
      look={gaps.length === 1 ? "quiet-button" : undefined}
      title={
        several
          ? `Decide about ${gaps.length} gaps`
          : gaps.length === 1
            ? "Decide about a gap"
            : "Log a decision"
      }
      submit="Record in my name"
      act={async (form) => {
        const kept = textOf(form, "becomes");
        await ask("POST /organisations/{org}/implementations/{implementation}/gap-notes", {
          path: { org, implementation: tool },
          body: {
            kind: "note",
            text: textOf(form, "text"),
            gaps: gaps.map(({ id }) => id),
            ...(kept ? { gapBecomes: kept as "open" } : {}),
            ...(kept === "accepted" ? { until: textOf(form, "until") } : {}),
          },
        });
        done?.();
      }}
    >
      {gaps.length > 0 && (
        <>
          <ul>
            {gaps.map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
          </ul>
          <fieldset className="stack tight">
            <legend className="visually-hidden">What happens to {they}</legend>
            <label className="choice">
              <input
                type="radio"
                name="becomes"
                value={accepted ? "accepted" : gaps.some(({ state }) => state === "accepted") ? "open" : ""}
                defaultChecked
                onChange={({ target }) => setBecomes(target.value)}
              />
              {accepted
                ? `Continue to accept ${they}`
                : several
                  ? "Close them: the evidence will show it"
                  : "Close it: the evidence will show it"}
            </label>
            <label className="choice">
              <input
                type="radio"
                name="becomes"
                value={accepted ? "open" : "accepted"}
                onChange={({ target }) => setBecomes(target.value)}
              />
              {accepted
                ? several
                  ? "Close them after all"
                  : "Close it after all"
                : gaps.every(({ kind }) => kind === "step")
                  ? `Leave ${several ? "these steps" : "this step"} out, or accept ${they} as ${several ? "they are" : "it is"}`
                  : `Accept ${they} as ${several ? "they are" : "it is"}`}
            </label>
          </fieldset>
          {(becomes === "accepted" || goesOn) && (
            <label>
              Until (the last day; then the {several ? "gaps reopen" : "gap reopens"})
              <input
                name="until"
                type="date"
                required
                min={inDays(0)}
                max={inDays(366)}
                defaultValue={inDays(90)}
              />
            </label>
          )}
        </>
      )}
      <label>
        What was decided, and why
        <textarea name="text" required minLength={3} maxLength={2000} />
      </label>
    </Act>
  );
}

/** Who sees to a gap, and by when it must be decided. */
export function GapChange({ tool, gap }: { tool: string; gap: Gap }) {
  const { org } = useOrganisation();
  return (
    <Act
      button="Change"
      look="quiet-button"
      title="Owner and deadline"
      submit="Save"
      act={(form) =>
        ask("PATCH /organisations/{org}/implementations/{implementation}/gaps/{gap}", {
          path: { org, implementation: tool, gap: gap.id },
          version: gap.version,
          body: { owner: textOf(form, "owner") || null, decideBy: textOf(form, "by") || null },
        })
      }
    >
      <p>{gap.title}</p>
      <label>
        Owner (if empty, the owner in the description)
        <input name="owner" maxLength={120} defaultValue={gap.ownerSaid ? (gap.owner ?? "") : ""} />
      </label>
      <label>
        Decision needed by (if empty, counted back from the go-live date)
        <input name="by" type="date" defaultValue={gap.decideBySaid ? (gap.decideBy ?? "") : ""} />
      </label>
    </Act>
  );
}

/** Register a promise before the fact. */
export function Promising({ tool }: { tool: string }) {
  const { org } = useOrganisation();
  const [measure, setMeasure] = useState<Measure["id"] | "">("hours");
  const measures = useMeasures();
  const promised = measures.find(({ id }) => id === measure);
  return (
    <div>
      <Act
        button="Register a promise"
        title="What was promised"
        submit="Register it"
        act={(form) =>
          ask("POST /organisations/{org}/implementations/{implementation}/promises", {
            path: { org, implementation: tool },
            body: {
              metric: textOf(form, "metric"),
              measure: measure === "" ? null : measure,
              direction: textOf(form, "direction") as "less",
              size: textOf(form, "size") === "" ? null : Number(textOf(form, "size")),
              unit: textOf(form, "size") === "" ? null : textOf(form, "unit") || null,
              by: textOf(form, "by"),
              comparison: textOf(form, "comparison"),
            },
          })
        }
      >
        <p>
          It is recorded with today’s date. You can withdraw it but not change it: a promise registered before
          the data arrives can be trusted afterwards.
        </p>
        <label>
          What is counted or measured
          <input
            name="metric"
            required
            minLength={3}
            maxLength={200}
            placeholder="Hours a month on matching"
          />
        </label>
        <label>
          Measured here
          <select
            name="measure"
            value={measure}
            onChange={({ target }) => setMeasure(target.value as typeof measure)}
          >
            {measures.map(({ id, words }) => (
              <option key={id} value={id}>
                {words}, week by week
              </option>
            ))}
            <option value="">something else, not measured here</option>
          </select>
        </label>
        <div className="form-grid">
          <label>
            By how much (optional)
            <input name="size" type="number" min={0} step="any" />
          </label>
          <label>
            Unit
            {promised === undefined ? (
              <input name="unit" maxLength={40} placeholder="%, hours, days" />
            ) : (
              <select name="unit">
                {promised.promisedIn.map((unit) => (
                  <option key={unit} value={unit}>
                    {unit === "%" ? "% of what the earlier trend predicts" : unit}
                  </option>
                ))}
              </select>
            )}
          </label>
          <label>
            Direction
            <select name="direction">
              <option value="less">less</option>
              <option value="more">more</option>
            </select>
          </label>
          <label>
            Assessed on
            <input name="by" type="date" required />
          </label>
        </div>
        <label>
          Compared with
          <input
            name="comparison"
            required
            minLength={3}
            maxLength={300}
            placeholder="the same months a year earlier; a process the tool does not touch"
          />
        </label>
      </Act>
    </div>
  );
}

export function Withdraw({ tool, promise, metric }: { tool: string; promise: string; metric: string }) {
  const { org } = useOrganisation();
  const act = useDo(() =>
    ask("DELETE /organisations/{org}/implementations/{implementation}/promises/{promise}", {
      path: { org, implementation: tool, promise },
    }),
  );
  return (
    <Confirm button="Withdraw" title={`Withdraw “${metric}”?`} act={() => act.mutateAsync(undefined)}>
      <p>It no longer counts. The record keeps both entries.</p>
    </Confirm>
  );
}

/** An outside assessor's own judgement of the inventory as they see it now. */
export function Signing({ tool, hash }: { tool: string; hash: string }) {
  const { org } = useOrganisation();
  return (
    <div>
      <Act
        button="Countersign"
        title="Your judgement of this implementation"
        submit="Sign in my name"
        act={(form) =>
          ask("POST /organisations/{org}/implementations/{implementation}/countersignatures", {
            path: { org, implementation: tool },
            body: { judgement: textOf(form, "judgement") as "agrees", note: textOf(form, "note"), hash },
          })
        }
      >
        <fieldset className="stack tight">
          <legend>I have reviewed it. My own judgement</legend>
          {["agrees", "agrees with reservations", "does not agree"].map((one, i) => (
            <label key={one} className="choice">
              <input type="radio" name="judgement" value={one} required defaultChecked={i === 0} />
              {one}
            </label>
          ))}
        </fieldset>
        <label>
          Reasons, and what remains open (at least ten characters)
          <textarea name="note" required minLength={10} maxLength={4000} />
        </label>
      </Act>
    </div>
  );
}
