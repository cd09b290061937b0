import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Says, SaidBy } from "../../src/audit/says.ts";
import { earlierId } from "../../src/audit/earlier-ids.ts";
import { claimId, type Claim } from "../../src/audit/claims.ts";
import { checkBackup, readBackup } from "../../src/store/backup.ts";
import { openBlobs } from "../../src/store/blobs.ts";
import { openDatabase } from "../../src/store/database.ts";
import { statementOf, saidByInWords } from "../../src/wording/claims.ts";
import { KINDS, missing } from "../databases.ts";
import { allEnded, harnessOn, type Client, type Harness } from "../server/harness.ts";

/** A backup that the version before 0009 wrote (commit ee37af3), and what people had said and set in it. */
const archive = join(import.meta.dirname, "fixtures/before-keys.tar.gz");
const facts = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/before-keys.json"), "utf8"),
) as Facts;
const SAMPLE = facts.organisations.sample;
/** Of this process a new audit is made: it has something of everything. */
const AUDITED = facts.processes.find(({ name }) => name === "Purchase to pay")!.id;

interface Facts {
  organisations: { sample: string };
  processes: { id: string; name: string }[];
  claims: {
    processId: string;
    id: string;
    source: Claim["source"];
    saidBy: string;
    statement: string;
    verdict: string;
    judgedByLastAudit: boolean;
    history: number;
  }[];
  findings: {
    processId: string;
    id: string;
    detector: string;
    subject: string;
    shown: {
      state: string;
      owner: string | null;
      remedy: string | null;
      verdicts: { verdict: string; note: string | null }[];
    };
  }[];
  gaps: {
    id: string;
    key: string;
    processId: string;
    set: object;
    shown: { state: string; owner: string | null };
  }[];
  remedyDays: { processId: string; days: number; inLastPlan: object | null }[];
  signatures: {
    id: string;
    implementationId: string;
    shown: { current: boolean; judgement: string; note: string };
  }[];
  overrides: { processId: string; id: string; step: string; reason: string; shown: { holds: boolean } }[];
  taskConfirmations: { processId: string; step: string; takenBack: boolean }[];
  promises: { implementationId: string; id: string; metric: string; withdrawn: boolean }[];
  decisions: { ids: string[]; implementationId: string; text: string; shown: { gap: string | null }[] }[];
}
interface Row {
  process_id: string;
  id: string;
  content: {
    key: string;
    says: Says;
    saidBy: SaidBy;
    source: Claim["source"];
    filedAs?: string;
    statement?: string;
  };
  histories: number;
  is_latest: boolean;
}

describe.each(KINDS)("a data directory of the version before keys, on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let harness: Harness;
  let ana: Client;
  const claims = async (): Promise<Row[]> => {
    const { rows } = await sql<Row>`
      select process_id, id, content,
        (select count(*)::int from claim_verdict where process_id = claim.process_id and claim_id = claim.id) as histories,
        last_audit = (select id from audit where process_id = claim.process_id order by at desc limit 1) as is_latest
      from claim order by process_id, rank`.execute(harness.services.database.db);
    return rows;
  };
  /** what each claim is now, by process and the id that it had */
  const now = new Map<string, string>();

  beforeAll(async () => {
    if (reason) return;
    harness = await harnessOn(kind, {
      runs: true,
      async fill({ directory, url }) {
        // what lies there is an empty database of this version
        rmSync(directory, { recursive: true });
        mkdirSync(directory);
        const manifest = await checkBackup(archive);
        const database = await openDatabase(directory, url, manifest.tables);
        await readBackup(database.db, openBlobs(directory, undefined), archive, manifest);
        await database.close();
      },
    });
    ana = harness.client();
    await ana.send("POST", "/session", { email: "ana@example.org", password: "a long enough password" });
  }, 120_000);
  afterAll(async () => harness?.stop());

  it("every claim says what it said, under the id of its key, with its history", async () => {
    const rows = await claims();
    expect(rows).toHaveLength(facts.claims.length);
    for (const row of rows) now.set(`${row.process_id} ${row.content.filedAs ?? row.id}`, row.id);
    const byId = new Map(rows.map((row) => [`${row.process_id} ${row.id}`, row]));
    for (const fact of facts.claims) {
      const id = now.get(`${fact.processId} ${fact.id}`)!;
      const { content, histories } = byId.get(`${fact.processId} ${id}`)!;
      expect(content.statement, fact.statement).toBeUndefined();
      if (fact.source !== "finding") expect(id, fact.statement).toBe(claimId(fact.source, content.says));
      else expect(id).toBe(fact.id);
      expect(histories, fact.statement).toBe(fact.history);
      expect(saidByInWords(content.saidBy)).toBe(fact.saidBy);
      if (fact.source !== "description") continue;
      expect(statementOf(content.says)).toBe(fact.statement);
      // files of the command line hold ids alone
      expect(earlierId(content)).toBe(fact.id);
    }
  });

  it("a new audit goes on with every claim of the description and every answer, and sees no change of version", async () => {
    await ana.send("POST", `/organisations/${SAMPLE}/processes/${AUDITED}/audits`);
    await allEnded(ana, SAMPLE);
    const rows = (await claims()).filter(({ process_id }) => process_id === AUDITED);
    const known = new Set([...now].flatMap(([key, id]) => (key.startsWith(AUDITED) ? [id] : [])));
    const judged = rows.filter(({ is_latest }) => is_latest);
    expect(judged.filter(({ id }) => !known.has(id)).map(({ content }) => statementOf(content.says))).toEqual(
      [],
    );
    const before = facts.claims.filter((one) => one.processId === AUDITED && one.judgedByLastAudit);
    expect(judged).toHaveLength(before.length);
    for (const fact of before) {
      const row = judged.find(({ id }) => id === now.get(`${AUDITED} ${fact.id}`))!;
      expect(row.histories, fact.statement).toBe(fact.history + 1);
    }
    const { headline } = (
      await ana.get<{ items: { headline: { history: { changes: object[]; fresh: string[] } } }[] }>(
        `/organisations/${SAMPLE}/processes/${AUDITED}/audits?limit=1`,
      )
    ).items[0];
    expect(headline.history.fresh).toEqual([]);
  });

  it("findings keep owners, states and what people said of them", async () => {
    for (const fact of facts.findings.filter(({ processId }) => processId === AUDITED)) {
      const finding = await ana.get<{
        state: string;
        owner: string | null;
        remedy: string | null;
        reviews: { said: string; note: string | null }[];
      }>(`/organisations/${SAMPLE}/processes/${AUDITED}/findings/${fact.id}`);
      const { state, owner, remedy, verdicts } = fact.shown;
      expect(finding).toMatchObject({ state, owner, remedy });
      expect(finding.reviews.map(({ said, note }) => [said, note]).sort()).toEqual(
        verdicts.map(({ verdict, note }) => [verdict, note]).sort(),
      );
    }
  });

  it("gaps keep owners, acceptances and notes under their keys", async () => {
    const { rows } = await sql<{ id: string; key: string; state: string; owner: string | null }>`
      select id, key, state, owner from gap`.execute(harness.services.database.db);
    for (const fact of facts.gaps) {
      const row = rows.find(({ id }) => id === fact.id);
      expect(row, fact.key).toBeDefined();
      expect(row!.key).toBe(fact.key);
      const said = fact.set as { owner?: string };
      if (said.owner !== undefined) expect(row!.owner).toBe(said.owner);
      if (fact.processId === AUDITED || fact.shown.state !== "open")
        expect(row!.state).toBe(fact.shown.state);
    }
    const notes = await sql<{ id: string; text: string }>`select id, text from gap_note`.execute(
      harness.services.database.db,
    );
    for (const { ids, text } of facts.decisions)
      for (const id of ids) expect(notes.rows.find((note) => note.id === id)?.text).toBe(text);
  });

  it("remedies keep the days that somebody said", async () => {
    const { order, beside } = await ana.get<{ [list: string]: { days: number; asked: boolean }[] }>(
      `/organisations/${SAMPLE}/processes/${AUDITED}/fix-first`,
    );
    const asked = [...order, ...beside].filter((one) => one.asked).map(({ days }) => days);
    const said = facts.remedyDays.filter((one) => one.processId === AUDITED && one.inLastPlan);
    expect(said.length).toBeGreaterThan(3);
    expect(asked.sort((a, b) => a - b)).toEqual(said.map(({ days }) => days).sort((a, b) => a - b));
  });

  it("overrides, confirmations, promises and signatures stand as they stood", async () => {
    const { overrides } = await ana.get<{
      overrides: { id: string; step: string; reason: string; holds: boolean }[];
    }>(`/organisations/${SAMPLE}/processes/${AUDITED}/readiness`);
    for (const fact of facts.overrides.filter(({ processId }) => processId === AUDITED))
      expect(overrides.find(({ id }) => id === fact.id)).toMatchObject({
        step: fact.step,
        reason: fact.reason,
        holds: fact.shown.holds,
      });
    for (const fact of facts.signatures) {
      const { signatures } = await ana.get<{
        signatures: { id: string; judgement: string; note: string; current: boolean }[];
      }>(`/organisations/${SAMPLE}/implementations/${fact.implementationId}`);
      const { judgement, note, current } = fact.shown;
      expect(signatures.find(({ id }) => id === fact.id)).toMatchObject({ judgement, note, current });
    }
  });

  it("no answer about an audit names an option of the command line", async () => {
    const process = `/organisations/${SAMPLE}/processes/${AUDITED}`;
    const paths = ["audits", "claims?limit=200", "findings?limit=200", "answers/result", "questions"].map(
      (part) => `${process}/${part}`,
    );
    for (const path of [...paths, `/organisations/${SAMPLE}/processes`])
      expect(
        JSON.stringify(await ana.get(path)).match(/.{40}(?<![\w-])--[a-z].{40}|.{40}\w: ….{20}/g),
        path,
      ).toBeNull();
  });
});
