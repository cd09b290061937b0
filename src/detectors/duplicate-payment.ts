import { numberOf, recordColumn, textOf, timeOf, type RecordTable } from "../eventlog/record-table.ts";
import {
  isTransposition,
  jaroWinkler,
  normaliseCode,
  normaliseCompany,
  withoutLookalikes,
} from "../matching/similarity.ts";
import { withFirst } from "../matching/first-of-group.ts";
import { costOf, defineDetector, type Observation } from "./detector.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { needsTable } from "../evidence/needs.ts";
import { INVOICES, PAYMENTS, VENDORS } from "../evidence/table-names.ts";

const DAY = 86_400_000;

/** What two invoices that look like one have in common, or nearly. */
type Pattern =
  | "all equal"
  | "similar reference"
  | "similar vendor"
  | "other vendor number"
  | "similar amount"
  | "other date";

interface Invoices {
  table: RecordTable;
  count: number;
  id: (r: number) => string;
  /** plain reference as number; 0 for none */
  reference: Uint32Array;
  referenceText: string[];
  /** vendor as number, vendors known to be one counted as one; 0 for none */
  vendor: Uint32Array;
  vendorName: (r: number) => string;
  cents: Float64Array;
  day: Float64Array;
  currency: Uint32Array;
  currencies: string[];
  /** 1 for credit notes, reversed and recurring invoices, and those without an amount */
  aside: Uint8Array;
}

/**
 * Finds invoices entered, and perhaps paid, twice. Of reference, vendor, amount and date three are equal and
 * the fourth equal or nearly so: the reference but for punctuation, leading zeros, a few extra characters,
 * look-alikes or swapped characters; the vendor but for its legal form, or under another number; the amount
 * but for swapped digits, a slipped decimal or the tax; the date. Left out are credit notes and what they
 * reverse, and references that a vendor repeats at regular intervals (rent, instalments).
 *
 * One finding per currency and table; `records` are pairs of the first and each further one. What was paid
 * twice is cash (the smaller of the two); where no payment is known it is exposure. One sort by reference and
 * one by vendor, amount and date: n log n.
 *
 * Sources: SAP and Celonis patterns of duplicate invoices (reference/detectors, 1 to 8).
 */
export const duplicatePayment = defineDetector({
  id: "duplicate-payment",
  category: "data and reporting",
  title: "Invoices entered or paid twice",
  question: "Which invoices were entered or paid twice?",
  remedy: {
    text: "Get the money back, and let the system check reference, vendor and amount before it pays.",
    effort: "weeks",
    decides: "head of accounts payable",
  },
  options: { minPairs: 1, maxDays: 400, nearDays: 7 },

  missing: (evidence) => needsTable(evidence, INVOICES, "invoices", ["amount"]),

  detect(evidence, { minPairs, maxDays, nearDays }) {
    return evidence.distinctTables(INVOICES).flatMap((table) => {
      if (!table.roles.has("amount") || (!table.roles.has("reference") && !table.roles.has("vendor_id")))
        return [];
      const invoices = readInvoices(evidence, table);
      const pairs = new Map<string, { first: number; second: number; pattern: Pattern }>();
      const add = (a: number, b: number, pattern: Pattern) => {
        const [first, second] =
          invoices.day[a] <= invoices.day[b] || Number.isNaN(invoices.day[a]) ? [a, b] : [b, a];
        const key = `${first}/${second}`;
        if (!pairs.has(key)) pairs.set(key, { first, second, pattern });
      };
      sameReference(invoices, maxDays, nearDays, add);
      sameVendorAmountDate(invoices, add);
      return observe(evidence, invoices, distinctPairs(invoices, [...pairs.values()]), minPairs);
    });
  },
});

function readInvoices(evidence: Evidence, table: RecordTable): Invoices {
  const count = table.rowCount;
  const column = (role: Parameters<typeof recordColumn>[1]) => recordColumn(table, role);
  const [reference, vendorId, vendorName, amount, date, currency, kind, reverses] = (
    ["reference", "vendor_id", "vendor_name", "amount", "date", "currency", "kind", "reverses"] as const
  ).map(column);
  const key = table.columns.find(({ name }) => name === table.key);
  const id = (r: number) => textOf(key, r) || String(r + 1);
  const numbered = (read: (r: number) => string) => {
    const known = new Map<string, number>([["", 0]]);
    const codes = new Uint32Array(count);
    const cache = new Map<string, number>();
    for (let r = 0; r < count; r++) {
      const raw = read(r);
      let code = cache.get(raw);
      if (code === undefined) {
        code = known.get(raw) ?? known.size;
        known.set(raw, code);
        cache.set(raw, code);
      }
      codes[r] = code;
    }
    return { codes, values: [...known.keys()] };
  };
  const plainOf = new Map<string, string>();
  const plainReference = (text: string) => {
    let plain = plainOf.get(text);
    if (plain === undefined) plainOf.set(text, (plain = normaliseCode(text)));
    return plain;
  };
  const references = numbered((r) => plainReference(textOf(reference, r)));
  const sameVendor = vendorsKnownAsOne(evidence);
  const companyOf = new Map<string, string>();
  const company = (name: string) => {
    let plain = companyOf.get(name);
    if (plain === undefined) companyOf.set(name, (plain = normaliseCompany(name)));
    return plain;
  };
  const vendors = numbered((r) => {
    const own = textOf(vendorId, r);
    return own === "" ? `name ${company(textOf(vendorName, r))}` : (sameVendor.get(own) ?? own);
  });
  const currencies = numbered((r) => textOf(currency, r).trim().toUpperCase());
  const cents = Float64Array.from({ length: count }, (_, r) => Math.round(numberOf(amount, r) * 100));
  const day = Float64Array.from({ length: count }, (_, r) => Math.floor(timeOf(date, r) / DAY));
  const invoices: Invoices = {
    table,
    count,
    id,
    reference: references.codes,
    referenceText: references.values,
    vendor: vendors.codes,
    vendorName: (r) => company(textOf(vendorName, r)),
    cents,
    day,
    currency: currencies.codes,
    currencies: currencies.values,
    aside: new Uint8Array(count),
  };
  for (let r = 0; r < count; r++)
    if (!(cents[r] > 0) || /credit|gutschrift|avoir|reversal|storno|abono/i.test(textOf(kind, r)))
      invoices.aside[r] = 1;
  setReversedAside(invoices, (r) => textOf(reverses, r));
  setRecurringAside(invoices);
  return invoices;
}

/**
 * Vendor ids that a table of vendors shows to be one, by tax number or bank account and name; each with the
 * first of them.
 */
function vendorsKnownAsOne(evidence: Evidence): Map<string, string> {
  const one = new Map<string, string>();
  for (const table of evidence.tables(VENDORS)) {
    const [id, tax, bank] = (["vendor_id", "tax_id", "bank_account"] as const).map((role) =>
      recordColumn(table, role),
    );
    const known = new Map<string, string>();
    for (let r = 0; r < table.rowCount; r++) {
      const own = textOf(id, r);
      for (const key of [normaliseCode(textOf(tax, r)), normaliseCode(textOf(bank, r))]) {
        if (key.length < 6 || own === "") continue;
        const first = known.get(key);
        if (first === undefined) known.set(key, one.get(own) ?? own);
        else if (first !== own) one.set(own, first);
      }
    }
  }
  return one;
}

/**
 * A credit note of the same vendor and amount that names an invoice, or has its reference, takes that invoice
 * out.
 */
function setReversedAside(invoices: Invoices, reverses: (r: number) => string): void {
  const { count, cents, vendor, reference, referenceText, aside, id } = invoices;
  const named = new Set<string>();
  const credits = new Map<string, number[]>();
  for (let r = 0; r < count; r++) {
    if (reverses(r) !== "") named.add(reverses(r));
    if (!(cents[r] < 0) && aside[r] === 0) continue;
    const key = `${vendor[r]}/${Math.abs(cents[r])}`;
    const list = credits.get(key);
    if (list) list.push(r);
    else credits.set(key, [r]);
  }
  if (credits.size === 0 && named.size === 0) return;
  for (let r = 0; r < count; r++) {
    if (aside[r]) continue;
    if (named.has(id(r))) aside[r] = 1;
    const list = credits.get(`${vendor[r]}/${cents[r]}`);
    const own = referenceText[reference[r]];
    const at = list?.findIndex(
      (c) => own !== "" && (reference[c] === reference[r] || referenceText[reference[c]].includes(own)),
    );
    if (list && at !== undefined && at >= 0) {
      aside[r] = 1;
      list.splice(at, 1);
    }
  }
}

/**
 * Three or more of one vendor, reference and amount, each at least 20 days after the other, come by contract.
 */
function setRecurringAside(invoices: Invoices): void {
  const { count, vendor, reference, cents, day, aside } = invoices;
  const groups = new Map<string, number[]>();
  for (let r = 0; r < count; r++) {
    if (aside[r] || reference[r] === 0) continue;
    const key = `${vendor[r]}/${reference[r]}/${cents[r]}`;
    const group = groups.get(key);
    if (group) group.push(r);
    else groups.set(key, [r]);
  }
  for (const group of groups.values()) {
    if (group.length < 3) continue;
    const days = group.map((r) => day[r]).sort((a, b) => a - b);
    if (days.slice(1).every((d, i) => d - days[i] >= 20)) for (const r of group) aside[r] = 1;
  }
}

/** Pairs of one reference. */
function sameReference(
  invoices: Invoices,
  maxDays: number,
  nearDays: number,
  add: (a: number, b: number, pattern: Pattern) => void,
): void {
  const { count, reference, referenceText, vendor, vendorName, cents, day, currency, aside } = invoices;
  const order = Uint32Array.from({ length: count }, (_, r) => r)
    .filter((r) => reference[r] !== 0 && !aside[r])
    .sort((a, b) => reference[a] - reference[b] || cents[a] - cents[b] || a - b);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && reference[order[to]] === reference[order[from]]) to++;
    const text = referenceText[reference[order[from]]];
    const telling = text.length >= 5 && /\d{3}/.test(text);
    // a "reference" that hundreds of invoices have is none; only its equal amounts are compared
    for (let i = from; i < to; i++) {
      for (let j = i + 1; j < Math.min(to, i + 40); j++) {
        const [a, b] = [order[i], order[j]];
        const equalAmount = cents[a] === cents[b];
        if (!equalAmount && to - from > 200) break;
        if (currency[a] !== currency[b]) continue;
        const apart = Math.abs(day[a] - day[b]) || 0;
        if (apart > maxDays) continue;
        if (vendor[a] === vendor[b]) {
          if (equalAmount) add(a, b, apart === 0 ? "all equal" : "other date");
          else if (apart <= nearDays && isNearlyAmount(cents[a], cents[b])) add(a, b, "similar amount");
        } else if (equalAmount && apart <= 60) {
          const [x, y] = [vendorName(a), vendorName(b)];
          if (x !== "" && y !== "" && (x === y || jaroWinkler(x, y) >= 0.92)) add(a, b, "similar vendor");
          // the same figures under two numbers: not by chance, unless short or round
          else if (telling && to - from <= 4 && cents[a] % 5000 !== 0 && apart <= nearDays)
            add(a, b, "other vendor number");
        }
      }
    }
    from = to;
  }
}

/** Pairs of one vendor, amount and date (give or take two days) with references that are nearly one. */
function sameVendorAmountDate(
  invoices: Invoices,
  add: (a: number, b: number, pattern: Pattern) => void,
): void {
  const { count, reference, referenceText, vendor, cents, day, currency, aside } = invoices;
  const order = Uint32Array.from({ length: count }, (_, r) => r)
    .filter((r) => reference[r] !== 0 && vendor[r] !== 0 && !aside[r] && !Number.isNaN(day[r]))
    .sort((a, b) => vendor[a] - vendor[b] || cents[a] - cents[b] || day[a] - day[b] || a - b);
  for (let i = 0; i < order.length; i++) {
    const a = order[i];
    for (let j = i + 1; j < Math.min(order.length, i + 40); j++) {
      const b = order[j];
      if (vendor[a] !== vendor[b] || cents[a] !== cents[b] || day[b] - day[a] > 2) break;
      if (currency[a] !== currency[b] || reference[a] === reference[b]) continue;
      if (isNearlyReference(referenceText[reference[a]], referenceText[reference[b]]))
        add(a, b, "similar reference");
    }
  }
}

/** Whether two references are one written differently; neighbouring numbers are two invoices. */
function isNearlyReference(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const extra = long.length - short.length;
  if (extra > 0)
    return (
      short.length >= 3 && extra <= 3 && /\d/.test(short) && (long.startsWith(short) || long.endsWith(short))
    );
  if (withoutLookalikes(a) === withoutLookalikes(b)) return true;
  if (a.length >= 5 && isTransposition(a, b)) return true;
  const different = Array.from(a).flatMap((character, i) => (character === b[i] ? [] : [i]));
  return a.length >= 5 && different.length === 1 && different[0] < a.length - 2 && /\d/.test(a[different[0]]);
}

/** Whether two amounts differ as by a slip: two neighbouring digits swapped, the decimal, or the tax. */
function isNearlyAmount(a: number, b: number): boolean {
  if (isTransposition(String(a), String(b))) return true;
  const ratio = Math.max(a, b) / Math.min(a, b);
  return [10, 100, 1000, 1.19, 1.2, 1.21, 1.22, 1.23, 1.24, 1.25, 1.07, 1.1].some(
    (factor) => Math.abs(ratio / factor - 1) < 2 / Math.min(a, b),
  );
}

interface FoundPair {
  first: number;
  second: number;
  pattern: Pattern;
}

/** Of several entries of one invoice each further one is paired with the first, once. */
function distinctPairs({ day }: Invoices, pairs: FoundPair[]): FoundPair[] {
  const isBefore = (a: number, b: number) =>
    (day[a] || 0) < (day[b] || 0) || ((day[a] || 0) === (day[b] || 0) && a < b);
  return withFirst(
    pairs.map(({ first, second, pattern }) => ({ a: first, b: second, because: pattern })),
    isBefore,
  ).map(({ first, other, because }) => ({ first, second: other, pattern: because }));
}

function observe(
  evidence: Evidence,
  invoices: Invoices,
  pairs: FoundPair[],
  minPairs: number,
): Observation[] {
  const { table, id, cents, currency, currencies } = invoices;
  const paid = paymentsOf(evidence, table);
  const twice = paid ? paidMoreThanOnce(invoices, paid) : [];
  const used = new Set(pairs.flatMap(({ first, second }) => [currency[first], currency[second]]));
  for (const { row } of twice) used.add(currency[row]);
  return [...used].flatMap((code): Observation[] => {
    const own = pairs.filter(({ first }) => currency[first] === code);
    const again = twice.filter(({ row }) => currency[row] === code);
    if (own.length + again.length < minPairs) return [];
    const amounts: [number, number][] = [];
    let avoided = 0;
    for (const { first, second } of own) {
      const amount = Math.min(cents[first], cents[second]) / 100;
      if (!paid) amounts.push([second, amount]);
      else if (paid.get(id(first)) && paid.get(id(second))) amounts.push([second, amount]);
      else avoided += amount;
    }
    for (const { row, surplus } of again) amounts.push([row, surplus]);
    const patterns = new Map<string, number>();
    for (const { pattern } of own) patterns.set(pattern, (patterns.get(pattern) ?? 0) + 1);
    const rows = own.flatMap(({ first, second }) => [first, second]).concat(again.map(({ row }) => row));
    const counted = own.length + again.length;
    const cash = paid ? `, ${amounts.length} of them paid` : "";
    return [
      {
        subject: table.name,
        statement: `${counted} of ${table.rowCount} ${table.name} look like ones entered before${cash}.`,
        cases: evidence.casesOfRecords(table, rows),
        outOf: evidence.log.caseCount,
        counted: { unit: table.name, count: counted, outOf: table.rowCount },
        records: [
          ...own.map(({ first, second }): [string, string] => [id(first), id(second)]),
          ...again.map(({ row }): [string, string] => [id(row), id(row)]),
        ],
        people: [],
        cost:
          amounts.length === 0
            ? undefined
            : {
                ...costOf(
                  paid ? "cash" : "exposure",
                  paid
                    ? "amounts paid twice (the smaller of each pair), before the effort to get them back"
                    : "amounts of the second entries; whether they were paid is not visible without a table of payments",
                  dedupe(amounts),
                ),
                table,
                currency: currencies[code] || undefined,
              },
        facts: [
          ...[...patterns].map(([pattern, n]): [string, string] => [
            PATTERN_WORDS[pattern as Pattern],
            String(n),
          ]),
          ...(again.length > 0
            ? [["one invoice paid more than once", String(again.length)] as [string, string]]
            : []),
          ...(avoided > 0 ? [["not paid twice yet", avoided.toFixed(2)] as [string, string]] : []),
        ],
      },
    ];
  });
}

function dedupe(amounts: [number, number][]): [number, number][] {
  const largest = new Map<number, number>();
  for (const [row, amount] of amounts) largest.set(row, Math.max(largest.get(row) ?? 0, amount));
  return [...largest];
}

const PATTERN_WORDS: Record<Pattern, string> = {
  "all equal": "reference, vendor, amount and date equal",
  "similar reference": "reference written differently",
  "similar vendor": "vendor written differently",
  "other vendor number": "under another vendor number",
  "similar amount": "amount slipped",
  "other date": "at another date",
};

/** What was paid for each invoice id; undefined where no payments are known. */
function paymentsOf(evidence: Evidence, table: RecordTable): Map<string, number> | undefined {
  const paidAt = recordColumn(table, "paid_at");
  const payments = evidence
    .tables(PAYMENTS)
    .find(({ roles }) => roles.has("invoice_id") && roles.has("amount"));
  const paid = new Map<string, number>();
  if (payments) {
    const [of, amount] = [recordColumn(payments, "invoice_id"), recordColumn(payments, "amount")];
    for (let r = 0; r < payments.rowCount; r++)
      paid.set(textOf(of, r), (paid.get(textOf(of, r)) ?? 0) + (numberOf(amount, r) || 0));
    return paid;
  }
  if (!paidAt) return undefined;
  const key = table.columns.find(({ name }) => name === table.key);
  const amount = recordColumn(table, "amount");
  for (let r = 0; r < table.rowCount; r++)
    if (!Number.isNaN(timeOf(paidAt, r))) paid.set(textOf(key, r) || String(r + 1), numberOf(amount, r));
  return paid;
}

/** Invoices for which nearly twice their amount, or more, was paid. */
function paidMoreThanOnce(
  { count, id, cents, aside }: Invoices,
  paid: ReadonlyMap<string, number>,
): { row: number; surplus: number }[] {
  const found: { row: number; surplus: number }[] = [];
  for (let row = 0; row < count; row++) {
    const total = (paid.get(id(row)) ?? 0) * 100;
    if (!aside[row] && total >= cents[row] * 1.9) found.push({ row, surplus: (total - cents[row]) / 100 });
  }
  return found;
}
