import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";

type Process = Answer<"GET /organisations/{org}/processes/{process}">;

const DAYS = [
  ["mon", "Monday"],
  ["tue", "Tuesday"],
  ["wed", "Wednesday"],
  ["thu", "Thursday"],
  ["fri", "Friday"],
  ["sat", "Saturday"],
  ["sun", "Sunday"],
] as const;

/** Name, working hours and approvals of one process; and its end. */
export function ProcessSettingsPage() {
  const { org } = useOrganisation();
  const { process } = useParams({ from: "/o/$org/p/$process/settings" });
  const one = useAsk("GET /organisations/{org}/processes/{process}", { path: { org, process } });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Settings of the process</h1>
      </div>
      <Loaded of={one} what="the settings">
        {(value) => <SettingsForm key={value.version} value={value} />}
      </Loaded>
    </div>
  );
}

function SettingsForm({ value }: { value: Process }) {
  const { org, may } = useOrganisation();
  const navigate = useNavigate();
  const { settings } = value;
  const [given, setGiven] = useState(settings.calendar !== undefined);
  const path = { org, process: value.id };
  const save = useDo((form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const lines = (name: string) =>
      text(name)
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== "");
    const approvals = lines("approvals");
    const holidays = lines("holidays");
    return ask("PATCH /organisations/{org}/processes/{process}", {
      path,
      version: value.version,
      body: {
        name: text("name"),
        settings: {
          ...settings,
          timeZone: text("timeZone") || undefined,
          approvals: approvals.length > 0 ? approvals : undefined,
          calendar: given
            ? {
                hours: Object.fromEntries(DAYS.map(([day]) => [day, text(day) || "off"])) as never,
                ...(holidays.length > 0 ? { holidays } : {}),
              }
            : undefined,
        },
      },
    });
  });
  const remove = useDo(
    () => ask("DELETE /organisations/{org}/processes/{process}", { path }),
    () => navigate({ to: "/o/$org", params: { org } }),
  );
  return (
    <>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(new FormData(event.currentTarget));
        }}
      >
        <div className="card stack">
          <div className="form-grid">
            <label>
              Name
              <input name="name" defaultValue={value.name} required maxLength={120} />
            </label>
            <label>
              Time zone of working hours
              <input
                name="timeZone"
                defaultValue={settings.timeZone ?? ""}
                placeholder="as the organisation"
              />
            </label>
          </div>
          <label>
            Approval steps, one per line
            <textarea
              name="approvals"
              defaultValue={(settings.approvals ?? []).join("\n")}
              placeholder="recognised by name"
            />
          </label>
        </div>
        <fieldset className="card stack">
          <legend className="visually-hidden">Working hours</legend>
          <h2>Working hours</h2>
          <label className="inline">
            <input type="checkbox" checked={given} onChange={({ target }) => setGiven(target.checked)} />
            Set them here; otherwise they are learned from the times of events
          </label>
          {given && (
            <>
              <div className="form-grid">
                {DAYS.map(([day, words], i) => (
                  <label key={day}>
                    {words}
                    <input
                      name={day}
                      defaultValue={settings.calendar?.hours[day] ?? (i < 5 ? "08:00-17:00" : "off")}
                      placeholder="08:00-17:00, or off"
                    />
                  </label>
                ))}
              </div>
              <label>
                Holidays, one date per line
                <textarea
                  name="holidays"
                  defaultValue={(settings.calendar?.holidays ?? []).join("\n")}
                  placeholder="2026-12-25"
                />
              </label>
            </>
          )}
        </fieldset>
        <div className="row">
          <button type="submit" className="primary" disabled={save.isPending}>
            Save
          </button>
          <span role="status" className="good">
            {save.isSuccess && "Saved. The next audit uses it."}
          </span>
        </div>
        <Refusal of={save.error} />
      </form>
      {may("remove processes") && (
        <section className="card stack tight" aria-labelledby="end">
          <h2 id="end">Remove the process</h2>
          <p className="quiet">
            Its evidence, descriptions and audits are removed for good. The audit trail keeps its entries.
          </p>
          <div>
            <Confirm
              button="Remove"
              title={`Remove ${value.name} for good?`}
              act={() => remove.mutateAsync(undefined)}
              look="danger"
            >
              <p>Only a backup can restore it.</p>
            </Confirm>
          </div>
        </section>
      )}
    </>
  );
}
