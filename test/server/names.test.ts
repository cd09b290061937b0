import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { extractText } from "unpdf";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { may, type Role } from "../../src/server/rights.ts";
import type { Route } from "../../src/server/route.ts";
import { routes } from "../../src/server/routes/index.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { parseDescription } from "../../src/description/read-description.ts";
import { transact } from "../../src/store/database.ts";
import { addDescription } from "../../src/store/descriptions.ts";
import { addToTrail } from "../../src/store/trail.ts";
import { allEnded, harnessOn, type Client, type Harness } from "./harness.ts";

/** What stood in files and was not taken: for those who may add evidence. */
const CELL = "Maria Canary-7431";
/** Addresses of members and of those who were invited: for those who may see people. */
const ADDRESS = "maria.canary@example.org";
const INVITED = "invited.canary@example.org";
/** What people wrote in their own words, and the names that they gave files: for members. */
const WORDS = "Canary-Words-5150";
const FILE = "canary-file-6262";
/** A value of the evidence that a finding cites: for members, as the cases themselves are. */
const KEPT = "Kept Canary-4040";
/** Who signed a description off, and who is named as deputy in it. */
const SIGNED = "Sina Canary-8123";

interface Reader {
  name: string;
  role: Role;
  client: Client;
}

/** Everything under which something secret may be found, with who may find it where. */
interface Canary {
  what: string;
  texts: string[];
  maySee(role: Role, path: string): boolean;
}

let harness: Harness;
let org: string;
let readers: Reader[];
let canaries: Canary[];
/** values of the parameters of paths, in sets that belong together */
let places: Record<string, string>[];
let admin: Client;
/** a case with records beside it */
let caseId: string;

/** Sends a file, and has it read; what became of it stands in the work list. */
async function send(
  process: string,
  name: string,
  content: Uint8Array | string,
  more: { kind?: string; name?: string; tag?: string; options?: object } = {},
): Promise<string> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const begun = await admin.ask("POST", `/organisations/${org}/uploads`, undefined, {
    "tus-resumable": "1.0.0",
    "upload-length": String(bytes.length),
    "upload-metadata": `filename ${Buffer.from(name).toString("base64")}`,
  });
  const place = begun.headers.get("location")!.replace(/^.*\/api/, "/api");
  const sent = await admin.ask("PATCH", place, new Uint8Array(bytes), {
    "tus-resumable": "1.0.0",
    "upload-offset": "0",
    "content-type": "application/offset+octet-stream",
  });
  expect(sent.status).toBe(204);
  const uploadId = place.split("/").at(-1)!;
  await admin.send("POST", `/organisations/${org}/processes/${process}/imports`, { uploadId, ...more });
  return uploadId;
}

const sheet = (rows: string[][]) =>
  zipSync({
    "[Content_Types].xml": strToU8(
      `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    ),
    "_rels/.rels": strToU8(
      `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    "xl/workbook.xml": strToU8(
      `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    "xl/worksheets/sheet1.xml": strToU8(
      `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows
        .map(
          (cells, r) =>
            `<row r="${r + 1}">${cells.map((cell, c) => `<c r="${String.fromCharCode(65 + c)}${r + 1}" t="inlineStr"><is><t>${cell}</t></is></c>`).join("")}</row>`,
        )
        .join("")}</sheetData></worksheet>`,
    ),
  });

const EVENTS = [
  ["case", "activity", "time", "person"],
  ["c1", "Ask", "2025-03-01T09:00:00Z", "ann"],
  ["c1", "Pay", CELL, "ann"],
];
const csvOf = (rows: string[][]) => rows.map((row) => row.join(",")).join("\n");
const objects = (rows: string[][]) =>
  JSON.stringify([
    ...rows.slice(1).map((row) => Object.fromEntries(row.map((cell, i) => [rows[0][i], cell]))),
    CELL,
  ]);
const xes = (time: string) =>
  `<?xml version="1.0"?><log xes.version="1.0"><trace><string key="concept:name" value="c1"/><event><string key="concept:name" value="Ask"/><date key="time:timestamp" value="2025-03-01T09:00:00Z"/></event><event><string key="concept:name" value="Pay"/><date key="time:timestamp" value="${time}"/></event></trace></log>`;

/** Files that are read with rejections, and files that are refused, of each format. */
const FILES: [name: string, content: Uint8Array | string, more?: Parameters<typeof send>[3]][] = [
  ["strict.csv", csvOf(EVENTS), { name: "strict", options: { strict: true } }],
  ["rejected.csv", csvOf(EVENTS), { name: "rejected" }],
  ["none.csv", csvOf([EVENTS[0], EVENTS[2]]), { name: "none" }],
  ["headless.csv", `${CELL},1,2025-03-01,ann\n2,b,2025-03-01,bob\n`, { name: "headless" }],
  ["one-column.csv", `${CELL}\nx\n`, { name: "one-column" }],
  ["rejected.xlsx", sheet(EVENTS), { name: "sheet" }],
  ["none.xlsx", sheet([EVENTS[0], EVENTS[2]]), { name: "no-sheet" }],
  ["rejected.json", objects(EVENTS), { name: "json" }],
  ["damaged.json", `[{"case": "c1", "activity": ${CELL}}]`, { name: "damaged-json" }],
  ["no-table.json", `"${CELL}"`, { name: "no-table" }],
  ["lines.jsonl", `{"case":"c1","activity":"Ask","time":"2025-03-01"}\n${CELL}\n`, { name: "lines" }],
  ["rejected.xes", xes(CELL), { name: "xes" }],
  ["damaged.xes", `<log><trace>${CELL}</trace></${CELL}>`, { name: "damaged-xes" }],
  ["damaged.xmlocel", `<log><events><event id="${CELL}"></objects></log>`, { name: "xmlocel" }],
  ["wrong.jsonocel", JSON.stringify({ "ocel:events": { [CELL]: 5 }, "ocel:objects": {} }), { name: "ocel" }],
  ["damaged.parquet", `PAR1${CELL}${"x".repeat(50)}PAR1`, { name: "parquet" }],
  ["damaged.sqlite", `SQLite format 3\u0000${CELL}${"x".repeat(2000)}`, { name: "sqlite" }],
  ["mail.mbox", `From x\nFrom: ${CELL}\n\nno date\n`, { name: "mail" }],
  ["vendors.csv", `vendor_id,name\n${CELL}\n`, { kind: "records", name: "vendors" }],
  ["vendors.json", `[{"vendor_id": 1, ${CELL}}]`, { kind: "records", name: "orders" }],
  [
    "dates.csv",
    "invoice_id,amount,date\n1,1.5,03/04/2025\n2,2.5,04/05/2025\n",
    { kind: "records", name: "dates" },
  ],
];

beforeAll(async () => {
  harness = await harnessOn("embedded", { runs: true });
  org = await harness.addOrganisation("Own");
  const roles: Role[] = ["viewer", "analyst", "process owner", "approver", "assessor", "admin"];
  readers = [];
  for (const role of roles) {
    const email = role === "admin" ? ADDRESS : `${role.replace(" ", "-")}@own.org`;
    await harness.addPerson(email, { [org]: role });
    readers.push({ name: role, role, client: await harness.person(email) });
  }
  for (const role of ["viewer", "agent"] as const)
    readers.push({
      name: `token of a ${role}`,
      role,
      client: harness.client({ authorization: `Bearer ${(await harness.addToken(org, role)).secret}` }),
    });
  const clientOf = (name: string) => readers.find((reader) => reader.name === name)!.client;
  admin = clientOf("admin");
  const at = `/organisations/${org}`;
  await admin.send("POST", `${at}/members`, { email: INVITED, name: "Canary", role: "viewer" });
  await admin.send(
    "PATCH",
    at,
    { settings: { brief: { to: [ADDRESS], weekday: 1, hour: 8 } } },
    { "if-match": (await admin.ask("GET", at)).headers.get("etag")! },
  );

  // two processes with people, records and leaks, and rows that do not fit; one in which everything is broken
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  const people = new Set<string>();
  const caseIds = new Set<string>();
  const processes: string[] = [];
  for (const simulated of simulate({ seed: 1, cases: 200 }).filter(({ plan }) =>
    ["purchase-to-pay", "order-to-cash"].includes(plan.id),
  )) {
    for (const { name } of simulated.people) people.add(name);
    const written = writeProcess(folder, simulated, 1);
    const { id } = await admin.send<{ id: string }>("POST", `${at}/processes`, { name: simulated.plan.name });
    processes.push(id);
    const text = `${readFileSync(written.description, "utf8")}\nsignedOff:\n  by: ${SIGNED}\n  at: 2025-01-01\n  content: "${"0".repeat(64)}"\n`;
    const { description } = parseDescription(text, "description.yaml");
    await transact(harness.services.database.db, (trx) =>
      addDescription(trx, {
        organisationId: org,
        processId: id,
        text,
        content: description,
        madeBy: "plumbline",
      }),
    );
    for (const path of [...written.records, written.log]) {
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      const [first, second] = [lines[0], lines[1]];
      const separator = first.includes(";") ? ";" : ",";
      const isLog = path === written.log;
      if (isLog) for (const line of lines.slice(1)) caseIds.add(line.split(separator)[0]);
      // a row whose times and numbers do not fit, and whose texts do
      const odd = second
        .split(separator)
        .map((cell, i) => (i === 0 ? cell : /^[\d.,:TZ /-]+$/.test(cell) ? CELL : KEPT));
      const [name, tag = ""] = basename(path, ".csv").split("@");
      await send(id, `${FILE}-${basename(path)}`, [...lines, odd.join(separator)].join("\n"), {
        kind: isLog ? "events" : "records",
        name: isLog ? "events" : name,
        tag,
      });
    }
    // a table of records that says who: beside the cases nobody is named
    const named = [...people].filter((name) => name.includes(" "));
    const contacts = [...caseIds]
      .slice(0, 60)
      .map((one, i) => [one, named[i % named.length], ADDRESS, String(i)]);
    for (const tag of ["a", "b"]) {
      const rows = contacts.map(([one, who, ...rest], i) => [
        one,
        tag === "b" && i % 5 === 0 ? `${who}s` : who,
        ...rest,
      ]);
      await send(id, `${FILE}-contacts.csv`, csvOf([["case_id", "contact", "email", "amount"], ...rows]), {
        kind: "records",
        name: "contacts",
        tag,
      });
    }
    await allEnded(admin, org);
  }
  [caseId] = caseIds;
  const { id: broken } = await admin.send<{ id: string }>("POST", `${at}/processes`, { name: "Broken" });
  for (const [name, content, more] of FILES) await send(broken, `${FILE}-${name}`, content, more);
  await allEnded(admin, org);

  // what people write
  const process = processes[0];
  const { items: steps } = {
    items: (
      await admin.get<{ steps: { step: string; decides: boolean; said: { kind: string | null } }[] }>(
        `${at}/processes/${process}/readiness`,
      )
    ).steps,
  };
  const owner = clientOf("process owner");
  const { step: letPass } = steps.find(({ decides, said }) => !decides && said.kind === null)!;
  await owner.send("POST", `${at}/processes/${process}/task-confirmations`, {
    step: letPass,
    task: "copy",
    undo: "no",
  });
  await owner.send("POST", `${at}/processes/${process}/overrides`, {
    step: letPass,
    reason: `because ${WORDS}`,
    until: new Date(Date.now() + 1e8).toISOString(),
  });
  const { id: implementation } = await admin.send<{ id: string }>("POST", `${at}/implementations`, {
    name: "Tool",
    state: "planned",
    startsOn: new Date(Date.now() + 5e9).toISOString().slice(0, 10),
    touches: [{ processId: process }],
    note: `noted ${WORDS}`,
    document: `The tool must know who ${WORDS} is.\nEvery invoice must have an amount.`,
    requires: [{ id: "n1", processId: process, kind: "owner", step: steps[0].step }],
  });
  await clientOf("viewer").send("PUT", `${at}/processes/${process}/answers/1`, {
    answer: "a",
    note: `my ${WORDS}`,
  });
  await clientOf("analyst").send("PUT", `${at}/processes/${process}/answers/1`, {
    answer: "d",
    note: `said ${WORDS}`,
  });
  await admin.send("POST", `${at}/processes/${process}/answers/release`);
  await allEnded(admin, org);
  await clientOf("approver").send("POST", `${at}/implementations/${implementation}/gap-notes`, {
    text: `decided ${WORDS}`,
  });
  await admin.send("POST", `${at}/implementations/${implementation}/promises`, {
    metric: `promised ${WORDS}`,
    direction: "less",
    by: "2030-01-01",
    comparison: `beside ${WORDS}`,
  });
  const { items: findings } = await admin.get<{ items: { id: string }[] }>(
    `${at}/processes/${process}/findings?limit=500`,
  );
  expect(findings.length).toBeGreaterThan(3);
  await admin.send(
    "PATCH",
    `${at}/processes/${process}/findings/${findings[0].id}`,
    { owner: WORDS, remedy: WORDS },
    {
      "if-match": (
        await admin.ask("GET", `${at}/processes/${process}/findings/${findings[0].id}`)
      ).headers.get("etag")!,
    },
  );
  await admin.send("POST", `${at}/processes/${process}/findings/${findings[0].id}/reviews`, {
    said: "confirmed",
    note: WORDS,
  });
  // as earlier versions wrote it
  await transact(harness.services.database.db, (trx) =>
    addToTrail(trx, {
      organisationId: org,
      actor: "plumbline",
      act: "import failed",
      subject: `work ${org}`,
      details: { code: "no-rows", message: `${harness.directory}/tmp/x/a.csv: got "${CELL}"` },
    }),
  );
  await allEnded(admin, org);

  canaries = [
    {
      what: "a cell that was not taken",
      texts: [CELL, "Canary-7431"],
      maySee: (role) => may(role, "add evidence"),
    },
    { what: "an address", texts: [ADDRESS, INVITED], maySee: (role) => may(role, "see people") },
    {
      what: "a name of the evidence",
      texts: [...people].filter((name) => name.includes(" ")),
      maySee: (role, path) =>
        (may(role, "see names") && /\/(names|people)$/.test(path)) ||
        (may(role, "describe") && /\/descriptions\//.test(path)),
    },
    {
      what: "a name of a description",
      texts: [SIGNED],
      maySee: (role, path) => may(role, "describe") && /\/descriptions\//.test(path),
    },
    { what: "a value that is cited", texts: [KEPT], maySee: (role) => role !== "assessor" },
    {
      what: "words of people or a name of a file",
      texts: [WORDS, FILE],
      maySee: (role) => role !== "assessor",
    },
    {
      what: "an id of a case",
      texts: [...caseIds].filter((id) => id.length > 5),
      maySee: (role) => role !== "assessor",
    },
    {
      what: "a place of the machine",
      texts: [basename(harness.directory), harness.directory, globalThis.process.cwd(), "/node_modules/"],
      maySee: () => false,
    },
    { what: "a mark of a quotation", texts: ["\uFDD0", "\uFDD1", "\uFDD2", "\uFDD3"], maySee: () => false },
  ];
  expect(canaries[2].texts.length).toBeGreaterThan(15);
  expect(canaries[6].texts.length).toBeGreaterThan(200);
  places = await everyPlace([...processes, broken], implementation);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
});

/** Everything that a path may name, found by asking the lists as an admin. */
async function everyPlace(processes: string[], implementation: string): Promise<Record<string, string>[]> {
  const at = `/organisations/${org}`;
  const list = async <T>(path: string) => (await admin.get<{ items: T[] }>(`${at}${path}`)).items;
  const found: Record<string, string>[] = [];
  const common = {
    org,
    implementation,
    person: "nobody",
    email: INVITED,
    token: org,
    override: org,
    gap: org,
    promise: org,
  };
  const work = await list<{ id: string }>("/work?limit=500");
  const { rows: uploads } = {
    rows: await harness.services.database.db.selectFrom("upload").select("id").execute(),
  };
  for (const process of processes) {
    const logs = await list<{ id: string }>(`/processes/${process}/logs?limit=500`);
    const audits = await list<{ id: string }>(`/processes/${process}/audits?limit=500`);
    const findings = await list<{ id: string }>(`/processes/${process}/findings?limit=500`);
    const claims = await list<{ id: string }>(`/processes/${process}/claims?limit=500`);
    const ready = await admin.ask("GET", `${at}/processes/${process}/readiness`);
    const steps = ready.ok ? ((await ready.json()) as { steps: { step: string }[] }).steps : [];
    const longest = Math.max(logs.length, findings.length, Math.min(claims.length, 12), 1);
    const of = (items: readonly string[], i: number, none: string) =>
      items[i % Math.max(1, items.length)] ?? none;
    const ids = (items: { id: string }[]) => items.map(({ id }) => id);
    for (let i = 0; i < longest; i++)
      for (const format of ["html", "pdf"])
        found.push({
          ...common,
          process,
          log: of(ids(logs), i, org),
          audit: of(ids(audits).slice(0, 1), i, org),
          finding: of(ids(findings), i, "0123456789"),
          claim: of(ids(claims), i, "c1"),
          step: of(
            steps.map(({ step }) => step),
            i,
            "s1",
          ),
          upload: of(ids(uploads), i, org),
          work: org,
          number: "1",
          question: "1",
          format,
        });
  }
  for (const { id } of work) found.push({ ...found[0], work: id });
  for (const { id } of uploads) found.push({ ...found[0], upload: id });
  return found;
}

interface Schema {
  properties?: Record<string, { enum?: string[] }>;
  required?: string[];
}

/** Ways to ask a route: plainly, and once with each choice that its query has. */
function queriesOf(route: Route): string[] {
  if (!route.query) return [""];
  const { properties = {}, required = [] } = z.toJSONSchema(route.query as z.ZodType, {
    io: "input",
    unrepresentable: "any",
  }) as Schema;
  const known: Record<string, string> = {
    case: caseId,
    people: "1,2,3,4,5,6,7,8",
    limit: "200",
    from: "0",
  };
  const needed = required.flatMap((key) => [
    `${key}=${encodeURIComponent(known[key] ?? properties[key]?.enum?.[0] ?? "1")}`,
  ]);
  const plain = [...needed, ...("limit" in properties ? ["limit=200"] : [])].join("&");
  const choices = Object.entries(properties).flatMap(([key, { enum: values = [] }]) =>
    values.map((value) => [plain, `${key}=${encodeURIComponent(value)}`].filter(Boolean).join("&")),
  );
  return [plain, ...choices];
}

const fill = (path: string, place: Record<string, string>) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(place[name]));

async function textOf(answer: Response): Promise<string> {
  const type = answer.headers.get("content-type") ?? "";
  const headers = JSON.stringify([...answer.headers].filter(([name]) => name !== "location"));
  if (!type.includes("pdf")) return `${headers}\n${await answer.text()}`;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { text } = await extractText(bytes, { mergePages: true });
  return `${headers}\n${text}`;
}

/** What an answer shows that its reader may not see; JSON is read as its reader's program reads it. */
function leaksIn(text: string, { role }: Reader, path: string, asked = ""): string[] {
  const plain = text.replaceAll('\\"', '"');
  return canaries
    .filter(({ maySee }) => !maySee(role, path))
    .flatMap(({ what, texts }) =>
      texts
        .filter((one) => plain.includes(one) && !asked.includes(one)) // what one asks for one knows
        .map((one) => {
          const place = plain.indexOf(one);
          return `${what}: …${plain.slice(Math.max(0, place - 80), place + one.length + 20)}…`;
        }),
    );
}

const gets = routes.filter(({ method }) => method === "get");

describe("nothing that its reader has no right to see leaves the server", () => {
  test("every parameter of a path has values, so that no route is left out", () => {
    for (const { path } of routes)
      for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(places[0]).toHaveProperty(name);
  });

  test.each(gets.map((route) => [route.path, route] as const))(
    "get %s",
    async (_, route) => {
      const leaks = new Set<string>();
      const asked = new Set<string>();
      for (const place of places)
        for (const query of queriesOf(route)) {
          const path = fill(route.path, place);
          const whole = query === "" ? path : `${path}?${query}`;
          if (asked.has(whole)) continue;
          asked.add(whole);
          for (const reader of readers) {
            const answer = await reader.client.ask("GET", whole);
            const text = await textOf(answer);
            expect(answer.status, text.slice(0, 300)).toBeLessThan(500);
            for (const leak of leaksIn(text, reader, path, whole)) leaks.add(`${reader.name}: ${leak}`);
          }
        }
      expect([...leaks].slice(0, 20)).toEqual([]);
    },
    120_000,
  );

  test("an admin finds each of them where it belongs, so that the tests above can fail", async () => {
    const at = `/organisations/${org}`;
    const get = async (path: string) => (await admin.ask("GET", `${at}${path}`)).text();
    const broken = places.find(({ process }) => process !== places[0].process)!.process;
    const last = places.at(-1)!;
    const all = async (path: string) => get(path.replace("{process}", places[0].process));
    expect(await get("/work?limit=500")).toContain(CELL);
    expect(await all("/processes/{process}/logs")).toContain(CELL);
    expect(await all(`/processes/{process}/logs/${places[0].log}/rejected`)).toBeDefined();
    expect(await get("/trail?limit=500")).toContain(INVITED);
    expect(await get("")).toContain(ADDRESS);
    expect(await get("/implementations")).toContain(WORDS);
    expect(await all("/processes/{process}/logs")).toContain(FILE);
    expect(await all("/processes/{process}/findings?limit=500")).toContain(KEPT);
    expect(await all("/processes/{process}/names?people=1,2,3,4")).toMatch(/[A-Z]\w+ [A-Z]\w+/);
    expect(await all("/processes/{process}/descriptions/1")).toContain(SIGNED);
    expect([broken, last.upload].every(Boolean)).toBe(true);
  });

  test("what is refused says where and what was expected, and not what came", async () => {
    const at = `/organisations/${org}`;
    interface Work {
      items: { kind: string; error: { code: string; message: string } | null }[];
    }
    const errorsFor = async (name: string) => {
      const { client } = readers.find((reader) => reader.name === name)!;
      const { items } = await client.get<Work>(`${at}/work?limit=500&state=failed`);
      return items.flatMap(({ error }) => (error ? [error.message] : []));
    };
    const [viewer, agent] = [await errorsFor("viewer"), await errorsFor("token of a agent")];
    expect(viewer.length).toBe(agent.length);
    expect(viewer.length).toBeGreaterThan(8);
    const strict = `${FILE}-strict.csv, line 3, column "time": expected a time like`;
    expect(viewer.find((message) => message.startsWith(strict))).toContain("got a text of 17 characters");
    expect(agent.find((message) => message.startsWith(strict))).toContain(`got "${CELL}"`);
    for (const message of [...viewer, ...agent]) expect(message).not.toMatch(/(^|[\s"'(])\/\w+\/\w/);
  });

  test.each(
    routes
      .filter(({ method }) => method !== "get")
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )("%s, refused", async (_, route) => {
    const leaks = new Set<string>();
    for (const reader of readers.filter(({ role }) =>
      ["viewer", "approver", "assessor", "agent"].includes(role),
    ))
      for (const place of [places[0], places.at(-1)!]) {
        if (route.path.startsWith("/session")) continue; // would end the session of who asks
        const path = fill(route.path, { ...place, process: route.method === "delete" ? org : place.process });
        for (const body of route.body
          ? [{}, { text: CELL, name: CELL, uploadId: place.upload }]
          : [undefined]) {
          const answer = await reader.client.ask(route.method.toUpperCase(), path, body);
          const sent = JSON.stringify(body ?? "");
          const text = await textOf(answer);
          // a preview shows the file to who may send one
          for (const leak of leaksIn(text, reader, path))
            if (!sent.includes(CELL) || !leak.includes(CELL)) leaks.add(`${reader.name}: ${leak}`);
        }
      }
    expect([...leaks]).toEqual([]);
  });

  test("the trail of an outsider holds people by role and pseudonym, and its hashes as they are", async () => {
    interface Trail {
      items: {
        number: number;
        actor: string;
        role: string | null;
        subject: string;
        details: object;
        hash: string;
      }[];
    }
    const at = `/organisations/${org}/trail?limit=500`;
    await allEnded(admin, org);
    const assessor = readers.find(({ name }) => name === "assessor")!.client;
    const [seen, whole] = [await assessor.get<Trail>(at), await admin.get<Trail>(at)];
    expect(seen.items.map(({ hash }) => hash)).toEqual(whole.items.map(({ hash }) => hash));
    const ids = new Set(whole.items.map(({ actor }) => actor).filter((actor) => actor.startsWith("person:")));
    const shown = seen.items.filter(({ actor }) => actor.startsWith("person:"));
    expect(new Set(shown.map(({ actor }) => actor)).size).toBe(ids.size);
    for (const { actor, role, details } of shown) {
      expect(ids.has(actor)).toBe(false);
      expect(role).not.toBeNull();
      expect(details).toEqual({});
    }
    for (const id of ids) expect(JSON.stringify(seen)).not.toContain(id.slice("person:".length));
    const check = await assessor.get<{ broken: string | null }>(`/organisations/${org}/trail/check`);
    expect(check.broken).toBeNull();
  });
});
