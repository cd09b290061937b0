/** A folder of src/: what it makes, and from which others it may take. */
export interface Folder {
  /** in a few words, for the picture of the house */
  makes: string;
  imports: readonly string[];
  /** folders that it may import for their types alone (`import type`): nothing of them runs in it */
  typesOf?: readonly string[];
  /** no clock, no randomness without a seed, no input or output */
  pure?: true;
}

/**
 * The house: which folder may import which, in the order of the data. Every folder may import itself,
 * src/input-error.ts and src/figures.ts.
 */
export const HOUSE: Record<string, Folder> = {
  statistics: { makes: "intervals, tests, seeded randomness", imports: [], pure: true },
  matching: { makes: "records that are the same", imports: ["statistics"], pure: true },
  model: { makes: "process trees, Petri nets, BPMN", imports: [], pure: true },
  threads: { makes: "work in threads and child processes", imports: [] },
  formats: { makes: "files → rows", imports: ["eventlog", "threads"] },
  documents: { makes: "documents → text", imports: ["threads"] },
  eventlog: { makes: "rows → columns", imports: ["statistics"], pure: true },
  discovery: { makes: "what really happens", imports: ["model", "eventlog", "statistics"], pure: true },
  description: { makes: "what people say happens", imports: ["model", "eventlog"], pure: true },
  evidence: {
    makes: "log, records, description: one room",
    imports: ["eventlog", "discovery", "description", "statistics"],
    pure: true,
  },
  conformance: {
    makes: "where cases leave the description",
    imports: ["model", "discovery", "description", "eventlog", "statistics", "threads"],
    pure: true,
  },
  prediction: {
    makes: "what becomes of running cases",
    imports: ["discovery", "eventlog", "statistics"],
    pure: true,
  },
  drawing: { makes: "pictures of maps and models", imports: ["model", "discovery"], pure: true },
  detectors: {
    makes: "findings",
    imports: ["evidence", "eventlog", "description", "matching", "statistics"],
    pure: true,
  },
  audit: {
    makes: "claims, verdicts, money",
    imports: ["detectors", "evidence", "conformance", "description", "model", "eventlog", "statistics"],
    pure: true,
  },
  wording: {
    makes: "values → words people read",
    imports: ["audit", "evidence", "description"],
    pure: true,
  },
  readiness: {
    makes: "may AI do a step yet; the gate",
    imports: ["wording", "audit", "evidence", "description", "eventlog", "statistics"],
    pure: true,
  },
  outcomes: {
    makes: "measures before and after",
    imports: ["evidence", "eventlog", "statistics"],
    pure: true,
  },
  implementations: {
    makes: "requirements, gaps, promises",
    imports: ["outcomes", "wording", "readiness", "audit", "evidence", "description", "statistics"],
    pure: true,
  },
  judgement: {
    makes: "evidence + what was said → judgement",
    imports: ["implementations", "readiness", "audit", "evidence"],
    pure: true,
  },
  "what-if": {
    makes: "simulations fitted to a log",
    imports: ["detectors", "evidence", "discovery", "eventlog", "statistics"],
    pure: true,
  },
  exploration: {
    makes: "one question that a page asks of a log",
    imports: [
      "what-if",
      "outcomes",
      "drawing",
      "conformance",
      "evidence",
      "discovery",
      "description",
      "eventlog",
      "statistics",
    ],
    pure: true,
  },
  reports: {
    makes: "what people read outside the pages",
    imports: ["wording", "implementations", "readiness", "audit", "detectors", "description"],
  },
  simulate: { makes: "organisations with planted leaks", imports: ["statistics"] },
  store: {
    makes: "tables, migrations, files",
    imports: ["outcomes", "eventlog"],
    // what is kept has the shape that the domain gives it: a changed finding does not compile at whoever
    // reads one
    typesOf: ["implementations", "readiness", "audit", "description", "formats"],
  },
  jobs: {
    makes: "background work",
    imports: [
      "wording",
      "store",
      "reports",
      "implementations",
      "judgement",
      "readiness",
      "audit",
      "evidence",
      "description",
      "formats",
      "eventlog",
      "threads",
    ],
  },
  server: {
    makes: "the HTTP API",
    imports: [
      "wording",
      "jobs",
      "store",
      "simulate",
      "reports",
      "exploration",
      "outcomes",
      "implementations",
      "readiness",
      "audit",
      "evidence",
      "description",
      "eventlog",
      "documents",
      "formats",
      "threads",
    ],
  },
  web: { makes: "the pages; knows the API alone", imports: [] },
  cli: {
    makes: "the command line",
    imports: [
      "wording",
      "evidence",
      "server",
      "jobs",
      "store",
      "simulate",
      "reports",
      "judgement",
      "readiness",
      "audit",
      "detectors",
      "drawing",
      "prediction",
      "conformance",
      "discovery",
      "description",
      "model",
      "eventlog",
      "documents",
      "formats",
      "statistics",
    ],
  },
};

/** Imports without those that another import brings along: what is left of a drawing that people can read. */
export function withoutDetours(house: Readonly<Record<string, Pick<Folder, "imports">>>): [string, string][] {
  const reached = new Map<string, Set<string>>();
  const reach = (folder: string): Set<string> => {
    const known = reached.get(folder);
    if (known) return known;
    const all = new Set<string>();
    for (const other of house[folder].imports) {
      all.add(other);
      reach(other).forEach((far) => all.add(far));
    }
    reached.set(folder, all);
    return all;
  };
  return Object.entries(house).flatMap(([folder, { imports }]) =>
    imports
      .filter((one) => !imports.some((other) => other !== one && reach(other).has(one)))
      .map((one): [string, string] => [folder, one]),
  );
}

/** How many storeys of others a folder stands on. */
function storeysOf(house: Readonly<Record<string, Pick<Folder, "imports">>>): Map<string, number> {
  const storeys = new Map<string, number>();
  const storeyOf = (folder: string): number => {
    const known = storeys.get(folder);
    if (known !== undefined) return known;
    const storey = Math.max(-1, ...house[folder].imports.map(storeyOf)) + 1;
    storeys.set(folder, storey);
    return storey;
  };
  Object.keys(house).forEach(storeyOf);
  return storeys;
}

const [WIDTH, HEIGHT, GAP, ROW] = [252, 58, 12, 74];

/**
 * The house as an SVG picture, a row for each storey: the ground is above, and a folder takes only from rows
 * above its own; its last line names what it stands on directly. Pure folders are white, those that touch the
 * world are tinted.
 */
export function drawHouse(house: Readonly<Record<string, Folder>>): string {
  const storeys = storeysOf(house);
  // the pages stand on the API without importing it
  storeys.set("web", storeys.get("server")! + 1);
  const rows = Array.from({ length: Math.max(...storeys.values()) + 1 }, (_, storey) =>
    Object.keys(house).filter((folder) => storeys.get(folder) === storey),
  );
  const most = Math.max(...rows.map(({ length }) => length));
  const width = most * (WIDTH + GAP) + GAP;
  const direct = withoutDetours(house);
  const boxes = rows.flatMap((row, storey) =>
    row.map((folder, i) => {
      const { makes, pure } = house[folder];
      const on =
        folder === "web"
          ? "server, by its API"
          : direct.flatMap(([from, to]) => (from === folder ? [to] : [])).join(", ");
      const left = (width - row.length * (WIDTH + GAP) + GAP) / 2 + i * (WIDTH + GAP);
      const top = GAP + storey * ROW;
      const middle = left + WIDTH / 2;
      const line = (y: number, text: string, more: string) =>
        `<text x="${middle}" y="${top + y}" ${more}>${text}</text>`;
      return [
        `<rect x="${left}" y="${top}" width="${WIDTH}" height="${HEIGHT}" rx="5" stroke="#77818d" stroke-width="0.8" fill="${pure ? "#ffffff" : "#e8eef6"}"/>`,
        line(18, folder, 'font-weight="600"'),
        line(34, makes, 'font-size="11"'),
        on === "" ? "" : line(49, `on ${on}`, 'font-size="10" fill="#56606b"'),
      ].join("");
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${rows.length * ROW + GAP}" font-family="system-ui, sans-serif" font-size="13" text-anchor="middle" fill="#17202a">`,
    `<title>The folders of src/, each below what it stands on</title>`,
    `<rect width="100%" height="100%" fill="#fbfcfd"/>`,
    ...boxes,
    `</svg>\n`,
  ].join("\n");
}
