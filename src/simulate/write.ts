import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Random } from "../statistics/random.ts";
import type { Row, SimCase } from "./engine.ts";
import { stepsOf, type Flow, type ProcessPlan } from "./processes.ts";
import type { SimulatedProcess } from "./simulate.ts";
import { DAY } from "./people.ts";

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
  const records = plan.id === "purchase-to-pay" ? purchaseRecords(simulated, seed) : undefined;
  for (const [name, text] of Object.entries(records?.tables ?? {})) {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, text);
    written.records.push(file);
  }
  writeFileSync(written.truth, truthJson(simulated, seed, records?.leaks ?? []));
  return written;
}

/** The log as its system of record would export it: by time of completion, in the plan's headings and formats. */
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

/** What people say the process is; it knows nothing of the leaks. */
function descriptionYaml({ plan, people }: SimulatedProcess): string {
  const requesterRole = plan.steps[stepsOf(plan.flow)[0]].role;
  const roles = Object.fromEntries(
    Object.keys(plan.staff).map((role) => [
      role,
      role === requesterRole ? ["*"] : people.filter((p) => p.role === role).map((p) => p.name),
    ]),
  );
  const steps = Object.fromEntries(
    stepsOf(plan.flow).map((name) => {
      const { role, approves } = plan.steps[name];
      const needs = plan.attributes.filter(({ enteredAt }) => enteredAt === name).map((a) => a.name);
      return [name, { role, ...(approves ? { approves } : {}), ...(needs.length > 0 ? { needs } : {}) }];
    }),
  );
  const separate = stepsOf(plan.flow)
    .filter((name) => plan.steps[name].approves)
    .map((name) => ({ separate: [plan.steps[name].approves, name] }));
  return stringify({
    process: plan.name,
    owner: plan.owner,
    version: 1,
    currency: "EUR",
    roles,
    steps,
    flow: asWritten(plan.flow),
    rules: separate,
  });
}

function asWritten(flow: Flow): unknown {
  if (typeof flow === "string") return flow;
  if (Array.isArray(flow)) return flow.map(asWritten);
  if ("parallel" in flow) return { parallel: flow.parallel.map(asWritten) };
  if ("maybe" in flow) return { optional: asWritten(flow.maybe) };
  return { choice: flow.choice.map(([, way]) => asWritten(way)) };
}

interface RecordLeak {
  detector: string;
  subjects: string[];
  records: [string, string][];
  note: string;
}

/** Vendors, invoices and payments of purchase to pay; unless clean, with a few paid twice and vendors kept twice. */
function purchaseRecords(
  { plan, cases, leaks }: SimulatedProcess,
  seed: number,
): { tables: Record<string, string>; leaks: RecordLeak[] } {
  const random = new Random(`plumbline/${seed}/records`);
  const clean = leaks.length === 0;
  const [amountName, vendorName] = [plan.attributes[0].name, plan.attributes[1].name];
  const names = plan.attributes[1].values!;
  const vendors = names.map((name, i) => ({
    id: `V${1001 + i}`,
    name,
    tax: `DE${random.below(9e8) + 1e8}`,
    bank: `DE${random.below(9e9) + 1e9}`,
  }));
  const vendorRows = vendors.map((v) => [v.id, v.name, v.tax, v.bank]);
  const vendorPairs: [string, string][] = [];
  if (!clean) {
    for (const vendor of random.shuffle([...vendors]).slice(0, 2)) {
      const id = `V${1100 + vendorPairs.length}`;
      vendorRows.push([id, `${vendor.name.toUpperCase()} LTD`, vendor.tax, vendor.bank]);
      vendorPairs.push([vendor.id, id]);
    }
  }
  const invoices: string[][] = [];
  const payments: string[][] = [];
  const paidTwice: [string, string][] = [];
  const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
  for (const c of cases) {
    const end = c.rows.at(-1)!.end;
    const vendor = vendors.find((v) => v.name === c.values[vendorName]) ?? vendors[c.number % vendors.length];
    const amount = Number(c.values[amountName]).toFixed(2);
    const invoice = invoiceOf(
      c,
      `INV${20_000 + c.number}`,
      vendor.id,
      vendor.name,
      amount,
      iso(end - 20 * DAY),
      iso(end + 5 * DAY),
    );
    invoices.push(invoice);
    payments.push([`PAY${50_000 + c.number}`, invoice[0], vendor.id, amount, "EUR", iso(end)]);
    if (!clean && random.chance(0.006)) {
      const again = [...invoice];
      again[0] = `INV${90_000 + c.number}`;
      again[3] = invoice[3].replace("-", "");
      invoices.push(again);
      payments.push([`PAY${95_000 + c.number}`, again[0], vendor.id, amount, "EUR", iso(end + 9 * DAY)]);
      paidTwice.push([invoice[0], again[0]]);
    }
  }
  const tables = {
    vendors: delimited(",", ["vendor_id", "name", "tax_id", "bank_account"], vendorRows),
    invoices: delimited(
      ",",
      [
        "invoice_id",
        "vendor_id",
        "vendor_name",
        "reference",
        "date",
        "amount",
        "currency",
        "case_id",
        "due_date",
      ],
      invoices,
    ),
    payments: delimited(
      ",",
      ["payment_id", "invoice_id", "vendor_id", "amount", "currency", "paid_at"],
      payments,
    ),
  };
  const planted: RecordLeak[] = [
    {
      detector: "duplicate-payment",
      subjects: ["invoices"],
      records: paidTwice,
      note: "the same invoice entered twice, the reference without its dash",
    },
    {
      detector: "duplicate-vendor",
      subjects: ["vendors"],
      records: vendorPairs,
      note: "the same tax number and bank account under two numbers",
    },
  ];
  return { tables, leaks: planted.filter(({ records }) => records.length > 0) };
}

function invoiceOf(
  c: SimCase,
  id: string,
  vendor: string,
  name: string,
  amount: string,
  date: string,
  due: string,
): string[] {
  return [id, vendor, name, `R-${(c.number * 7919) % 1_000_003}`, date, amount, "EUR", c.id, due];
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
    clean: leaks.length === 0,
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
      })),
      // planted in the record tables: a log alone cannot show them
      ...recordLeaks.map((leak) => ({ ...leak, visibleIn: "records" })),
    ],
  };
  return JSON.stringify(truth, null, 1) + "\n";
}
