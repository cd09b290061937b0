import { Random } from "../../src/statistics/random.ts";
import { MONDAY, type TestRow } from "../log-of.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** 09:00 on the n-th working day from Monday 6 January 2025 on. */
export const workday = (n: number): number => MONDAY + (Math.floor(n / 5) * 7 + (n % 5)) * DAY;

/**
 * Rows drawn as text, one string a case, c0 first: "Approve_request/boss+3d" is "Approve request" by boss,
 * three days after the event before it (s, m, h, d; an hour without it; +0h for the same moment). Case n
 * begins at 09:00 on working day n, or when `begin` says.
 */
export function draw(cases: readonly string[], begin: (c: number) => number = workday): TestRow[] {
  const length = { s: 1000, m: MINUTE, h: HOUR, d: DAY };
  return cases.flatMap((text, c) => {
    let time = begin(c) - HOUR;
    return text
      .split(" ")
      .filter((word) => word !== "")
      .map((word): TestRow => {
        const [, activity, person, amount, unit] = /^([^/+]+)(?:\/([^+]+))?(?:\+([\d.]+)([smhd]))?$/.exec(
          word,
        )!;
        time += amount === undefined ? HOUR : Number(amount) * length[unit as keyof typeof length];
        return { case: `c${c}`, activity: activity.replaceAll("_", " "), person, time };
      });
  });
}

/** So many cases, each as the function draws it. */
export const times = (n: number, text: (c: number) => string): string[] =>
  Array.from({ length: n }, (_, c) => text(c));

/** The same number in every row. */
export const withAmount = (rows: readonly TestRow[], amount: (c: number) => number = () => 100): TestRow[] =>
  rows.map((row) => ({ ...row, amount: amount(Number(row.case.slice(1))) }));

/**
 * A plain process: request, check, approve, pay; a case every two hours, steps some minutes apart, three
 * people a role.
 */
export function plain(
  cases: number,
  change: (rows: TestRow[], c: number) => TestRow[] = (rows) => rows,
): TestRow[] {
  const random = new Random(3);
  return Array.from({ length: cases }, (_, c) => {
    const begin = MONDAY + Math.floor(c / 4) * DAY + Math.floor(c / 20) * 2 * DAY + (c % 4) * 2 * HOUR;
    const steps: [string, string, number][] = [
      ["Request", `req${random.below(6)}`, 0],
      ["Check", `clerk${random.below(3)}`, 25 + random.below(20)],
      ["Approve request", `boss${random.below(3)}`, 60 + random.below(30)],
      ["Pay", `treasury${random.below(3)}`, 110 + random.below(30)],
    ];
    const rows = steps.map(([activity, person, after]): TestRow => ({
      case: `c${c}`,
      activity,
      person,
      role: person.replace(/\d/, ""),
      time: begin + after * MINUTE + random.below(60) * 1000,
      amount: 100 + c,
    }));
    return change(rows, c);
  }).flat();
}

/** What people say a purchase is. */
export const PURCHASE = {
  process: "Purchase",
  roles: {
    Requester: ["*"],
    Boss: ["boss0", "boss1"],
    Clerk: ["clerk0", "clerk1", "clerk2"],
    Buyer: ["buyer0", "buyer1"],
  },
  steps: {
    Request: { role: "Requester" },
    "Approve request": { role: "Boss", approves: "Request", deputy: ["dep"] },
    Order: { role: "Buyer" },
    Check: { role: "Clerk" },
    Pay: { role: "Clerk" },
  },
  flow: ["Request", "Approve request", "Order", "Check", "Pay"],
};

const asDescribed = (c: number): [string, string][] => [
  ["Request", `ann${c % 7}`],
  ["Approve request", `boss${c % 2}`],
  ["Order", `buyer${c % 2}`],
  ["Check", `clerk${c % 3}`],
  ["Pay", `clerk${(c + 1) % 3}`],
];

/** Purchases that go as described, changed case by case; two hours from step to step, one case a day. */
export function purchases(
  change: (steps: [string, string][], c: number) => [string, string][] = (steps) => steps,
  n = 120,
): TestRow[] {
  return rowsOfSteps(Array.from({ length: n }, (_, c) => change(asDescribed(c), c)));
}

/** Rows of cases given as pairs of activity and person. */
export function rowsOfSteps(cases: [activity: string, person: string][][]): TestRow[] {
  return cases.flatMap((steps, c) =>
    steps.map(([activity, person], i): TestRow => ({
      case: `c${c}`,
      activity,
      person,
      time: MONDAY + c * DAY + i * 2 * HOUR + (c % 50) * 1000,
    })),
  );
}

/** Ids of every k-th of n cases. */
export const every = (k: number, n = 120): string[] =>
  Array.from({ length: n }, (_, c) => c)
    .filter((c) => c % k === 0)
    .map((c) => `c${c}`);
