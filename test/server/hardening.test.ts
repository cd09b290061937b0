import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endIdleChildren } from "../../src/jobs/compute.ts";
import { allEnded, harnessOn, type Client, type Harness } from "./harness.ts";

const TUS = { "tus-resumable": "1.0.0" };
const given = (folder: string, name: string) =>
  readFileSync(join(import.meta.dirname, "..", folder, "hardening", name));
const LOG = Buffer.from("case,activity,time\n1,A,2025-03-01T09:00:00Z\n1,B,2025-03-02T09:00:00Z\n");
const ROWS = "1,A,2025-03-01T09:00:00Z\n".repeat(1000);

/** The processes of this one's that run a module. */
function childrenThatRun(module: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
        return (
          Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(module)
        );
      } catch {
        return false; // it has gone meanwhile
      }
    });
}

describe("one file does not stop everybody", () => {
  let harness: Harness;
  let [a, b] = ["", ""];
  let [ana, ben]: Client[] = [];

  beforeAll(async () => {
    harness = await harnessOn("embedded", { runs: true });
    a = await harness.addOrganisation("A");
    b = await harness.addOrganisation("B");
    await harness.addPerson("ana@x.org", { [a]: "admin" });
    await harness.addPerson("ben@x.org", { [b]: "admin" });
    ana = await harness.person("ana@x.org");
    ben = await harness.person("ben@x.org");
  });
  afterAll(async () => {
    await harness.stop();
  });

  async function upload(client: Client, organisation: string, name: string, content: Uint8Array) {
    const begun = await client.ask("POST", `/organisations/${organisation}/uploads`, undefined, {
      ...TUS,
      "upload-length": String(content.length),
      "upload-metadata": `filename ${btoa(name)}`,
    });
    const id = begun.headers.get("location")!.split("/").at(-1)!;
    await client.ask("PATCH", `/organisations/${organisation}/uploads/${id}`, content, {
      ...TUS,
      "content-type": "application/offset+octet-stream",
      "upload-offset": "0",
    });
    return id;
  }

  async function wantImport(client: Client, organisation: string, name: string, content: Uint8Array) {
    const uploadId = await upload(client, organisation, name, content);
    const base = `/organisations/${organisation}/processes`;
    const { id } = await client.send<{ id: string }>("POST", base, { name });
    const { workId } = await client.send<{ workId: string }>("POST", `${base}/${id}/imports`, { uploadId });
    return { processId: id, uploadId, workId };
  }

  type Shown = { state: string; attempt: number; error: { code: string; message: string } | null };
  const workOf = (client: Client, organisation: string, id: string) =>
    client.get<Shown>(`/organisations/${organisation}/work/${id}`);
  async function ended(client: Client, organisation: string, id: string): Promise<Shown> {
    for (let i = 0; i < 900; i++) {
      const work = await workOf(client, organisation, id);
      if (!["waiting", "running"].includes(work.state)) return work;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the work did not end");
  }

  test("a file that aborted the server is refused, and another organisation's import goes on", async () => {
    const odd = await wantImport(ana, a, "gen400.sqlite", given("formats", "gen400.sqlite"));
    const other = await wantImport(ben, b, "log.csv", LOG);
    expect((await ended(ben, b, other.workId)).state).toBe("done");
    expect(await ended(ana, a, odd.workId)).toMatchObject({
      state: "failed",
      attempt: 1,
      error: { code: "cell-too-large" },
    });
  });

  test.skipIf(process.platform !== "linux")(
    "work that takes its process down twice is set aside; meanwhile others import, look into files and see their logs",
    async () => {
      // what earlier imports left to do runs in children, too
      await Promise.all([allEnded(ana, a), allEnded(ben, b)]);
      await endIdleChildren();
      const large = Buffer.from(`case,activity,time\n${ROWS.repeat(4000)}`);
      const poison = await wantImport(ana, a, "poison.csv", large);
      for (let attempt = 1; attempt <= 2; attempt++) {
        if (attempt === 2) {
          await allEnded(ben, b);
          await endIdleChildren(); // B's
        }
        for (let i = 0; i < 3000; i++) {
          const { state, attempt: at } = await workOf(ana, a, poison.workId);
          if (state === "running" && at === attempt && childrenThatRun("compute-child").length > 0) break;
          if (state !== "waiting" && state !== "running") break;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const own = childrenThatRun("compute-child");
        // it does not come to its end by itself
        for (const pid of own) process.kill(pid, "SIGSTOP");
        if (attempt === 1) {
          // what B wants does not wait for A's
          const other = await wantImport(ben, b, "meanwhile.csv", LOG);
          const path = `/organisations/${b}/processes/${other.processId}`;
          const preview = await ben.send<{ cases: number }>(
            "POST",
            `/organisations/${b}/uploads/${other.uploadId}/preview`,
            {},
          );
          expect(preview.cases).toBe(1);
          expect((await ended(ben, b, other.workId)).state).toBe("done");
          expect(await ben.get(`${path}/map`)).toMatchObject({ cases: 1 });
        }
        for (const pid of own) process.kill(pid, "SIGKILL");
      }
      const work = await ended(ana, a, poison.workId);
      expect(work).toMatchObject({ state: "set aside", attempt: 2, error: { code: "set-aside" } });
      expect(work.error!.message).toMatch(/took the process that worked on it down twice/);
      const after = await wantImport(ana, a, "after.csv", LOG);
      expect((await ended(ana, a, after.workId)).state).toBe("done");
      // nothing begins it again
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(await workOf(ana, a, poison.workId)).toMatchObject({ state: "set aside", attempt: 2 });
    },
  );

  test("a look into a file that aborted the server says what stands in the way", async () => {
    for (const name of ["gen400.sqlite", "big.parquet", "quote2.xlsx", "redos.xlsx"]) {
      const id = await upload(ana, a, name, given("formats", name));
      const { problem } = await ana.send<{ problem: { code: string } }>(
        "POST",
        `/organisations/${a}/uploads/${id}/preview`,
        {},
      );
      expect(problem.code).toMatch(/^(cell-too-large|too-large|no-rows)$/);
    }
  });

  test("forty steps in parallel are drawn in a simpler picture, and this thread answers meanwhile", async () => {
    const text = given("description", "par40.yaml").toString();
    let turns = 0;
    const clock = setInterval(() => turns++, 20);
    const { flow } = await ana.send<{
      flow: { simplified: boolean; nodes: object[]; edges: object[] };
    }>("POST", `/organisations/${a}/descriptions/check`, { text });
    clearInterval(clock);
    expect(flow.simplified).toBe(true);
    expect([flow.nodes.length, flow.edges.length]).toEqual([42, 80]);
    const several = `process: P\nflow:\n${[1, 2, 3].map((p) => `  - parallel: [${Array.from({ length: 45 }, (_, i) => `${p}-${i}`).join(", ")}]\n`).join("")}`;
    const answer = await ana.send<{ flow: { edges: object[] } }>(
      "POST",
      `/organisations/${a}/descriptions/check`,
      { text: several },
    );
    expect(answer.flow.edges.length).toBeLessThanOrEqual(300);
  });

  test("a character that no database keeps is said with line and column, wherever a client's text has it", async () => {
    const text = given("description", "A-108-road-traffic-fines.yaml").toString();
    const { id } = await ana.send<{ id: string }>("POST", `/organisations/${a}/processes`, { name: "fines" });
    const path = `/organisations/${a}/processes/${id}/descriptions`;
    for (const odd of [text, 'process: P\nflow: ["a\\0b"]\n', 'process: P\nflow: ["a\\ud800b"]\n']) {
      const refused = await ana.ask("POST", path, { text: odd });
      expect(refused.status).toBe(422);
      expect(((await refused.json()) as { detail: string }).detail).toMatch(
        /line \d+, column \d+: expected a text without the character NUL/,
      );
      const checked = await ana.send<{ problems: { line: number | null }[] }>(
        "POST",
        `/organisations/${a}/descriptions/check`,
        { text: odd },
      );
      expect(checked.problems[0].line).toBeGreaterThan(0);
    }
    const processes = `/organisations/${a}/processes`;
    for (const body of [
      String.raw`{"name":"a\u0000b"}`,
      String.raw`{"name":"a\ud800b"}`,
      String.raw`{"a\udc00":1}`,
    ]) {
      const refused = await ana.ask("POST", processes, body, { "content-type": "application/json" });
      expect(refused.status).toBe(400);
    }
    const cursor = Buffer.from(JSON.stringify(["a\u0000", id])).toString("base64url");
    for (const query of [
      `${processes}?after=${cursor}`,
      `${processes}/${id}/map?filter=${encodeURIComponent(String.raw`{"finding":"\u0000"}`)}`,
      `${processes}/${id}/map?filter=${encodeURIComponent(String.raw`{"claim":"\ud800"}`)}`,
      `${processes}?after=%00`,
    ])
      expect((await ana.ask("GET", query)).status).toBe(400);
    expect(harness.errors.filter(({ words }) => words === "request failed")).toEqual([]);
  });
});
