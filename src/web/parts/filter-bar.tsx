import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Answer } from "../client.ts";
import { partsOf, readFilter, writeFilter, type Filter } from "../filter.ts";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { count, duration, percent } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { Loaded } from "./loaded.tsx";
import { WeeksChart } from "./weeks.tsx";

type Choices = Answer<"GET /organisations/{org}/processes/{process}/choices">;

/** What is filtered by, part by part, and a way to narrow further. The filter stands in the address. */
export function FilterBar({
  process,
  f,
  ready = true,
}: {
  process: string;
  f: string | undefined;
  /** whether the main thing on the page is there: it is asked for first */
  ready?: boolean;
}) {
  const { org } = useOrganisation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const filter = readFilter(f);
  const parts = partsOf(filter);
  const set = (next: Filter) =>
    void navigate({
      to: ".",
      search: ((old: object) => ({ ...old, f: writeFilter(next) })) as never,
      resetScroll: false,
    });
  const choices = useAsk(
    "GET /organisations/{org}/processes/{process}/choices",
    { path: { org, process }, query: { filter: f } },
    { keep: true, enabled: ready },
  );
  return (
    <div className="filters" role="group" aria-label="Filter">
      {choices.data && (
        <span className="quiet" role="status">
          {parts.length === 0
            ? `All ${count(choices.data.cases)} cases`
            : `${count(choices.data.selected)} of ${count(choices.data.cases)} cases (${percent(choices.data.cases === 0 ? null : choices.data.selected / choices.data.cases)})`}
        </span>
      )}
      {parts.map(({ words, rest }) => (
        <span className="chip" key={words}>
          <span title={words}>{words}</span>
          <button type="button" onClick={() => set(rest)} aria-label={`Remove filter: ${words}`}>
            ✕
          </button>
        </span>
      ))}
      <button type="button" onClick={() => setOpen(true)}>
        Filter …
      </button>
      {parts.length > 1 && (
        <button type="button" className="quiet-button" onClick={() => set({})}>
          Clear all
        </button>
      )}
      <Dialog title="Which cases?" open={open} close={() => setOpen(false)}>
        <Loaded of={choices} what="the filter choices">
          {(value) => (
            <FilterForm
              choices={value}
              filter={filter}
              apply={(next) => {
                setOpen(false);
                set(next);
              }}
            />
          )}
        </Loaded>
      </Dialog>
    </div>
  );
}

function FilterForm({
  choices,
  filter,
  apply,
}: {
  choices: Choices;
  filter: Filter;
  apply: (filter: Filter) => void;
}) {
  const [draft, setDraft] = useState<Filter>(filter);
  const change = (part: Partial<Filter>) => setDraft((old) => ({ ...old, ...part }));
  const values = draft.values ?? {};
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        apply(draft);
      }}
    >
      <WeeksChart weeks={choices.weeks} from={choices.from} to={choices.to} />
      <div className="form-grid">
        <label>
          Started from
          <input
            type="date"
            value={draft.from?.slice(0, 10) ?? ""}
            onChange={({ target }) => change({ from: target.value || undefined })}
          />
        </label>
        <label>
          Started before
          <input
            type="date"
            value={draft.to?.slice(0, 10) ?? ""}
            onChange={({ target }) => change({ to: target.value || undefined })}
          />
        </label>
        <label>
          Longer than, hours
          <input
            type="number"
            min={0}
            step="any"
            value={draft.longerThanHours ?? ""}
            placeholder={choices.durations ? `median ${duration(choices.durations.median)}` : ""}
            onChange={({ target }) =>
              change({ longerThanHours: target.value === "" ? undefined : Number(target.value) })
            }
          />
        </label>
        <label>
          Shorter than, hours
          <input
            type="number"
            min={0}
            step="any"
            value={draft.shorterThanHours ?? ""}
            onChange={({ target }) =>
              change({ shorterThanHours: target.value === "" ? undefined : Number(target.value) })
            }
          />
        </label>
        <label>
          Case id contains
          <input
            value={draft.id ?? ""}
            onChange={({ target }) => change({ id: target.value || undefined })}
          />
        </label>
      </div>
      <Picks
        title="With these steps"
        options={choices.activities.map(({ name, cases }) => [name, count(cases)])}
        chosen={draft.with ?? []}
        choose={(chosen) => change({ with: chosen })}
      />
      <Picks
        title="Without these steps"
        options={choices.activities.map(({ name, cases }) => [name, count(cases)])}
        chosen={draft.without ?? []}
        choose={(chosen) => change({ without: chosen })}
      />
      {choices.roles.length > 0 && (
        <Picks
          title="Role"
          options={choices.roles.map((name) => [name, ""])}
          chosen={draft.roles ?? []}
          choose={(chosen) => change({ roles: chosen })}
        />
      )}
      {choices.columns.map(({ name, values: options }) => (
        <Picks
          key={name}
          title={name}
          options={options.map(({ value, cases }) => [value, count(cases)])}
          chosen={values[name] ?? []}
          choose={(chosen) => {
            const next = { ...values };
            if (chosen.length === 0) delete next[name];
            else next[name] = chosen;
            change({ values: next });
          }}
        />
      ))}
      <div className="row end">
        <button type="button" onClick={() => apply({})}>
          All cases
        </button>
        <button type="submit" className="primary">
          Show these
        </button>
      </div>
    </form>
  );
}

/** Some of many, with a search where there are more than a screenful. */
function Picks({
  title,
  options,
  chosen,
  choose,
}: {
  title: string;
  options: [name: string, about: string][];
  chosen: string[];
  choose: (chosen: string[]) => void;
}) {
  const [search, setSearch] = useState("");
  const shown = options.filter(([name]) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <details open={chosen.length > 0}>
      <summary>
        {title} {chosen.length > 0 && <span className="badge">{chosen.length}</span>}
      </summary>
      <fieldset className="stack tight">
        <legend className="visually-hidden">{title}</legend>
        {options.length > 12 && (
          <input
            type="search"
            aria-label={`Search in ${title}`}
            placeholder="Search"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        )}
        <div className="scroll-list">
          {shown.slice(0, 300).map(([name, about]) => (
            <label className="inline" key={name}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={({ target }) =>
                  choose(target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
                }
              />
              <span>{name}</span>
              <small>{about}</small>
            </label>
          ))}
          {shown.length > 300 && <small>and {shown.length - 300} more: search</small>}
        </div>
      </fieldset>
    </details>
  );
}
