import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Row } from "./engine.ts";
import type { RecordLeak, WrittenDescription } from "./plants/plant.ts";
import { recordsOf } from "./records.ts";
import { stepsOf, type Flow, type ProcessPlan } from "./processes.ts";
import type { SimulatedProcess } from "./simulate.ts";

/** What was written for one process. */
export interface WrittenProcess {
  directory: string;
  log: string;
  description: string;
  records: string[];
  truth: string;
}

/** Writes the log, the description, record tables and the truth of a simulated process below `directory`. */
export function writeProcess(directory: string, simulated: SimulatedProcess, seed: number): WrittenProcess {
  const { plan } = simulated;
  const folder = join(directory, plan.id);
  mkdirSync(folder, { recursive: true });
  const written: WrittenProcess = {
    directory: folder,
    log: join(folder, "log.csv"),
    description: join(folder, "description.yaml"),
    records: [],
    truth: join(folder, "truth.json"),
  };
  writeFileSync(written.log, logCsv(simulated));
  writeFileSync(written.description, descriptionYaml(simulated));
  const records = recordsOf(simulated, seed);
  for (const { name, headings, rows } of records.tables) {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, delimited(",", headings, rows));
    written.records.push(file);
  }
  writeFileSync(written.truth, truthJson(simulated, seed, records.leaks));
  return written;
}

/**
 * The log as its system of record would export it: by time of completion, in the plan's headings and formats.
 */
export function logCsv({ plan, rows }: SimulatedProcess): string {
  const { headings, separator, dates } = plan;
  const attributes = plan.attributes.map(({ name }) => name);
  const columns: [heading: string, value: (row: Row) => string][] = [
    [headings.case, (row) => row.case.id],
    [headings.activity, (row) => row.activity],
    ...(headings.start
      ? ([[headings.start, (row: Row) => writeTime(row.start, dates)]] as [string, (row: Row) => string][])
      : []),
    [headings.time, (row) => writeTime(row.end, dates)],
    [headings.person, (row) => row.person.name],
    ...(headings.role
      ? ([[headings.role, (row: Row) => row.person.role]] as [string, (row: Row) => string][])
      : []),
    ...attributes.map((name): [string, (row: Row) => string] => [
      name,
      (row) => writeValue(row.values[name], dates),
    ]),
    [headings.recorded, (row) => writeTime(row.recorded, dates)],
  ];
  const sorted = [...rows].sort((a, b) => a.end - b.end || a.case.number - b.case.number);
  return delimited(
    separator,
    columns.map(([heading]) => heading),
    sorted.map((row) => columns.map(([, value]) => value(row))),
  );
}

function delimited(separator: string, headings: string[], rows: string[][]): string {
  const quote = (text: string) =>
    text.includes(separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return [headings, ...rows].map((row) => row.map(quote).join(separator)).join("\n") + "\n";
}

function writeTime(time: number, dates: ProcessPlan["dates"]): string {
  const iso = new Date(time).toISOString();
  if (dates === "iso-zone") return `${iso.slice(0, 19)}Z`;
  if (dates === "iso") return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
  if (dates === "minutes") return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
  return `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

function writeValue(value: string | number | undefined, dates: ProcessPlan["dates"]): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  return dates === "german" ? value.toFixed(2).replace(".", ",") : value.toFixed(2);
}

/**
 * What people say the process is; it knows nothing of the leaks but for the rules that some of them break.
 */
function descriptionYaml({ plan, people, leaks }: SimulatedProcess): string {
  const requesterRole = plan.steps[stepsOf(plan.flow)[0]].role;
  const roles = Object.fromEntries(
    Object.keys(plan.staff).map((role) => [
      role,
      role === requesterRole ? ["*"] : people.filter((p) => p.role === role).map((p) => p.name),
    ]),
  );
  const steps = Object.fromEntries(
    stepsOf(plan.flow).map((name) => {
      const { role, approves, said } = plan.steps[name];
      const needs = plan.attributes.filter(({ enteredAt }) => enteredAt === name).map((a) => a.name);
      return [
        name,
        {
          role,
          ...(approves ? { approves } : {}),
          ...(needs.length > 0 ? { needs } : {}),
          ...said,
        },
      ];
    }),
  );
  const separate = stepsOf(plan.flow)
    .filter((name) => plan.steps[name].approves)
    .map((name) => ({ separate: [plan.steps[name].approves, name] }));
  const approval = stepsOf(plan.flow).find((name) => plan.steps[name].kind === "approve");
  const amount = plan.attributes.find(({ kind }) => kind === "amount");
  const limit = amount ? [{ limit: approval, amount: amount.name, upTo: 1_000_000 }] : [];
  const written: WrittenDescription = {
    roles,
    steps,
    flow: asWritten(plan.flow) as unknown[],
    rules: [...separate, ...limit],
  };
  for (const leak of leaks) leak.describe?.(written);
  return stringify({ process: plan.name, owner: plan.owner, version: 1, currency: "EUR", ...written });
}

function asWritten(flow: Flow): unknown {
  if (typeof flow === "string") return flow;
  if (Array.isArray(flow)) return flow.map(asWritten);
  if ("parallel" in flow) return { parallel: flow.parallel.map(asWritten) };
  if ("maybe" in flow) return { optional: asWritten(flow.maybe) };
  return { choice: flow.choice.map(([, way]) => asWritten(way)) };
}

function truthJson(
  { plan, rows, cases, leaks }: SimulatedProcess,
  seed: number,
  recordLeaks: RecordLeak[],
): string {
  const order = new Map(cases.map((c) => [c.id, c.number]));
  const truth = {
    process: plan.name,
    seed,
    clean: leaks.length + recordLeaks.length === 0,
    cases: cases.length,
    events: rows.length,
    leaks: [
      ...leaks.map((leak) => ({
        detector: leak.detector,
        subjects: leak.subjects,
        people: [...leak.people],
        caseIds: [...leak.cases].sort((a, b) => order.get(a)! - order.get(b)!),
        share: Math.round((leak.cases.size / cases.length) * 1e4) / 1e4,
        strength: Math.round(leak.strength * 1e4) / 1e4,
        note: leak.note,
        ...(leak.describe ? { visibleIn: "description" } : {}),
      })),
      // planted in the record tables: a log alone cannot show them
      ...recordLeaks.map((leak) => ({ ...leak, visibleIn: "records" })),
    ],
    alsoTrue: leaks.flatMap(({ also }) => also ?? []),
  };
  return JSON.stringify(truth, null, 1) + "\n";
}
