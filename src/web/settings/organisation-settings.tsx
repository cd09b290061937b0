import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";

type Organisation = Answer<"GET /organisations/{org}">;

/** Rates, the clock, and how long evidence is kept. */
export function OrganisationSettings() {
  const { org } = useOrganisation();
  const organisation = useAsk("GET /organisations/{org}", { path: { org } });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Settings of the organisation</h1>
      </div>
      <Loaded of={organisation} what="the settings">
        {(value) => <SettingsForm key={value.version} value={value} />}
      </Loaded>
      <section className="card stack tight" aria-labelledby="names">
        <h2 id="names">Names</h2>
        <p>
          Pages and reports show roles. People have numbers or letters instead of names; process owners and
          admins can look names up, and each look-up is in the audit trail. An assessor sees neither names nor
          case ids, and case pseudonyms cannot be reversed without this organisation's key.
        </p>
      </section>
    </div>
  );
}

function SettingsForm({ value }: { value: Organisation }) {
  const { org, may } = useOrganisation();
  const mine = may("change settings");
  const { rates } = value.settings;
  const [roles, setRoles] = useState<[string, string][]>(
    Object.entries(rates?.roles ?? {}).map(([role, rate]) => [role, String(rate)]),
  );
  const save = useDo((form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const number = (name: string) => (text(name) === "" ? undefined : Number(text(name)));
    const rate = number("default");
    const own = Object.fromEntries(
      roles
        .filter(([role, amount]) => role.trim() && amount.trim())
        .map(([role, amount]) => [role.trim(), Number(amount)]),
    );
    const capital = number("capital");
    return ask("PATCH /organisations/{org}", {
      path: { org },
      version: value.version,
      body: {
        name: text("name"),
        settings: {
          ...value.settings,
          timeZone: text("timeZone") || undefined,
          keepEvidenceMonths: number("keep"),
          brief:
            text("brief-to") === ""
              ? undefined
              : {
                  to: text("brief-to").split(/[\s,;]+/),
                  weekday: Number(text("brief-weekday")),
                  hour: Number(text("brief-hour")),
                },
          rates:
            rate === undefined
              ? undefined
              : {
                  currency: text("currency").toUpperCase() || "EUR",
                  default: rate,
                  ...(Object.keys(own).length > 0 ? { roles: own } : {}),
                  ...(number("delayPerDay") === undefined ? {} : { delayPerDay: number("delayPerDay")! }),
                  ...(capital === undefined ? {} : { capital: capital / 100 }),
                },
        },
      },
    });
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(new FormData(event.currentTarget));
      }}
    >
      <fieldset className="card stack" disabled={!mine}>
        <legend className="visually-hidden">Organisation</legend>
        <div className="form-grid">
          <label>
            Name
            <input name="name" defaultValue={value.name} required maxLength={120} />
          </label>
          <label>
            Time zone of working hours
            <input name="timeZone" defaultValue={value.settings.timeZone ?? ""} placeholder="UTC" />
          </label>
          <label>
            Keep replaced evidence, months
            <input
              name="keep"
              type="number"
              min={1}
              max={1200}
              defaultValue={value.settings.keepEvidenceMonths ?? ""}
              placeholder="for ever"
            />
          </label>
        </div>
        <small className="quiet">
          Evidence replaced by a newer import of the same name is removed with its files after this many
          months; findings, reviews and the trail stay.
        </small>
      </fieldset>
      <fieldset className="card stack" disabled={!mine}>
        <legend className="visually-hidden">Weekly brief</legend>
        <h2>Weekly brief</h2>
        <p className="quiet">
          One page by e-mail on what changed: new and fixed leaks, changed verdicts, gaps, and decisions that
          are due. It is sent only when something changed and a mail server is configured (SMTP_URL).
        </p>
        <div className="form-grid">
          <label>
            To, one address per line (empty: nobody)
            <textarea
              name="brief-to"
              rows={3}
              defaultValue={(value.settings.brief?.to ?? []).join("\n")}
              placeholder="operations@example.org"
            />
          </label>
          <label>
            On
            <select name="brief-weekday" defaultValue={value.settings.brief?.weekday ?? 1}>
              {["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map(
                (day, i) => (
                  <option key={day} value={i + 1}>
                    {day}
                  </option>
                ),
              )}
            </select>
          </label>
          <label>
            At (hour)
            <input
              name="brief-hour"
              type="number"
              min={0}
              max={23}
              defaultValue={value.settings.brief?.hour ?? 7}
            />
          </label>
        </div>
      </fieldset>
      <fieldset className="card stack" disabled={!mine}>
        <legend className="visually-hidden">Rates</legend>
        <h2>Rates</h2>
        <p className="quiet">
          What an hour of work costs. Without rates 45 EUR an hour is assumed, ±30 %, and pages say so. The
          next audit uses what is set here.
        </p>
        <div className="form-grid">
          <label>
            Rate per hour
            <input
              name="default"
              type="number"
              min={0.01}
              step="any"
              defaultValue={rates?.default ?? ""}
              placeholder="45 (assumed)"
            />
          </label>
          <label>
            Currency
            <input
              name="currency"
              defaultValue={rates?.currency ?? "EUR"}
              maxLength={3}
              pattern="[A-Za-z]{3}"
            />
          </label>
          <label>
            Cost of a working day of delay
            <input
              name="delayPerDay"
              type="number"
              min={0}
              step="any"
              defaultValue={rates?.delayPerDay ?? ""}
              placeholder="no price"
            />
          </label>
          <label>
            Cost of capital, % a year
            <input
              name="capital"
              type="number"
              min={0}
              max={100}
              step="any"
              defaultValue={rates?.capital === undefined ? "" : rates.capital * 100}
              placeholder="8 (assumed)"
            />
          </label>
        </div>
        {roles.map(([role, amount], i) => (
          <div className="row" key={i} style={{ flexWrap: "nowrap" }}>
            <input
              aria-label="Role"
              value={role}
              placeholder="Role"
              onChange={({ target }) =>
                setRoles(roles.map((one, j) => (j === i ? [target.value, one[1]] : one)))
              }
            />
            <input
              aria-label={`Rate of ${role || "the role"}`}
              value={amount}
              type="number"
              min={0.01}
              step="any"
              placeholder="per hour"
              onChange={({ target }) =>
                setRoles(roles.map((one, j) => (j === i ? [one[0], target.value] : one)))
              }
            />
            <button
              type="button"
              aria-label={`Remove the rate of ${role || "the role"}`}
              onClick={() => setRoles(roles.filter((_, j) => j !== i))}
            >
              ✕
            </button>
          </div>
        ))}
        <div>
          <button type="button" onClick={() => setRoles([...roles, ["", ""]])}>
            Add a rate for a role
          </button>
        </div>
      </fieldset>
      {mine ? (
        <div className="row">
          <button type="submit" className="primary" disabled={save.isPending}>
            Save
          </button>
          <span role="status" className="good">
            {save.isSuccess && "Saved. The next audit uses it."}
          </span>
        </div>
      ) : (
        <p className="quiet">Only an admin can change settings.</p>
      )}
      <Refusal of={save.error} />
    </form>
  );
}
