import prettier from "prettier";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditDocument } from "../../src/audit/audit-document.ts";
import { routes } from "../../src/server/routes/index.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { writeProcess } from "../../src/simulate/write.ts";
import { verifyTrail } from "../../src/store/trail.ts";
import { clientTypes } from "./client-types.ts";
import type { FindingState, GapState } from "../../src/store/states.ts";
import { KINDS, missing } from "../databases.ts";
import { allEnded, ended, harnessOn, type Client, type Harness } from "./harness.ts";

const simulated = simulate({ seed: 5, cases: 300 })[0];
const written = writeProcess(mkdtempSync(join(tmpdir(), "api-")), simulated, 5);
const TUS = { "tus-resumable": "1.0.0" };

/** Sends a file as an upload, in so many parts; returns its id. */
async function upload(
  client: Client,
  organisation: string,
  name: string,
  content: Uint8Array,
  parts = 1,
): Promise<string> {
  const begun = await client.ask("POST", `/organisations/${organisation}/uploads`, undefined, {
    ...TUS,
    "upload-length": String(content.length),
    "upload-metadata": `filename ${Buffer.from(name).toString("base64")}`,
  });
  expect(begun.status).toBe(201);
  const id = begun.headers.get("location")!.split("/").at(-1)!;
  const size = Math.ceil(content.length / parts);
  for (let at = 0; at < content.length; at += size) {
    const sent = await client.ask(
      "PATCH",
      `/organisations/${organisation}/uploads/${id}`,
      content.subarray(at, at + size),
      {
        ...TUS,
        "content-type": "application/offset+octet-stream",
        "upload-offset": String(at),
      },
    );
    expect([sent.status, sent.headers.get("upload-offset")]).toEqual([
      204,
      String(Math.min(content.length, at + size)),
    ]);
  }
  return id;
}

describe.each(KINDS)("the API on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let harness: Harness;
  let own: string;
  let admin: Client;
  let analyst: Client;
  let assessor: Client;
  let process: string;
  let base: string;

  beforeAll(async () => {
    if (reason) return;
    harness = await harnessOn(kind, { runs: true, uploadLimit: 100_000_000 });
    own = await harness.addOrganisation("Own");
    await harness.addPerson("admin@own.org", { [own]: "admin" });
    await harness.addPerson("analyst@own.org", { [own]: "analyst" });
    await harness.addPerson("assessor@own.org", { [own]: "assessor" });
    [admin, analyst, assessor] = await Promise.all(
      ["admin", "analyst", "assessor"].map((name) => harness.person(`${name}@own.org`)),
    );
    ({ id: process } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: simulated.plan.name,
    }));
    base = `/organisations/${own}/processes/${process}`;
    await analyst.send("POST", `${base}/descriptions`, { text: readFileSync(written.description, "utf8") });
    const uploadId = await upload(analyst, own, "log.csv", readFileSync(written.log), 3);
    const { workId } = await analyst.send<{ workId: string }>("POST", `${base}/imports`, { uploadId });
    expect(await ended(analyst, own, workId)).toMatchObject({ state: "done", error: null });
    for (let i = 0; i < 300; i++) {
      const { items } = await analyst.get<{ items: { reports: string[] }[] }>(`${base}/audits`);
      if (items[0]?.reports.length === 2) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  afterAll(async () => {
    if (!harness) return;
    expect(harness.errors).toEqual([]);
    expect((await verifyTrail(harness.services.database.db, own)).broken).toBeUndefined();
    await harness.stop();
  });

  it("answers what its own documentation says, on every route that reads", async () => {
    const { items: findings } = await admin.get<{ items: { id: string }[] }>(`${base}/findings`);
    const { items: claims } = await admin.get<{ items: { id: string }[] }>(`${base}/claims`);
    const { items: audits } = await admin.get<{ items: { id: string }[] }>(`${base}/audits`);
    const { items: work } = await admin.get<{ items: { id: string }[] }>(`/organisations/${own}/work`);
    const known: Record<string, string> = {
      org: own,
      process,
      finding: findings[0].id,
      claim: claims[0].id,
      audit: audits[0].id,
      work: work[0].id,
      number: "1",
      format: "html",
    };
    const { items: cases } = await admin.get<{ items: { id: string }[] }>(`${base}/cases`);
    const questions: Record<string, string> = {
      case: `?case=${encodeURIComponent(cases[0].id)}`,
      names: "?people=1,2",
      series: "?anchor=2024-03-04",
    };
    let checked = 0;
    for (const route of routes.filter(({ method }) => method === "get")) {
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      if (names.some((name) => known[name] === undefined) || route.path.endsWith("differences")) continue;
      const answer = await admin.ask(
        "GET",
        route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => known[name]) +
          (questions[route.path.split("/").at(-1)!] ?? ""),
      );
      expect([route.path, answer.status]).toEqual([route.path, 200]);
      const [schema] = Object.values(route.answers);
      if (schema === null || typeof schema === "string") continue;
      const body = await answer.json();
      const result = schema.safeParse(body);
      expect(result.success, `${route.path}: ${result.error?.message}`).toBe(true);
      checked++;
    }
    expect(checked).toBeGreaterThan(14);
    const document = await admin.get<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      "/openapi.json",
    );
    expect(document.openapi).toBe("3.1.0");
    for (const { path, method } of routes) expect(document.paths[`/api${path}`]).toHaveProperty(method);
    // kept beside the docs, so that clients can be made from it and a change of the API shows
    const text = await prettier.format(JSON.stringify(document), { parser: "json", printWidth: 110 });
    await expect(text).toMatchFileSnapshot("../../docs/openapi.json");
    const types = await prettier.format(await clientTypes(document as never), {
      parser: "typescript",
      printWidth: 110,
    });
    await expect(types).toMatchFileSnapshot("../../src/web/api-types.ts");
  });

  it("a page at a time gives the whole list, in order, once", async () => {
    const whole = await admin.get<{ items: { id: string }[]; next: null }>(`${base}/findings?limit=500`);
    const pieces: string[] = [];
    for (let after = "", i = 0; i < 100; i++) {
      const page = await admin.get<{ items: { id: string }[]; next: string | null }>(
        `${base}/findings?limit=3${after}`,
      );
      pieces.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
    expect(pieces).toEqual(whole.items.map(({ id }) => id));
    expect(pieces.length).toBeGreaterThan(3);
    const wrong = await admin.ask("GET", `${base}/findings?after=garbage`);
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("wrong-cursor")]);
  });

  it("roles are shown to all, names to those with the right, and each look is logged; an assessor sees no case ids", async () => {
    const { items } = await admin.get<{ items: { id: string; content: { people: string[] } }[] }>(
      `${base}/findings?limit=500`,
    );
    const withPeople = items.find(({ content }) => content.people.length > 0)!;
    const people = readFileSync(written.log, "utf8");
    for (const name of withPeople.content.people) expect(people).not.toContain(name);
    expect((await analyst.ask("GET", `${base}/findings/${withPeople.id}/people`)).status).toBe(403);
    const named = await admin.get<{ people: Record<string, string> }>(
      `${base}/findings/${withPeople.id}/people`,
    );
    expect(Object.keys(named.people)).toEqual(withPeople.content.people);
    for (const name of Object.values(named.people)) expect(people).toContain(name);
    const { items: trail } = await admin.get<{ items: { act: string; subject: string }[] }>(
      `/organisations/${own}/trail?limit=500`,
    );
    expect(trail).toContainEqual(
      expect.objectContaining({ act: "looked at names", subject: `finding ${withPeople.id}` }),
    );

    const cases = await analyst.get<{ items: { caseId: string }[]; total: number }>(
      `${base}/findings/${items[0].id}/cases?limit=500`,
    );
    const hidden = await assessor.get<{ items: { caseId: string }[]; total: number }>(
      `${base}/findings/${items[0].id}/cases?limit=500`,
    );
    expect(hidden.total).toBe(cases.total);
    expect(new Set(hidden.items.map(({ caseId }) => caseId)).size).toBe(hidden.items.length);
    const { items: audits } = await admin.get<{ items: { id: string }[] }>(`${base}/audits`);
    const shown = [
      JSON.stringify(hidden),
      await (await assessor.ask("GET", `${base}/audits/${audits[0].id}/document`)).text(),
      await (await assessor.ask("GET", `${base}/audits/${audits[0].id}/report.html`)).text(),
    ];
    const document = await analyst.get<AuditDocument>(`${base}/audits/${audits[0].id}/document`);
    const pairs = document.findings.flatMap(({ records }) => records.flat());
    for (const text of shown) for (const id of pairs) expect(text).not.toContain(`"${id}"`);
    const ids = new Set(document.findings.flatMap((finding) => finding.caseIds));
    expect(ids.size).toBeGreaterThan(10);
    for (const text of shown)
      for (const id of ids) expect(text.includes(`"${id}"`) || text.includes(`>${id}<`)).toBe(false);
  });

  it("the report is a page that runs nothing that it does not bring", async () => {
    const { items } = await analyst.get<{ items: { id: string }[] }>(`${base}/audits`);
    const page = await analyst.ask("GET", `${base}/audits/${items[0].id}/report.html`);
    const policy = page.headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("sha256-");
    const pdf = await analyst.ask("GET", `${base}/audits/${items[0].id}/report.pdf`);
    expect([pdf.headers.get("content-type"), (await pdf.text()).slice(0, 5)]).toEqual([
      "application/pdf",
      "%PDF-",
    ]);
  });

  it("a change on an older version is refused, and the newer one stands", async () => {
    const read = await analyst.ask("GET", base);
    const tag = read.headers.get("etag")!;
    expect(tag).toMatch(/^"v\d+"$/);
    expect(
      (await analyst.ask("PATCH", base, { settings: { timeZone: "Europe/Berlin" } }, { "if-match": tag }))
        .status,
    ).toBe(204);
    const late = await admin.ask(
      "PATCH",
      base,
      { settings: { timeZone: "Asia/Tokyo" } },
      { "if-match": tag },
    );
    expect([late.status, late.headers.get("content-type")]).toEqual([412, "application/problem+json"]);
    expect(await analyst.get(base)).toMatchObject({ settings: { timeZone: "Europe/Berlin" } });
    const same = await analyst.ask("GET", `${base}/findings`);
    const cached = await analyst.ask("GET", `${base}/findings`, undefined, {
      "if-none-match": same.headers.get("etag")!,
    });
    expect(cached.status).toBe(304);
  });

  it("a description with mistakes is refused with every one of them at its place", async () => {
    const answer = await analyst.ask("POST", `${base}/descriptions`, {
      text: "process: P\nsteps:\n  A: { role: Nobody, tarjet: 2d }\nflow: [A, B]\nrulez: []\n",
    });
    expect(answer.status).toBe(422);
    const { detail } = (await answer.json()) as { detail: string };
    expect(detail).toMatch(/line 3, column/);
    expect(detail).toMatch(/line 5, column/);
    expect((await analyst.ask("POST", `${base}/descriptions/1/signature`)).status).toBe(403);
    await admin.send("POST", `${base}/descriptions/1/signature`);
    expect((await admin.ask("POST", `${base}/descriptions/1/signature`)).status).toBe(409);
  });

  it("a review changes the next audit's precision, and what people set stays over it", async () => {
    const { items } = await analyst.get<{
      items: {
        id: string;
        detector: string;
        version: number;
        content: { precision: { falseAlarms: number } };
      }[];
    }>(`${base}/findings`);
    const [wrong, kept] = items;
    await analyst.send(
      "PATCH",
      `${base}/findings/${kept.id}`,
      { owner: "Head of AP", state: "accepted" },
      { "if-match": `"v${kept.version}"` },
    );
    expect(
      (
        await analyst.ask(
          "PATCH",
          `${base}/findings/${kept.id}`,
          { state: "fixed" },
          { "if-match": `"v${kept.version + 1}"` },
        )
      ).status,
    ).toBe(400);
    await analyst.send("POST", `${base}/findings/${wrong.id}/reviews`, {
      said: "false alarm",
      note: '=HYPERLINK("evil")',
    });
    // what is not allowed from a state is refused, and says from which it is
    const refused = async (finding: string, state: string) => {
      const at = `${base}/findings/${finding}`;
      const { version } = await analyst.get<{ version: number }>(at);
      const response = await analyst.ask("PATCH", at, { state }, { "if-match": `"v${version}"` });
      return [response.status, ((await response.json()) as { detail: string }).detail];
    };
    const becomes = (state: FindingState, id: string) =>
      harness.services.database.db
        .updateTable("finding")
        .set((eb) => ({ state, version: eb("version", "+", 1) }))
        .where("id", "=", id)
        .execute();
    const whileAlarm = "Confirm it first, if it was none.";
    const whileFixed = "It opens again when an audit sees it.";
    expect(await refused(wrong.id, "accepted")).toEqual([
      409,
      `This finding is false alarm, and can be accepted only while it is open. ${whileAlarm}`,
    ]);
    expect(await refused(wrong.id, "open")).toEqual([
      409,
      `This finding is false alarm, and can be opened again only while it is accepted. ${whileAlarm}`,
    ]);
    await becomes("fixed", kept.id);
    expect(await refused(kept.id, "accepted")).toEqual([
      409,
      `This finding is fixed, and can be accepted only while it is open. ${whileFixed}`,
    ]);
    expect(await refused(kept.id, "open")).toEqual([
      409,
      `This finding is fixed, and can be opened again only while it is accepted. ${whileFixed}`,
    ]);
    await becomes("open", kept.id);
    await becomes("accepted", kept.id);
    const { workId } = await analyst.send<{ workId: string }>("POST", `${base}/audits`);
    expect((await ended(analyst, own, workId)).state).toBe("done");
    const late = await analyst.ask("DELETE", `/organisations/${own}/work/${workId}`);
    expect([late.status, await late.json()]).toEqual([
      409,
      expect.objectContaining({
        code: "wrong-state",
        detail: "This work is done, and can be cancelled only while it is waiting. Ask for it anew.",
      }),
    ]);
    const after = await analyst.get<{
      state: string;
      content: { precision: { falseAlarms: number }; money: unknown };
    }>(`${base}/findings/${wrong.id}`);
    expect(after).toMatchObject({
      state: "false alarm",
      content: { precision: { falseAlarms: 1 }, money: null },
    });
    expect(await analyst.get(`${base}/findings/${kept.id}`)).toMatchObject({
      state: "accepted",
      owner: "Head of AP",
    });
    const { items: claims } = await analyst.get<{ items: { id: string }[] }>(`${base}/claims`);
    const { history } = await analyst.get<{ history: unknown[] }>(`${base}/claims/${claims[0].id}`);
    expect(history.length).toBeGreaterThan(1);
  });

  it("answers are their giver's until they are released, and then have no name", async () => {
    await analyst.send("PUT", `${base}/answers/3`, { answer: "a", note: "as Ana said" });
    expect((await analyst.ask("PUT", `${base}/answers/3`, { answer: "perhaps" })).status).toBe(400);
    expect((await analyst.ask("PUT", `${base}/answers/31`, { answer: "a" })).status).toBe(400);
    const mine = await analyst.get<{
      items: { number: number; answer: string | null; evidence: string | null }[];
    }>(`${base}/questions`);
    expect(mine.items.find(({ number }) => number === 3)).toMatchObject({
      answer: "a",
      evidence: expect.any(String),
    });
    expect(mine.items.find(({ number }) => number === 4)).toMatchObject({ answer: null, evidence: null });
    const theirs = await admin.get<{ items: { number: number; answer: string | null }[] }>(
      `${base}/questions`,
    );
    expect(theirs.items.every(({ answer }) => answer === null)).toBe(true);
    const { released, workId } = await admin.send<{ released: number; workId: string }>(
      "POST",
      `${base}/answers/release`,
    );
    expect(released).toBe(1);
    expect((await ended(admin, own, workId)).state).toBe("done");
    expect((await analyst.ask("PUT", `${base}/answers/3`, { answer: "b" })).status).toBe(409);
    const { items } = await admin.get<{ items: { id: string }[] }>(`${base}/audits`);
    const document = await admin.get<AuditDocument>(`${base}/audits/${items[0].id}/document`);
    expect(document.respondents).toBe(1);
    expect(JSON.stringify(document)).not.toContain("as Ana said");
  });

  it("the same upload is imported once, however often it is asked for", async () => {
    const { id } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Twice",
    });
    const uploadId = await upload(analyst, own, "again.csv", readFileSync(written.log));
    const wants = await Promise.all(
      Array.from({ length: 4 }, () =>
        analyst.send<{ workId: string }>("POST", `/organisations/${own}/processes/${id}/imports`, {
          uploadId,
        }),
      ),
    );
    expect(new Set(wants.map(({ workId }) => workId)).size).toBe(1);
    await ended(analyst, own, wants[0].workId);
    const { items } = await analyst.get<{ items: unknown[] }>(`/organisations/${own}/processes/${id}/logs`);
    expect(items).toHaveLength(1);
  });

  it("a process that is removed takes its files with it, and leaves those of others", async () => {
    const { blobs } = harness.services;
    const keys = async () => {
      const all: string[] = [];
      for await (const key of blobs.list(`${own}/`)) all.push(key);
      return all.sort();
    };
    for (let i = 0; i < 100; i++) {
      const { items } = await admin.get<{ items: { state: string }[] }>(
        `/organisations/${own}/work?limit=200`,
      );
      if (items.every(({ state }) => !["waiting", "running"].includes(state))) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const before = await keys();
    const { id } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Goes",
    });
    const uploadId = await upload(analyst, own, "goes.csv", readFileSync(written.log), 2);
    const { workId } = await analyst.send<{ workId: string }>(
      "POST",
      `/organisations/${own}/processes/${id}/imports`,
      { uploadId },
    );
    await ended(analyst, own, workId);
    for (let i = 0; i < 200; i++) {
      const { items } = await analyst.get<{ items: { reports: string[] }[] }>(
        `/organisations/${own}/processes/${id}/audits`,
      );
      if (items[0]?.reports.length === 2) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await keys()).length).toBeGreaterThan(before.length + 5);
    await admin.send("DELETE", `/organisations/${own}/processes/${id}`);
    for (let i = 0; i < 100 && (await keys()).length > before.length; i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await keys()).toEqual(before);
  });

  it("an import that was cancelled can be asked for again, and is done then", async () => {
    const { id } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Again",
    });
    const uploadId = await upload(analyst, own, "cancel.csv", readFileSync(written.log));
    const want = () =>
      analyst.send<{ workId: string }>("POST", `/organisations/${own}/processes/${id}/imports`, { uploadId });
    const first = await want();
    await analyst.ask("DELETE", `/organisations/${own}/work/${first.workId}`);
    const second = await want();
    const { state } = await ended(analyst, own, first.workId);
    if (state === "cancelled") expect(second.workId).not.toBe(first.workId);
    expect((await ended(analyst, own, second.workId)).state).toBe("done");
  });

  it("a program with an analyst's token imports and audits, but neither judges nor answers", async () => {
    const { secret } = await harness.addToken(own, "analyst");
    const program = harness.client({ authorization: `Bearer ${secret}` });
    const { items } = await program.get<{ items: { id: string }[] }>(`${base}/findings`);
    const review = await program.ask("POST", `${base}/findings/${items[0].id}/reviews`, {
      said: "confirmed",
    });
    expect([review.status, await review.text()]).toEqual([403, expect.stringContaining("people-only")]);
    expect((await program.ask("PUT", `${base}/answers/1`, { answer: "a" })).status).toBe(403);
    expect((await program.ask("POST", `${base}/answers/release`)).status).toBe(403);
  });

  it("a description names nobody to those who may not see names", async () => {
    const text = readFileSync(written.description, "utf8");
    const { number } = await analyst.send<{ number: number }>("POST", `${base}/descriptions`, { text });
    const seen = await (await assessor.ask("GET", `${base}/descriptions/${number}`)).text();
    const { content } = await analyst.get<{ content: { roles: Record<string, string[]> } }>(
      `${base}/descriptions/${number}`,
    );
    const people = Object.values(content.roles)
      .flat()
      .filter((name) => name !== "*");
    expect(people.length).toBeGreaterThan(3);
    for (const name of people) expect(seen).not.toContain(`"${name}"`);
    expect(seen).toContain("person 1");
  });

  it("a long procedure is refused before it is read; repeated keys are found where they stand", async () => {
    const long = await analyst.ask("POST", `${base}/descriptions`, { text: "x: 1\n".repeat(150_000) });
    expect(long.status).toBe(400);
    const twice = await analyst.ask("POST", `${base}/descriptions`, { text: "process: P\nprocess: Q\n" });
    expect([twice.status, await twice.text()]).toEqual([
      422,
      expect.stringMatching(/line 2, column 1: .*twice/),
    ]);
  });

  it("every number opens to its cases: of findings, claims and questions the list has as many as was said", async () => {
    const of = async (client: Client, filter: object) =>
      client.get<{ total: number; allCases: number; items: { id: string }[] }>(
        `${base}/cases?most=1000&filter=${encodeURIComponent(JSON.stringify(filter))}`,
      );
    const { items: findings } = await admin.get<{
      items: { id: string; content: { cases: number; unit: string } }[];
    }>(`${base}/findings?limit=500`);
    let opened = 0;
    for (const { id, content } of findings.filter((one) => one.content.unit === "cases")) {
      expect([id, (await of(admin, { finding: id })).total]).toEqual([id, content.cases]);
      opened++;
    }
    const { items: claims } = await admin.get<{
      items: { id: string; content: { against: number; unit: string; source: string } }[];
    }>(`${base}/claims?limit=500`);
    for (const { id, content } of claims.filter(
      (one) => one.content.source !== "finding" && one.content.unit === "cases" && one.content.against > 0,
    )) {
      expect([id, (await of(admin, { claim: id })).total]).toEqual([id, content.against]);
      opened++;
    }
    expect(opened).toBeGreaterThan(3);
    expect(
      (await admin.ask("GET", `${base}/map?filter=${encodeURIComponent('{"finding":"0000000000"}')}`)).status,
    ).toBe(404);
    for (const wrong of ["{", '{"nothing":1}', '{"follows":["A"]}', "[]"])
      expect((await admin.ask("GET", `${base}/map?filter=${encodeURIComponent(wrong)}`)).status).toBe(400);

    // an answer is the same until the question, the log or the description changes
    const first = await admin.ask("GET", `${base}/map`);
    const again = await admin.ask("GET", `${base}/map`, undefined, {
      "if-none-match": first.headers.get("etag")!,
    });
    expect([first.status, again.status]).toEqual([200, 304]);

    // an outsider sees neither ids nor attributes, and opens the same cases under other names
    const shown = await of(assessor, { finding: findings.find((one) => one.content.unit === "cases")!.id });
    const ids = new Set((await of(admin, {})).items.map(({ id }) => id));
    expect(shown.items.length).toBeGreaterThan(0);
    for (const { id } of shown.items) {
      expect(id).toMatch(/^case-[0-9a-f]{10}$/);
      expect(ids.has(id)).toBe(false);
    }
    const story = await assessor.get<{
      found: boolean;
      attributes: [];
      events: { attributes: [] }[];
      records: [];
    }>(`${base}/case?case=${shown.items[0].id}`);
    expect([story.found, story.attributes, story.records]).toEqual([true, [], []]);
    expect(story.events.every(({ attributes }) => attributes.length === 0)).toBe(true);
    const guess = encodeURIComponent(JSON.stringify({ id: [...ids][0] }));
    expect((await assessor.ask("GET", `${base}/cases?filter=${guess}`)).status).toBe(403);

    // names are for those with the right, and each look is logged
    expect((await analyst.ask("GET", `${base}/names?people=1,2`)).status).toBe(403);
    const { people } = await admin.get<{ people: Record<string, string> }>(`${base}/names?people=1,2`);
    for (const name of Object.values(people)) expect(readFileSync(written.log, "utf8")).toContain(name);
    const { items: trail } = await admin.get<{ items: { act: string; subject: string }[] }>(
      `/organisations/${own}/trail?limit=500`,
    );
    expect(trail).toContainEqual(
      expect.objectContaining({ act: "looked at names", subject: expect.stringMatching(/^log /) as string }),
    );
  });

  it("an implementation: what it requires is held against the evidence; gaps, notes, promises and the outsider's judgement of it", async () => {
    const list = `/organisations/${own}/implementations`;
    const said = {
      name: "Invoice assistant",
      state: "planned",
      startsOn: "2099-01-24",
      touches: [{ processId: process, steps: [] }],
      requires: [
        { id: "n1", processId: process, kind: "fields", columns: ["lieferant"], share: 0.5 },
        { id: "n2", processId: process, kind: "fields", columns: ["no such field"] },
        { id: "n3", processId: process, kind: "volume", perMonth: 1_000_000 },
      ],
      document: "The Lieferant must be filled in 50 % of cases.",
    };
    for (const wrong of [
      { ...said, requires: [said.requires[0], said.requires[0]] },
      { ...said, touches: [] },
      { ...said, requires: [{ ...said.requires[0], columns: [] }] },
      { ...said, touches: [{ processId: own, steps: [] }], requires: [] },
    ])
      expect((await admin.ask("POST", list, wrong)).status).toBe(400);
    const { id } = await admin.send<{ id: string }>("POST", list, said);
    const path = `${list}/${id}`;
    await allEnded(admin, own);
    type Shown = {
      hash: string;
      answer: { state: string; sentences: string[] };
      implementation: { version: number };
      requires: { claim: { id: string; verdict: string; against: number; opens: boolean; unit: string } }[];
      gaps: {
        id: string;
        title: string;
        state: string;
        owner: string | null;
        decideBy: string;
        version: number;
        kind: string;
      }[];
      promises: { id: string; beforeTheFact: boolean; withdrawnAt: string | null }[];
      notes: { text: string; by: string }[];
      since: { at: string | null; accepted: string[] };
      signatures: { judgement: string; current: boolean; by: string }[];
    };
    const shown = () => admin.get<Shown>(path);
    let now = await shown();
    expect(now.answer.state).toBe("not yet");
    expect(now.requires.map(({ claim }) => claim.verdict)).toEqual([
      "confirmed",
      "not testable here",
      "contradicted",
      "confirmed",
    ]);
    expect(now.gaps.filter(({ kind: what }) => what === "requirement").length).toBe(2);
    // what speaks against a requirement opens
    for (const { claim } of now.requires.filter((one) => one.claim.opens)) {
      const filter = encodeURIComponent(JSON.stringify({ readiness: claim.id }));
      const { total } = await admin.get<{ total: number }>(`${base}/cases?filter=${filter}`);
      expect(total).toBeLessThanOrEqual(claim.against);
      expect(total).toBeGreaterThan(0);
    }
    // who sees to a gap; an older version is refused
    const [gap] = now.gaps;
    const tag = { "if-match": `"v${gap.version}"` };
    await admin.send("PATCH", `${path}/gaps/${gap.id}`, { owner: "Ana", decideBy: "2098-12-01" }, tag);
    expect((await admin.ask("PATCH", `${path}/gaps/${gap.id}`, { owner: "Ben" }, tag)).status).toBe(412);
    expect((await shown()).gaps.find((one) => one.id === gap.id)).toMatchObject({
      owner: "Ana",
      decideBy: "2098-12-01",
    });
    // a meeting, then a decision to live with a gap: what changed since is said
    expect((await analyst.ask("POST", `${path}/gap-notes`, { text: "we do it" })).status).toBe(403);
    await admin.send("POST", `${path}/gap-notes`, { kind: "meeting", text: "Steering" });
    const accept = { text: "We live with it.", gaps: [gap.id], gapBecomes: "accepted" };
    await admin.send("POST", `${path}/gap-notes`, accept);
    now = await shown();
    expect(now.since.accepted).toEqual([gap.title]);
    expect(now.notes[0]).toMatchObject({ text: "We live with it.", by: "admin" });
    // about several at once: all of them, or none
    const others = now.gaps.filter(({ state, id: own_ }) => state === "open" && own_ !== gap.id).slice(0, 2);
    const together = { text: "Out of scope.", gaps: others.map((one) => one.id), gapBecomes: "accepted" };
    const unknown = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
    const withUnknown = { ...together, gaps: [...together.gaps, unknown] };
    expect((await admin.ask("POST", `${path}/gap-notes`, withUnknown)).status).toBe(404);
    const stateOf = async () =>
      (await shown()).gaps.filter((one) => together.gaps.includes(one.id)).map(({ state }) => state);
    expect(await stateOf()).toEqual(others.map(() => "open"));
    const { ids } = await admin.send<{ ids: string[] }>("POST", `${path}/gap-notes`, together);
    expect([ids.length, await stateOf()]).toEqual([others.length, others.map(() => "accepted")]);
    await admin.send("POST", `${path}/gap-notes`, { ...together, gapBecomes: "open" });
    expect(await stateOf()).toEqual(others.map(() => "open"));
    // what evidence has closed is no one's to accept, nor to open
    const closing = (state: GapState) =>
      harness.services.database.db
        .updateTable("gap")
        .set({ state })
        .where("id", "=", together.gaps[0])
        .execute();
    await closing("closed");
    for (const [gapBecomes, done] of [
      ["accepted", "accepted only while it is open or accepted"],
      ["open", "opened again only while it is accepted"],
    ]) {
      const response = await admin.ask("POST", `${path}/gap-notes`, { ...together, gapBecomes });
      expect([response.status, await response.json()]).toEqual([
        409,
        expect.objectContaining({
          detail: `"${others[0].title}" is closed, and can be ${done}. Evidence has closed it; it opens again when an audit sees it.`,
        }),
      ]);
    }
    await closing("open");
    // the next audit leaves it accepted
    await admin.send("POST", `${base}/audits`, {});
    await allEnded(admin, own);
    expect((await shown()).gaps.find((one) => one.id === gap.id)).toMatchObject({
      state: "accepted",
      owner: "Ana",
    });
    // a promise about what is measured is said in a unit of it
    const inDays = {
      metric: "work",
      measure: "hours",
      direction: "less",
      size: 2,
      unit: "days",
      by: "2099-06-30",
      comparison: "2098",
    };
    const refused = await admin.ask("POST", `${path}/promises`, inDays);
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining("body.unit: expected one of %, hours, minutes for what is measured") as string,
    ]);
    // promises are registered, and only withdrawn
    const promise = { metric: "hours on matching", direction: "less", by: "2099-06-30", comparison: "2098" };
    const made = await admin.send<{ id: string }>("POST", `${path}/promises`, promise);
    await admin.send("DELETE", `${path}/promises/${made.id}`);
    expect((await admin.ask("DELETE", `${path}/promises/${made.id}`)).status).toBe(404);
    expect((await shown()).promises).toMatchObject([{ beforeTheFact: true }]);
    expect((await shown()).promises[0].withdrawnAt).not.toBeNull();
    // a document's sentences that nothing can test are one gap; what people said of it stays when something
    // else changes
    const edited = async (change: object) => {
      const { implementation } = await shown();
      const whole = { ...said, document: "Every invoice must be elegant for Maria Huber.", ...change };
      await admin.send("PUT", path, whole, { "if-match": `"v${implementation.version}"` });
      await allEnded(admin, own);
      return (await shown()).gaps.find(({ title }) => /nothing here can test/.test(title))!;
    };
    const unread = await edited({});
    const live = { text: "We live with it.", gaps: [unread.id], gapBecomes: "accepted" };
    await admin.send("POST", `${path}/gap-notes`, live);
    expect(await edited({ name: "Another name" })).toMatchObject({ id: unread.id, state: "accepted" });
    const outside = [
      await assessor.get<object>(path),
      await assessor.get<object>(`/organisations/${own}/implementations`),
    ];
    expect(JSON.stringify(outside)).not.toMatch(/Maria Huber|person:/);
    // an assessor sees neither who nor which cases, and signs what they have seen
    const theirs = await assessor.get<Shown>(path);
    expect(JSON.stringify(theirs)).not.toMatch(/Ana|"admin"/);
    const judgement = { judgement: "agrees with reservations", note: "Two months are too few." };
    const sign = (hash: string) => assessor.ask("POST", `${path}/countersignatures`, { ...judgement, hash });
    expect((await sign("0".repeat(16))).status).toBe(409);
    expect(
      (await admin.ask("POST", `${path}/countersignatures`, { ...judgement, hash: theirs.hash })).status,
    ).toBe(403);
    expect((await sign(theirs.hash)).status).toBe(201);
    expect((await shown()).signatures).toMatchObject([{ current: true }]);
    // what is no longer required leaves no gap that anybody has closed
    now = await shown();
    const put = { ...said, requires: said.requires.slice(0, 1), document: null };
    await admin.send("PUT", path, put, { "if-match": `"v${now.implementation.version}"` });
    await allEnded(admin, own);
    now = await shown();
    expect(now.gaps.filter(({ kind: what }) => what === "requirement")).toEqual([]);
    expect(now.requires.map(({ claim }) => claim.verdict)).toEqual(["confirmed"]);
    expect(now.signatures).toMatchObject([{ current: false }]);
    const pdf = await assessor.ask("GET", `${path}/inventory.pdf`);
    expect([pdf.headers.get("content-type"), (await pdf.text()).slice(0, 5)]).toEqual([
      "application/pdf",
      "%PDF-",
    ]);
    await admin.send("DELETE", path);
    expect((await admin.ask("GET", path)).status).toBe(404);
  });

  it("documents: their text, and what is none says what to do", async () => {
    const to = `/organisations/${own}/documents/text`;
    const read = (content: string) => admin.ask("POST", to, { name: "needs.txt", content });
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    expect(await (await read(base64("Every invoice must have an order."))).json()).toEqual({
      text: "Every invoice must have an order.",
      kind: "text",
      pages: null,
      cut: false,
    });
    const long = (await (await read(base64("a".repeat(100_001)))).json()) as { text: string; cut: boolean };
    expect([long.text.length, long.cut]).toEqual([100_000, true]);
    for (const none of ["", base64("\u0001\u0002")])
      expect([none, (await read(none)).status]).toEqual([none, 422]);
    expect((await read("not base64 at all")).status).toBe(400);
    expect((await analyst.ask("POST", to, { name: "x", content: base64("x"), more: 1 })).status).toBe(400);
    expect((await assessor.ask("POST", to, { name: "x", content: base64("x") })).status).toBe(403);
  });

  it("what if: asked, and what cannot be asked says why", async () => {
    type Pressure = {
      missing: string[];
      fits: boolean;
      wrong: string | null;
      steps: string[];
      answer: object | null;
    };
    const ask = (query: string) => admin.get<Pressure>(`${base}/what-if?${query}`);
    const plain = await ask("");
    expect([plain.missing, plain.wrong, plain.answer]).toEqual([[], null, null]);
    for (const wrong of [
      "ask=away&person=999999",
      "ask=moved&from=X&to=Y",
      "ask=assistant&step=no%20such%20step",
    ]) {
      const said = await ask(wrong);
      expect([wrong, said.wrong?.slice(0, 3), said.answer]).toEqual([wrong, "Say", null]);
    }
    const asked = await ask(`ask=assistant&step=${encodeURIComponent(plain.steps[0])}`);
    expect(asked.answer !== null).toBe(asked.fits);
    expect((await admin.ask("GET", `${base}/what-if?ask=volume&more=-1`)).status).toBe(400);
  });

  it("what to fix first: ticked remedies turn verdicts, and whoever knows says how long they take", async () => {
    type Plan = {
      order: { id: string; days: number; asked: boolean; readySteps: number }[];
      verdicts: { step: string; before: string; after: string }[];
    };
    const plan = await admin.get<Plan>(`${base}/fix-first`);
    expect(plan.verdicts.every(({ before, after }) => before === after)).toBe(true);
    const done = plan.order.map(({ id }) => id).join(",");
    const whole = await admin.get<Plan>(`${base}/fix-first?done=${done}`);
    expect(whole.verdicts.filter(({ after }) => after === "ready").length).toBe(
      plan.order.at(-1)?.readySteps ?? whole.verdicts.filter(({ before }) => before === "ready").length,
    );
    expect((await admin.ask("GET", `${base}/fix-first?done=x`)).status).toBe(400);
    expect(plan.order.length).toBeGreaterThan(0);
    const read = await admin.ask("GET", base);
    const { settings } = (await read.json()) as { settings: object };
    await admin.send(
      "PATCH",
      base,
      { settings: { ...settings, remedyDays: { [plan.order[0].id]: 77 } } },
      { "if-match": read.headers.get("etag")! },
    );
    const { order } = await admin.get<Plan>(`${base}/fix-first`);
    expect(order.find(({ id }) => id === plan.order[0].id)).toMatchObject({ days: 77, asked: true });
  });

  it("the gate opens for what is ready alone, says why, and its numbers open to their cases", async () => {
    interface Judged {
      step: string;
      verdict: string;
      sentence: string;
      decides: boolean;
      said: { kind: string | null };
      guess: object;
      confirmation: { by: string } | null;
      claims: { id: string; against: number; unit: string; opens: boolean }[];
    }
    const { steps } = await admin.get<{ steps: Judged[] }>(`${base}/readiness`);
    expect(steps.length).toBeGreaterThan(4);
    const agent = harness.client({
      authorization: `Bearer ${(await harness.addToken(own, "agent")).secret}`,
    });
    for (const { step, verdict } of steps) {
      const answer = await agent.get<{ open: boolean; verdict: string; sentence: string }>(
        `/organisations/${own}/gate/${encodeURIComponent(simulated.plan.name)}/${encodeURIComponent(step)}`,
      );
      expect([step, answer.open, answer.verdict]).toEqual([step, verdict === "ready", verdict]);
      expect(answer.sentence.length).toBeGreaterThan(20);
    }
    for (const claim of steps.flatMap(({ claims }) => claims).filter(({ opens }) => opens)) {
      const filter = encodeURIComponent(JSON.stringify({ readiness: claim.id }));
      const { total } = await admin.get<{ total: number }>(`${base}/cases?filter=${filter}`);
      // executions of one case can speak against it more than once
      if (claim.unit === "cases") expect([claim.id, total]).toEqual([claim.id, claim.against]);
      else expect(total).toBeLessThanOrEqual(claim.against);
      expect(total).toBeGreaterThan(0);
    }
    // what decides, and what nobody has said anything about, cannot be let pass
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const letPass = (step: string) =>
      admin.ask("POST", `${base}/overrides`, { step, reason: "The pilot runs on test data only.", until });
    const deciding = steps.find(({ decides }) => decides)!;
    expect([deciding.verdict, (await letPass(deciding.step)).status]).toEqual(["keep with people", 409]);
    const unsaid = steps.find(({ said: own_, decides }) => own_.kind === null && !decides)!;
    expect([unsaid.verdict, (await letPass(unsaid.step)).status]).toEqual(["not enough evidence", 409]);
    // a named person says what it is, one step at a time; a program cannot, and a wrong word is refused
    const word = { step: unsaid.step, task: "copy", undo: "yes" };
    const confirm = `${base}/task-confirmations`;
    expect((await agent.ask("POST", confirm, word)).status).toBe(403);
    expect((await analyst.ask("POST", confirm, word)).status).toBe(403);
    expect((await admin.ask("POST", confirm, { ...word, task: "do" })).status).toBe(400);
    for (const undo of ["maybe", "until Nobody does this", "until "])
      expect((await admin.ask("POST", confirm, { ...word, undo })).status).toBe(400);
    expect((await admin.ask("POST", confirm, { ...word, step: "Nobody does this" })).status).toBe(404);
    await admin.send("POST", confirm, word);
    const now = async (who = admin) => {
      const { steps: list } = await who.get<{ steps: Judged[] }>(`${base}/readiness`);
      return list.find(({ step }) => step === unsaid.step)!;
    };
    expect(await now()).toMatchObject({ said: { kind: "copy" }, confirmation: { by: "admin" } });
    await allEnded(admin, own);
    expect(await now()).toMatchObject({
      said: { kind: "copy", kindSaidBy: "confirmation", undo: "yes" },
      confirmation: { by: "admin" },
    });
    expect((await now()).sentence).not.toContain("Not judged yet");
    expect((await now(assessor)).confirmation?.by).not.toBe("admin");
    const { items: trail } = await admin.get<{ items: { act: string; details: object }[] }>(
      `/organisations/${own}/trail?limit=100`,
    );
    expect(trail.find(({ act }) => act === "confirmed a task")!.details).toMatchObject({
      ...word,
      suggested: unsaid.guess,
    });
    // what is said anew closes the gate at once, before it is judged anew
    const isOpen = async () =>
      (
        await agent.get<{ open: boolean }>(
          `/organisations/${own}/gate/${process}/${encodeURIComponent(unsaid.step)}`,
        )
      ).open;
    expect([(await now()).verdict, await isOpen()]).toEqual(["ready", true]);
    await admin.send("POST", confirm, { ...word, task: "decide" });
    expect(await isOpen()).toBe(false);
    await admin.send("POST", confirm, word);
    await allEnded(admin, own);
    expect(await isOpen()).toBe(true);
    // a named person lets a step pass for a time; a program cannot, and it is shown with the verdict
    const closed = unsaid.step;
    await admin.send("POST", confirm, { ...word, undo: "no" });
    await allEnded(admin, own);
    expect((await now()).verdict).toBe("keep with people");
    const ask = () =>
      agent.get<{ open: boolean; override: { by: string; reason: string } | null }>(
        `/organisations/${own}/gate/${process}/${encodeURIComponent(closed)}`,
      );
    const said = {
      step: closed,
      reason: "The pilot runs on test data only.",
      until: new Date(Date.now() + 86_400_000).toISOString(),
    };
    expect((await agent.ask("POST", `${base}/overrides`, said)).status).toBe(403);
    expect((await analyst.ask("POST", `${base}/overrides`, said)).status).toBe(403);
    for (const wrong of [
      { ...said, reason: "because" },
      { ...said, until: new Date(Date.now() - 1000).toISOString() },
      { ...said, until: new Date(Date.now() + 400 * 86_400_000).toISOString() },
    ])
      expect((await admin.ask("POST", `${base}/overrides`, wrong)).status).toBe(400);
    const { id } = await admin.send<{ id: string }>("POST", `${base}/overrides`, said);
    expect(await ask()).toMatchObject({ open: true, override: { by: "admin", reason: said.reason } });
    const shown = await admin.get<{ overrides: { id: string; holds: boolean }[] }>(`${base}/readiness`);
    expect(shown.overrides).toMatchObject([{ id, holds: true }]);
    // the report counts it, and outsiders do not read whose name and words it is
    const { items: audits } = await admin.get<{ items: { id: string }[] }>(`${base}/audits`);
    const report = async (who: typeof admin) =>
      (await who.ask("GET", `${base}/audits/${audits[0].id}/report.html`)).text();
    await expect
      .poll(() => report(admin), { timeout: 20_000 })
      .toContain("It was overridden once; 1 override holds on ");
    expect(await report(admin)).toContain(`${closed}: admin let it pass on`);
    expect(await report(admin)).toContain(said.reason);
    expect((await admin.ask("DELETE", `${base}/overrides/${id}`)).status).toBe(204);
    expect((await admin.ask("DELETE", `${base}/overrides/${id}`)).status).toBe(404);
    expect(await ask()).toMatchObject({ open: false, override: null });
    await expect
      .poll(() => report(admin), { timeout: 20_000 })
      .toContain("It was overridden once; no override holds on ");
    const after = await admin.get<{ overrides: { holds: boolean }[] }>(`${base}/readiness`);
    expect(after.overrides).toMatchObject([{ holds: false }]);
    const ready = steps.find(({ verdict }) => verdict === "ready");
    if (ready)
      expect((await admin.ask("POST", `${base}/overrides`, { ...said, step: ready.step })).status).toBe(409);

    expect(
      (await agent.ask("GET", `/organisations/${own}/gate/${process}/Nobody%20does%20this`)).status,
    ).toBe(404);
    expect((await agent.ask("GET", `/organisations/${own}/gate/Nothing/Step`)).status).toBe(404);
  });

  it("a description is checked without being kept: problems at their lines, and the flow as a picture", async () => {
    const check = (text: string) =>
      analyst.send<{
        problems: { line: number | null; message: string }[];
        flow: { nodes: object[] } | null;
      }>("POST", `/organisations/${own}/descriptions/check`, { text });
    const versions = async () =>
      (await analyst.get<{ items: object[] }>(`${base}/descriptions`)).items.length;
    const before = await versions();
    const good = await check(readFileSync(written.description, "utf8"));
    expect([good.problems, good.flow!.nodes.length > 3]).toEqual([[], true]);
    const wrong = await check("process: P\nflow: [A]\nrules:\n  - { befor: A, must: B }\n");
    expect(wrong.problems).toEqual([
      expect.objectContaining({ line: 4, message: expect.stringContaining("before") as string }),
    ]);
    expect(await versions()).toBe(before);
    const pack = await analyst.ask("GET", `${base}/descriptions/1/hand-over.pdf`);
    expect([
      pack.status,
      Buffer.from(await pack.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ]).toEqual([200, "%PDF-"]);
  });

  it("what goes live is kept, changed by whoever read it last, and removed", async () => {
    const at = `/organisations/${own}/implementations`;
    const said = {
      name: "Assistant",
      state: "planned",
      startsOn: "2027-03-01",
      costPerMonth: 900,
      currency: "EUR",
    };
    const { id } = await analyst.send<{ id: string }>("POST", at, {
      ...said,
      touches: [{ processId: process }],
    });
    const { items } = await admin.get<{
      items: { id: string; startsOn: string; version: number; touches: object[] }[];
    }>(at);
    expect(items).toMatchObject([
      { id, startsOn: "2027-03-01", version: 1, touches: [{ processId: process, steps: [] }] },
    ]);
    const change = (version: number) =>
      analyst.ask("PUT", `${at}/${id}`, { ...said, state: "in use" }, { "if-match": `"v${version}"` });
    expect([(await change(1)).status, (await change(1)).status]).toEqual([204, 412]);
    expect((await assessor.ask("DELETE", `${at}/${id}`)).status).toBe(403);
    expect((await analyst.ask("DELETE", `${at}/${id}`)).status).toBe(204);
    expect((await analyst.ask("DELETE", `${at}/${id}`)).status).toBe(404);
  });

  it("progress comes as events until the work has ended", async () => {
    const { id } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Watched",
    });
    const uploadId = await upload(analyst, own, "watched.csv", readFileSync(written.log));
    const { workId } = await analyst.send<{ workId: string }>(
      "POST",
      `/organisations/${own}/processes/${id}/imports`,
      { uploadId },
    );
    const stream = await analyst.ask("GET", `/organisations/${own}/work/${workId}/progress`);
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    const events = (await stream.text())
      .split("\n\n")
      .filter((text) => text.includes("data: "))
      .map((text) => JSON.parse(/data: (.*)/.exec(text)![1]) as { state: string });
    expect(events.at(-1)).toMatchObject({ state: "done", progress: 1 });
    // what waits says so at once: nothing is held back until the end
    const { id: idle } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Idle",
    });
    const held = await upload(analyst, own, "held.csv", Buffer.from("x"));
    const { workId: later } = await analyst.send<{ workId: string }>(
      "POST",
      `/organisations/${own}/processes/${idle}/imports`,
      { uploadId: held },
    );
    const first = await analyst.ask("GET", `/organisations/${own}/work/${later}/progress`);
    const reader = first.body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toContain("event: progress");
    await reader.cancel();
  });

  it("uploads: wrong offsets, lengths, kinds and other people's are refused; what came stays", async () => {
    const begin = (length: string, metadata = "") =>
      analyst.ask("POST", `/organisations/${own}/uploads`, undefined, {
        ...TUS,
        "upload-length": length,
        "upload-metadata": metadata,
      });
    expect((await begin("-1")).status).toBe(400);
    expect((await begin("100000001")).status).toBe(413);
    const begun = await begin("10", `filename ${Buffer.from("../../etc/passwd").toString("base64")}`);
    const id = begun.headers.get("location")!.split("/").at(-1)!;
    const at = `/organisations/${own}/uploads/${id}`;
    expect((await analyst.get<{ name: string }>(at)).name).toBe("passwd");
    const patch = (offset: string, body: string, type = "application/offset+octet-stream") =>
      analyst.ask("PATCH", at, Buffer.from(body), { ...TUS, "content-type": type, "upload-offset": offset });
    expect((await patch("0", "hello", "text/plain")).status).toBe(415);
    expect((await patch("0", "hello")).status).toBe(204);
    expect((await patch("0", "hello")).status).toBe(409);
    expect((await patch("5", "far too long")).status).toBe(413);
    const head = await analyst.ask("HEAD", at);
    expect([head.status, head.headers.get("upload-offset"), head.headers.get("cache-control")]).toEqual([
      200,
      "5",
      "no-store",
    ]);
    expect((await analyst.ask("POST", `${base}/imports`, { uploadId: id })).status).toBe(409);
    // two at once for the same place: one is taken
    const both = await Promise.all([patch("5", "world"), patch("5", "WORLD")]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    const other = await harness.addOrganisation("Elsewhere");
    await harness.addPerson(`else-${kind}@own.org`, { [other]: "admin" });
    const foreign = await harness.person(`else-${kind}@own.org`);
    expect((await foreign.ask("GET", `/organisations/${other}/uploads/${id}`)).status).toBe(404);
    expect((await foreign.ask("DELETE", `/organisations/${other}/uploads/${id}`)).status).toBe(404);
    expect((await analyst.ask("DELETE", at, undefined, TUS)).status).toBe(204);
    expect((await analyst.ask("HEAD", at)).status).toBe(404);
  });

  it("an archive that blows up, and a file that is no log, fail with their reason", async () => {
    const { gzipSync } = await import("node:zlib");
    const { id } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Bombs",
    });
    const bomb = gzipSync(Buffer.alloc(1_200_000_000, "case,activity,time\n"), { level: 1 });
    const uploadId = await upload(analyst, own, "bomb.csv.gz", bomb);
    const { workId } = await analyst.send<{ workId: string }>(
      "POST",
      `/organisations/${own}/processes/${id}/imports`,
      { uploadId },
    );
    const work = await ended(analyst, own, workId);
    expect(work.state).toBe("failed");
    expect(work.error?.message).toContain("bomb.csv.gz");
  });

  it("a spreadsheet that opens an export runs nothing from it", async () => {
    await admin.send("POST", `/organisations/${own}/processes`, { name: "=cmd|' /C calc'!A0" });
    const csv = await (await admin.ask("GET", `/organisations/${own}/trail/export?format=csv`)).text();
    for (const line of csv.split("\n").slice(1))
      for (const cell of line.match(/("([^"]|"")*"|[^,]*)/g) ?? [])
        expect(cell.replace(/^"/, "")).not.toMatch(/^[=+@\t-]/);
    const lines = (await (await admin.ask("GET", `/organisations/${own}/trail/export`)).text())
      .trim()
      .split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual(
      lines.map((_, i) => i + 1),
    );
    const { id } = await analyst.send<{ id: string }>("POST", `/organisations/${own}/processes`, {
      name: "Rejects",
    });
    const file = join(mkdtempSync(join(tmpdir(), "rej-")), "r.csv");
    writeFileSync(file, "case,activity,time\n1,A,2025-01-01T00:00:00Z\n1,B,=1+1\n1,C,2025-01-02T00:00:00Z\n");
    const uploadId = await upload(analyst, own, "r.csv", readFileSync(file));
    const { workId } = await analyst.send<{ workId: string }>(
      "POST",
      `/organisations/${own}/processes/${id}/imports`,
      { uploadId },
    );
    const { result } = await ended(analyst, own, workId);
    const rejected = await (
      await analyst.ask(
        "GET",
        `/organisations/${own}/processes/${id}/logs/${String(result["logId"])}/rejected`,
      )
    ).text();
    expect(rejected).toContain("'=1+1");
    expect(rejected.split("\n")[1]).toMatch(/^3,line,time,/);
  });
});

test("every route has an answer schema, a summary and a tag", () => {
  for (const route of routes) {
    expect(route.summary.length, route.path).toBeGreaterThan(7);
    expect(Object.keys(route.answers)).toHaveLength(1);
    for (const name of [...route.path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one))
      expect((route.params as z.ZodObject).shape, route.path).toHaveProperty(name);
  }
});
