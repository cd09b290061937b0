import { Random } from "../statistics/random.ts";
import { DAY } from "./people.ts";
import { amountMismatch } from "./plants/amount-mismatch.ts";
import { conflictingSources } from "./plants/conflicting-sources.ts";
import { latePayments } from "./plants/deadline-missed.ts";
import { duplicatePayment } from "./plants/duplicate-payment.ts";
import { duplicateVendor } from "./plants/duplicate-vendor.ts";
import { inconsistentCountries } from "./plants/inconsistent-entry.ts";
import { bankAccount, type InvoiceEntry, type Vendor } from "./plants/invoices.ts";
import { missingDueDates } from "./plants/missing-data.ts";
import type { RecordLeak, RecordPlant } from "./plants/plant.ts";
import { reportWithoutDecision } from "./plants/report-without-decision.ts";
import type { SimulatedProcess } from "./simulate.ts";

/** A record table as it will be written. */
export interface WrittenTable {
  /** "vendors@erp" for one of two versions */
  name: string;
  headings: string[];
  rows: string[][];
}

/**
 * The records beside a process: vendors of two systems, invoices with orders and receipts, and payments
 * beside purchase to pay; a register of reports beside the close. Unless the process is clean, with
 * duplicates, mismatches, conflicts and gaps; with what looks alike and is right in either: rent,
 * instalments, credit notes, vendors of similar names.
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
const CITIES = ["Hamburg", "Lyon", "Utrecht", "Graz", "Leeds", "Malmö", "Gent", "Turin"];
const COUNTRIES = ["Germany", "France", "Netherlands", "Austria", "United Kingdom", "Sweden"];
const TERMS = ["net 14", "net 30", "net 45", "net 60"];

function purchases(
  random: Random,
  { plan, cases, isClean }: SimulatedProcess,
): { tables: WrittenTable[]; leaks: RecordLeak[] } {
  const leaks: RecordLeak[] = [];
  const tell = ({ detector }: RecordPlant, subjects: string[], records: [string, string][], note: string) => {
    if (records.length > 0) leaks.push({ detector, subjects, records, note });
  };
  const each = (ids: string[]) => ids.map((id): [string, string] => [id, id]);
  const does = () => !isClean && random.chance(0.85);
  const [amountName, vendorName] = [plan.attributes[0].name, plan.attributes[1].name];
  const vendors = vendorsOf(random, plan.attributes[1].values!);
  const named = new Map(vendors.map((vendor) => [vendor.name, vendor]));

  const copies = does() ? duplicateVendor.copies(random, vendors) : [];
  tell(
    duplicateVendor,
    ["vendors"],
    copies.map(({ of, copy }): [string, string] => [of, copy.id]),
    "the same vendor under two numbers",
  );
  const all = [...vendors, ...copies.map(({ copy }) => copy)];

  const invoices: string[][] = [];
  const payments: string[][] = [];
  const twice: [string, string][] = [];
  const mismatched: [string, string][] = [];
  const late: [string, string][] = [];
  const [duplicates, mismatches, paysLate] = [does(), does(), does()];
  const isLate = latePayments.share(random);
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
      ({ ordered, received } = amountMismatch.less(random, amount));
      mismatched.push([id, id]);
    } else if (random.chance(0.05)) ordered = amount * (1 + 0.004 * (2 * random.next() - 1));
    const overdue = paysLate && random.chance(isLate);
    if (overdue) late.push([id, id]);
    const paidAt = overdue ? latePayments.paidAt(random, time) : undefined;
    const entry = { id, vendor, reference, time, amount, caseId: c.id, ordered, received, paidAt };
    enter(entry);
    if (duplicates && random.chance(0.008)) {
      const again = duplicatePayment.again(random, entry, `INV${90_000 + c.number}`);
      enter(again);
      twice.push([id, again.id]);
    }
  }
  ordinaryLookalikes(random, vendors, cases[0]?.arrived ?? 0, enter);
  tell(duplicatePayment, ["invoices"], twice, "invoices entered and paid twice, in several spellings");
  tell(amountMismatch, ["invoices", "amount"], mismatched, "billed more than ordered or received");
  if (late.length >= 10) tell(latePayments, ["invoices", "due_date"], late, "paid weeks after the due date");

  if (does()) {
    const emptied = missingDueDates.empty(random, invoices, 10);
    tell(missingDueDates, ["due_date"], each(emptied), "invoices without a due date");
  }
  const vendorRows = all.map((v) => [v.id, v.name, v.tax, v.bank, v.city, v.country, v.terms]);
  if (does()) {
    const odd = inconsistentCountries.respell(random, vendorRows, 5);
    if (odd.length >= 4)
      tell(inconsistentCountries, ["country"], each(odd), "countries in several spellings");
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
    const changed = conflictingSources.changeAccounts(random, other, 3);
    tell(
      conflictingSources,
      ["bank_account", "vendors"],
      each(changed),
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

/**
 * What is no duplicate: a rent under one reference every month, instalments, neighbouring numbers of one day,
 * a credit note with the corrected invoice.
 */
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
  const unused = new Set(isClean ? [] : reportWithoutDecision.choose(random, names));
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
      detector: reportWithoutDecision.detector,
      subjects: [name],
      records: [],
      note: `nobody decides by "${name}"`,
    })),
  };
}
