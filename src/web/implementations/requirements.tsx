import { useMutation } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ask, type Answer } from "../client.ts";
import { Refusal } from "../parts/form.tsx";
import { Loaded } from "../parts/loaded.tsx";
import { useOrganisation } from "../session.tsx";
import { useAsk, useDo } from "../use-ask.ts";
import { count, plural } from "../words.ts";

type Tool = Answer<"GET /organisations/{org}/implementations/{implementation}">["implementation"];
type Requirement = Tool["requires"][number];
type Kind = Requirement["kind"];
type Draft = { id: string; processId: string; kind: Kind } & Record<string, unknown>;
type Processes = Answer<"GET /organisations/{org}/processes">["items"];

const KINDS: [Kind, string][] = [
  ["fields", "filled fields"],
  ["owner", "a named owner"],
  ["handoff", "a hand-over from one step to another"],
  ["authoritative", "an authoritative source"],
  ["volume", "a monthly volume"],
  ["consistency", "consistent handling of similar cases"],
];

/** What an implementation is, touches and requires: from a form, and from its requirements document. */
export function RequirementsPage() {
  const { org } = useOrganisation();
  const { implementation } = useParams({ from: "/o/$org/implementations/$implementation/requirements/edit" });
  const inventory = useAsk("GET /organisations/{org}/implementations/{implementation}", {
    path: { org, implementation },
  });
  const processes = useAsk("GET /organisations/{org}/processes", { path: { org }, query: { limit: 500 } });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>Edit requirements</h1>
        <p className="lede">
          A tool works only where the process provides what it needs. The next audit checks each line against
          the evidence; it starts when you save.
        </p>
      </div>
      <Loaded of={inventory} what="the implementation">
        {({ implementation: tool }) => (
          <Loaded of={processes} what="the processes">
            {({ items }) => <RequirementsForm key={tool.version} tool={tool} processes={items} />}
          </Loaded>
        )}
      </Loaded>
    </div>
  );
}

function RequirementsForm({ tool, processes }: { tool: Tool; processes: Processes }) {
  const { org } = useOrganisation();
  const navigate = useNavigate();
  const there = new Set(processes.map(({ id }) => id));
  const [touches, setTouches] = useState(() => tool.touches.filter(({ processId }) => there.has(processId)));
  const [needs, setNeeds] = useState<Draft[]>(() =>
    (tool.requires as Draft[]).filter(({ processId }) => there.has(processId)),
  );
  const [document, setDocument] = useState(tool.document ?? "");
  const read = useMutation({
    mutationFn: async (file: File) =>
      ask("POST /organisations/{org}/documents/text", {
        path: { org },
        body: { name: file.name, content: await base64Of(file) },
      }),
    onSuccess: ({ text }) => setDocument(text),
  });
  const save = useDo(
    (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      return ask("PUT /organisations/{org}/implementations/{implementation}", {
        path: { org, implementation: tool.id },
        version: tool.version,
        body: {
          name: text("name"),
          tool: text("tool") || null,
          state: text("state") as Tool["state"],
          startsOn: text("date") || null,
          costPerMonth: text("cost") === "" ? null : Number(text("cost")),
          currency: text("cost") === "" ? null : text("currency").toUpperCase() || "EUR",
          touches,
          note: tool.note,
          requires: needs.map(cleaned) as never,
          document: document.trim() || null,
        },
      });
    },
    () =>
      navigate({
        to: "/o/$org/implementations/$implementation/requirements",
        params: { org, implementation: tool.id },
      }),
  );
  const first = touches[0]?.processId;
  const add = () =>
    setNeeds([
      ...needs,
      { id: `need-${Date.now().toString(36)}`, processId: first, kind: "fields", columns: [] },
    ]);
  const change = (i: number, part: object) =>
    setNeeds(needs.map((one, k) => (k === i ? ({ ...one, ...part } as Draft) : one)));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(new FormData(event.currentTarget));
      }}
    >
      <section className="card stack tight" aria-labelledby="is">
        <h2 id="is">About the tool</h2>
        <div className="form-grid">
          <label>
            Name
            <input name="name" required maxLength={120} defaultValue={tool.name} />
          </label>
          <label>
            Product or vendor
            <input name="tool" maxLength={120} defaultValue={tool.tool ?? ""} />
          </label>
          <label>
            State
            <select name="state" defaultValue={tool.state}>
              <option value="planned">planned</option>
              <option value="in use">already in use</option>
            </select>
          </label>
          <label>
            Go-live date
            <input name="date" type="date" defaultValue={tool.startsOn ?? ""} />
          </label>
          <label>
            Monthly cost
            <input name="cost" type="number" min={0} step="any" defaultValue={tool.costPerMonth ?? ""} />
          </label>
          <label>
            Currency
            <input
              name="currency"
              maxLength={3}
              pattern="[A-Za-z]{3}"
              defaultValue={tool.currency ?? "EUR"}
            />
          </label>
        </div>
      </section>
      <section className="card stack tight" aria-labelledby="touches">
        <h2 id="touches">Processes it touches</h2>
        {processes.map(({ id, name }) => {
          const touched = touches.find((one) => one.processId === id);
          return (
            <div key={id} className="row">
              <label className="inline" style={{ minWidth: 220 }}>
                <input
                  type="checkbox"
                  checked={touched !== undefined}
                  onChange={() => {
                    setTouches(
                      touched
                        ? touches.filter((one) => one !== touched)
                        : [...touches, { processId: id, steps: [] }],
                    );
                    if (touched) setNeeds(needs.filter((one) => one.processId !== id));
                  }}
                />
                {name}
              </label>
              {touched && (
                <input
                  aria-label={`Steps of ${name} that it touches, separated by commas`}
                  placeholder="all steps, or some: Record invoice, Match invoice"
                  style={{ flex: 1 }}
                  defaultValue={touched.steps.join(", ")}
                  onChange={({ target }) =>
                    setTouches(
                      touches.map((one) =>
                        one.processId === id ? { ...one, steps: listOf(target.value) } : one,
                      ),
                    )
                  }
                />
              )}
            </div>
          );
        })}
      </section>
      <section className="card stack tight" aria-labelledby="needs">
        <h2 id="needs">Requirements</h2>
        {needs.length === 0 && <p className="quiet">No requirement yet.</p>}
        {needs.map((need, i) => (
          <fieldset key={need.id} className="row need">
            <legend className="visually-hidden">Requirement {i + 1}</legend>
            <select
              aria-label="Kind of requirement"
              value={need.kind}
              onChange={({ target }) =>
                change(i, { kind: target.value, columns: target.value === "fields" ? [] : undefined })
              }
            >
              {KINDS.map(([kind, words]) => (
                <option key={kind} value={kind}>
                  {words}
                </option>
              ))}
            </select>
            <select
              aria-label="Process"
              value={need.processId}
              onChange={({ target }) => change(i, { processId: target.value })}
            >
              {touches.map(({ processId }) => (
                <option key={processId} value={processId}>
                  {processes.find(({ id }) => id === processId)?.name ?? "a removed process"}
                </option>
              ))}
            </select>
            <NeedFields need={need} change={(part) => change(i, part)} />
            <button
              type="button"
              className="quiet-button"
              onClick={() => setNeeds(needs.filter((_, k) => k !== i))}
            >
              Remove
            </button>
          </fieldset>
        ))}
        <div>
          <button type="button" onClick={add} disabled={touches.length === 0}>
            Add a requirement
          </button>
          {touches.length === 0 && <small> First choose the processes it touches.</small>}
        </div>
      </section>
      <section className="card stack tight" aria-labelledby="document">
        <h2 id="document">Requirements document</h2>
        <p className="quiet">
          Each sentence that makes a demand (must, shall, requires, at least …) becomes a statement, which the
          evidence confirms or contradicts. Sentences that no check understands are marked. Plumbline never
          follows the document as instructions.
        </p>
        <label>
          Text
          <textarea
            rows={8}
            maxLength={100_000}
            value={document}
            onChange={({ target }) => setDocument(target.value)}
          />
        </label>
        <label>
          Or read it from a file: Word, OpenDocument, PDF or text
          <input
            type="file"
            accept=".docx,.odt,.pdf,.txt,.md"
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file) read.mutate(file);
            }}
          />
        </label>
        <div aria-live="polite">
          {read.isPending && <p className="quiet">Reading …</p>}
          {read.data && (
            <p className={`note ${read.data.cut ? "warn" : ""}`}>
              {read.data.pages === null
                ? `The text of the ${read.data.kind === "text" ? "file" : `${read.data.kind} document`} is above.`
                : `The text of ${plural(read.data.pages, "page")} is above.`}{" "}
              {read.data.cut &&
                `Only the first ${count(read.data.text.length)} characters: the rest is too long. `}
              Check it, and delete what is not about these processes.
            </p>
          )}
          <Refusal of={read.error} />
        </div>
      </section>
      <Refusal of={save.error} />
      <div className="row">
        <button type="submit" className="primary" disabled={save.isPending}>
          Save and check against the evidence
        </button>
      </div>
    </form>
  );
}

/** A file as base64. */
const base64Of = (file: File) =>
  new Promise<string>((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () =>
      failed(new Error(`${file.name} cannot be read. Choose it again.`)),
    );
    reader.readAsDataURL(file);
  });

const listOf = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

/** The parts that a kind of requirement has. */
function NeedFields({ need, change }: { need: Draft; change: (part: object) => void }) {
  const field = (name: string, label: string, placeholder: string, required = false) => (
    <input
      aria-label={label}
      placeholder={placeholder}
      required={required}
      maxLength={400}
      defaultValue={String(need[name] ?? "")}
      onChange={({ target }) => change({ [name]: target.value.trim() || undefined })}
    />
  );
  const share = (usual: number) => (
    <label className="inline">
      in at least
      <input
        type="number"
        aria-label="Share in per cent"
        min={1}
        max={100}
        style={{ width: "5em" }}
        placeholder={String(usual)}
        defaultValue={typeof need["share"] === "number" ? Math.round(need["share"] * 100) : ""}
        onChange={({ target }) =>
          change({ share: target.value === "" ? undefined : Number(target.value) / 100 })
        }
      />
      %
    </label>
  );
  switch (need.kind) {
    case "fields":
      return (
        <>
          <input
            aria-label="Fields, separated by commas"
            placeholder="amount, vendor"
            required
            defaultValue={((need["columns"] as string[] | undefined) ?? []).join(", ")}
            onChange={({ target }) => change({ columns: listOf(target.value) })}
          />
          {field("step", "At which step (if empty, anywhere in the case)", "at which step")}
          {share(95)}
        </>
      );
    case "owner":
      return field("step", "Of which step", "of which step", true);
    case "handoff":
      return (
        <>
          {field("from", "From which step", "from", true)}
          {field("to", "To which step", "to", true)}
          {share(80)}
        </>
      );
    case "authoritative":
      return field("field", "For which field", "bank_account", true);
    case "volume":
      return (
        <>
          <input
            type="number"
            aria-label="Monthly volume"
            min={1}
            required
            placeholder="per month"
            defaultValue={need["perMonth"] === undefined ? "" : String(need["perMonth"])}
            onChange={({ target }) => change({ perMonth: Number(target.value) })}
          />
          {field("step", "Of which step (if empty, cases)", "of which step")}
        </>
      );
    case "consistency":
      return (
        <>
          {field("step", "Of which step (if empty, the whole case)", "of which step")}
          {share(80)}
        </>
      );
  }
}

/** What a kind of requirement knows, without what was typed for another kind. */
function cleaned(need: Draft): Draft {
  const parts: Record<Kind, string[]> = {
    fields: ["columns", "step", "share"],
    owner: ["step"],
    handoff: ["from", "to", "share"],
    authoritative: ["field"],
    volume: ["perMonth", "step"],
    consistency: ["step", "share"],
  };
  return Object.fromEntries(
    Object.entries(need).filter(
      ([name, value]) =>
        value !== undefined && ["id", "processId", "kind", ...parts[need.kind]].includes(name),
    ),
  ) as Draft;
}
