import { Random } from "../statistics/random.ts";
import { DAY } from "./people.ts";
import type { SimulatedProcess } from "./simulate.ts";

/** What was planted in record tables, where a log alone cannot show it. */
export interface RecordLeak {
  detector: string;
  subjects: string[];
  records: [string, string][];
  note: string;
}

export interface WrittenTable {
  /** "vendors@erp" for one of two versions */
  name: string;
  headings: string[];
  rows: string[][];
}

interface Vendor {
  id: string;
  name: string;
  tax: string;
  bank: string;
  city: string;
  country: string;
  terms: string;
}

/** An invoice as somebody enters it; paid when due unless it says when. */
interface InvoiceEntry {
  id: string;
  vendor: Vendor;
  reference: string;
  time: number;
  amount: number;
  caseId: string;
  ordered: number;
  received: number;
  paidAt?: number;
}

/**
 * The records beside a process: vendors of two systems, invoices with orders and receipts, and payments beside purchase to pay; a register of reports beside the close. Unless the process is clean, with
 * duplicates, mismatches, conflicts and gaps; with what looks alike and is right in either: rent, instalments, credit notes, vendors of similar names.
 */
export function recordsOf(
  simulated: SimulatedProcess,
  seed: number,
): { tables: WrittenTable[]; leaks: RecordLeak[] } {
  const random = new Random(`plumbline/${seed}/records`);
  if (simulated.plan.id === "month-end-close") return reports(random, simulated.isClean);
  return simulated.plan.id === "purchase-to-pay" ? purchases(random, simulated) : { tables: [], leaks: [] };
}

const iso = (time: number) => new Date(time).toISOString().slice(0, 10);
const FIRST =
  "Alder Baltic Cedar Delta Ember Falcon Granite Harbour Indigo Juniper Kestrel Lumen Meridian Nimbus Onyx Pioneer Quartz Ridge Summit Tundra Union Vertex Willow Zenith".split(
    " ",
  );
const SECOND =
  "Supplies Logistics Trading Components Office Tools Print Cleaning Catering Software Energy Security Packaging Metals Paper Timber".split(
    " ",
  );
const FORMS = ["GmbH", "Ltd", "AG", "BV", "SAS", "Inc"];
const CITIES = ["Hamburg", "Lyon", "Utrecht", "Graz", "Leeds", "Malmö", "Gent", "Turin"];
const COUNTRIES = ["Germany", "France", "Netherlands", "Austria", "United Kingdom", "Sweden"];
const TERMS = ["net 14", "net 30", "net 45", "net 60"];

function purchases(
  random: Random,
  { plan, cases, isClean }: SimulatedProcess,
): { tables: WrittenTable[]; leaks: RecordLeak[] } {
  const leaks: RecordLeak[] = [];
  const plant = (detector: string, subjects: string[], records: [string, string][], note: string) => {
    if (records.length > 0) leaks.push({ detector, subjects, records, note });
  };
  const does = () => !isClean && random.chance(0.85);
  const [amountName, vendorName] = [plan.attributes[0].name, plan.attributes[1].name];
  const vendors = vendorsOf(random, plan.attributes[1].values!);
  const named = new Map(vendors.map((vendor) => [vendor.name, vendor]));

  const duplicateVendors: [string, string][] = [];
  const extra: Vendor[] = [];
  if (does()) {
    for (const vendor of random.shuffle([...vendors]).slice(0, 2 + random.below(3))) {
      const copy = { ...vendor, id: `V${5000 + extra.length}` };
      const way = random.below(3);
      if (way === 0) copy.name = `${vendor.name.toUpperCase()} LTD`;
      else if (way === 1) [copy.tax, copy.name] = ["", `${vendor.name} ${random.pick(FORMS)}`];
      else copy.bank = "";
      extra.push(copy);
      duplicateVendors.push([vendor.id, copy.id]);
    }
  }
  plant("duplicate-vendor", ["vendors"], duplicateVendors, "the same vendor under two numbers");
  const all = [...vendors, ...extra];

  const invoices: string[][] = [];
  const payments: string[][] = [];
  const twice: [string, string][] = [];
  const mismatched: [string, string][] = [];
  const late: [string, string][] = [];
  const [duplicates, mismatches, paysLate] = [does(), does(), does()];
  const isLate = 0.03 + 0.08 * random.next();
  let payment = 50_000;
  const enter = (fields: InvoiceEntry) => {
    const { id, vendor, reference, time, amount, caseId, ordered, received, paidAt } = fields;
    const due = time + 30 * DAY;
    invoices.push([
      id,
      vendor.id,
      vendor.name,
      reference,
      iso(time),
      amount.toFixed(2),
      "EUR",
      caseId,
      ordered.toFixed(2),
      received.toFixed(2),
      iso(due),
    ]);
    const pays = paidAt ?? due - (1 + random.below(6)) * DAY;
    if (amount > 0) payments.push([`PAY${payment++}`, id, vendor.id, amount.toFixed(2), "EUR", iso(pays)]);
    return due;
  };
  for (const c of cases) {
    const end = c.rows.at(-1)!.end;
    const written = String(c.values[vendorName]);
    const vendor = named.get(written) ?? vendors[c.number % vendors.length];
    const amount = Number(c.values[amountName]);
    const id = `INV${20_000 + c.number}`;
    const reference = `R-${(c.number * 7919) % 1_000_003}`;
    const time = end - 20 * DAY;
    let [ordered, received] = [amount, amount];
    if (mismatches && random.chance(0.03)) {
      const factor = 1 - (0.05 + 0.3 * random.next());
      if (random.chance(0.5)) received = amount * factor;
      else ordered = amount * factor;
      mismatched.push([id, id]);
    } else if (random.chance(0.05)) ordered = amount * (1 + 0.004 * (2 * random.next() - 1));
    const overdue = paysLate && random.chance(isLate);
    if (overdue) late.push([id, id]);
    const paidAt = overdue ? time + (35 + random.below(30)) * DAY : undefined;
    enter({ id, vendor, reference, time, amount, caseId: c.id, ordered, received, paidAt });
    if (duplicates && random.chance(0.008)) {
      const again = `INV${90_000 + c.number}`;
      const copy = { id: again, vendor, reference, time, amount, caseId: c.id, ordered, received };
      const way = random.below(5);
      if (way === 0) copy.reference = reference.replace("-", "");
      else if (way === 1) copy.reference = `${reference}A`;
      else if (way === 2) copy.time = time + (1 + random.below(20)) * DAY;
      else if (way === 3)
        copy.vendor = { ...vendor, id: `X${vendor.id}`, name: `${vendor.name.toUpperCase()} LTD` };
      enter(copy);
      twice.push([id, again]);
    }
  }
  ordinaryLookalikes(random, vendors, cases[0]?.arrived ?? 0, enter);
  plant("duplicate-payment", ["invoices"], twice, "invoices entered and paid twice, in several spellings");
  plant("amount-mismatch", ["invoices", "amount"], mismatched, "billed more than ordered or received");
  if (late.length >= 10)
    plant("deadline-missed", ["invoices", "due_date"], late, "paid weeks after the due date");

  if (does()) {
    const gaps: [string, string][] = [];
    const share = 0.06 + 0.12 * random.next();
    for (const row of invoices)
      if (random.chance(share)) {
        row[10] = random.chance(0.2) ? "n/a" : "";
        gaps.push([row[0], row[0]]);
      }
    plant("missing-data", ["due_date"], gaps, "invoices without a due date");
  }
  const vendorRows = all.map((v) => [v.id, v.name, v.tax, v.bank, v.city, v.country, v.terms]);
  if (does()) {
    const odd: [string, string][] = [];
    for (const row of vendorRows)
      if (random.chance(0.12)) {
        row[5] = random.pick([row[5].toUpperCase(), row[5].toLowerCase(), ` ${row[5]}.`.trim()]);
        odd.push([row[0], row[0]]);
      }
    if (odd.length >= 4) plant("inconsistent-entry", ["country"], odd, "countries in several spellings");
  }
  const vendorHeadings = ["vendor_id", "name", "tax_id", "bank_account", "city", "country", "payment_terms"];
  const other = vendors.map((v) => [
    v.id,
    random.chance(0.1) ? v.name.toUpperCase() : v.name,
    v.tax,
    v.bank,
    v.city,
  ]);
  if (does()) {
    const conflicts: [string, string][] = [];
    const share = 0.04 + 0.12 * random.next();
    for (const row of other)
      if (random.chance(share)) {
        row[3] = bankAccount(random);
        conflicts.push([row[0], row[0]]);
      }
    plant(
      "conflicting-sources",
      ["bank_account", "vendors"],
      conflicts,
      "another account in the second system",
    );
  }
  const tables: WrittenTable[] = [
    { name: "vendors@erp", headings: vendorHeadings, rows: vendorRows },
    { name: "vendors@crm", headings: vendorHeadings.slice(0, 5), rows: other },
    {
      name: "invoices",
      headings: [
        "invoice_id",
        "vendor_id",
        "vendor_name",
        "reference",
        "date",
        "amount",
        "currency",
        "case_id",
        "order_amount",
        "received_amount",
        "due_date",
      ],
      rows: invoices,
    },
    {
      name: "payments",
      headings: ["payment_id", "invoice_id", "vendor_id", "amount", "currency", "paid_at"],
      rows: payments,
    },
  ];
  return { tables, leaks };
}

/** Vendors that the log names and 120 others; no two alike, though some share a first word and a trade. */
function vendorsOf(random: Random, names: readonly string[]): Vendor[] {
  const all = new Set(names);
  while (all.size < names.length + 120) all.add(`${random.pick(FIRST)} ${random.pick(SECOND)}`);
  return [...all].map((name, i) => ({
    id: `V${1001 + i}`,
    name,
    tax: `DE${random.below(9e8) + 1e8}`,
    bank: bankAccount(random),
    city: random.pick(CITIES),
    country: random.pick(COUNTRIES),
    terms: random.pick(TERMS),
  }));
}

const bankAccount = (random: Random) =>
  `DE${10 + random.below(89)}${String(random.below(1e9)).padStart(18, "5")}`;

/** What is no duplicate: a rent under one reference every month, instalments, neighbouring numbers of one day, a credit note with the corrected invoice. */
function ordinaryLookalikes(
  random: Random,
  vendors: readonly Vendor[],
  from: number,
  enter: (fields: InvoiceEntry) => number,
): void {
  let id = 70_000;
  const plain = (vendor: Vendor, reference: string, time: number, amount: number) => {
    enter({
      id: `INV${id++}`,
      vendor,
      reference,
      time,
      amount,
      caseId: "",
      ordered: amount,
      received: amount,
    });
  };
  const [landlord, leasing, courier, printer] = random.shuffle([...vendors]).slice(0, 4);
  for (let month = 0; month < 8; month++) plain(landlord, "RENT-2024", from + month * 30.4 * DAY, 4200);
  for (let part = 0; part < 4; part++) plain(leasing, `L-88${part}1/4`, from + part * 61 * DAY, 1875.5);
  for (let k = 0; k < 6; k++) plain(courier, `C-${30_011 + k}`, from + 40 * DAY, 18.9);
  plain(printer, "P-5512", from + 60 * DAY, 731.25);
  plain(printer, "P-5512", from + 70 * DAY, -731.25);
  plain(printer, "P-5512", from + 71 * DAY, 731.25);
}

function reports(random: Random, isClean: boolean): { tables: WrittenTable[]; leaks: RecordLeak[] } {
  const names = [
    "Liquidity forecast",
    "Open items by entity",
    "Cost centre variance",
    "Intercompany balances",
    "Fixed asset movements",
    "Accruals overview",
    "Tax provision summary",
    "Journal statistics",
    "Margin by product",
    "Headcount cost",
    "Overdue receivables",
    "Audit adjustments",
  ];
  const unused = new Set(isClean ? [] : random.shuffle([...names]).slice(0, 1 + random.below(3)));
  const now = Date.UTC(2025, 8, 1);
  const rows = names.map((name, i) => {
    const idle = unused.has(name);
    const gone = idle && random.chance(0.5);
    return [
      name,
      idle && !gone ? random.pick(["", "none", "for information"]) : `Decide on ${name.toLowerCase()}`,
      `Controller ${1 + (i % 3)}`,
      iso(now - (gone ? 400 + random.below(300) : random.below(60)) * DAY),
      (0.5 + random.below(12) / 2).toFixed(1),
      String(random.pick([12, 12, 4, 52])),
    ];
  });
  return {
    tables: [
      {
        name: "reports",
        headings: ["report", "decision", "owner", "last_used", "hours", "runs_per_year"],
        rows,
      },
    ],
    leaks: [...unused].map((name) => ({
      detector: "report-without-decision",
      subjects: [name],
      records: [],
      note: `nobody decides by "${name}"`,
    })),
  };
}
