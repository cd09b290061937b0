import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobs } from "../../src/jobs/index.ts";
import { act, acts, noteAct, plumbline, type ActName } from "../../src/store/acts.ts";
import { transact } from "../../src/store/database.ts";
import { addOrganisation, changeOrganisation, organisationOf } from "../../src/store/organisations.ts";
import { trailPage, verifyTrail } from "../../src/store/trail.ts";
import { WORK_ENDS } from "../../src/store/states.ts";
import { WORK_KINDS } from "../../src/store/work.ts";
import { freshDatabase, KINDS, missing } from "../databases.ts";

const src = resolve(import.meta.dirname, "../../src");
const texts = readdirSync(src, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".ts") && file !== join("store", "acts.ts"))
  .map((file) => readFileSync(join(src, file), "utf8"));

const endings: string[] = WORK_KINDS.flatMap((kind) => WORK_ENDS.map((state) => `${kind} ${state}`));

test("every act of the list is done somewhere", () => {
  const names = Object.keys(acts).filter((name) => !endings.includes(name));
  const unused = names.filter((name) => !texts.some((text) => text.includes(JSON.stringify(name))));
  expect(unused).toEqual([]);
});

test("every kind of work is a job, and each way in which it ends an act", () => {
  expect(jobs.map(({ kind }) => kind).sort()).toEqual([...WORK_KINDS].sort());
  expect(Object.keys(acts)).toEqual(expect.arrayContaining(endings));
});

test("no two acts about one kind of thing have the same words", () => {
  const said = Object.values(acts).map(({ words, about }) => `${about}: ${words}`);
  expect(said.filter((one, i) => said.indexOf(one) !== i)).toEqual([]);
});

test("an act does not compile under another name, without its details, or with others", () => {
  const organisationId = "o";
  // only looked at by the compiler
  const compiles = () =>
    transact(undefined as never, async (trx) => {
      const by = plumbline(organisationId);
      const now = new Date(0);
      // @ts-expect-error no act has this name
      await noteAct(trx, by, "did something", { about: "x" }, now);
      // @ts-expect-error the details are missing
      await noteAct(trx, by, "add a process", { about: "x" }, now);
      // @ts-expect-error details of another act
      await noteAct(trx, by, "add a process", { about: "x", details: { number: 1 } }, now);
      // @ts-expect-error this act keeps none
      await noteAct(trx, by, "sign in", { about: "x", details: { name: "n" } }, now);
      await noteAct(trx, by, "sign in", { about: "x" }, now);
      const one: ActName = "import done";
      return one;
    });
  expect(compiles).toBeTypeOf("function");
});

describe.each(KINDS)("acts on %s", (kind) => {
  const it = test.skipIf(missing(kind) !== undefined);
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    if (missing(kind) === undefined) database = await freshDatabase(kind);
  });
  afterAll(async () => database?.remove());

  it("an act and its entry are there together, at one instant; one that fails leaves neither", async () => {
    const { db } = database;
    const organisationId = await transact(db, (trx) => addOrganisation(trx, "Before"));
    const services = { database: { db }, now: () => new Date("2026-03-04T05:06:07.008Z") };
    const member = { organisationId, who: { actor: "person:a" } };
    const rename = (name: string, fails = false) =>
      act(services, member, "change an organisation", async (trx, now) => {
        await changeOrganisation(trx, organisationId, 1, { name });
        if (fails) throw new Error("power");
        return { about: organisationId, details: { name }, answer: now.getTime() };
      });
    await expect(rename("Half", true)).rejects.toThrow("power");
    expect((await organisationOf(db, organisationId))?.name).toBe("Before");
    expect(await trailPage(db, organisationId, 0, 9)).toEqual([]);
    expect(await rename("After")).toBe(services.now().getTime());
    expect((await organisationOf(db, organisationId))?.name).toBe("After");
    expect(await trailPage(db, organisationId, 0, 9)).toMatchObject([
      {
        at: services.now(),
        actor: "person:a",
        act: "changed the organisation",
        subject: organisationId,
        details: '{"name":"After"}',
      },
    ]);
    expect((await verifyTrail(db, organisationId)).broken).toBeUndefined();
  });

  it("an entry names what it is about by kind and id, an organisation and words by themselves", async () => {
    const { db } = database;
    const now = new Date(0);
    const organisationId = await transact(db, (trx) => addOrganisation(trx, "Subjects"));
    const by = plumbline(organisationId);
    await transact(db, (trx) => noteAct(trx, by, "remove an upload", { about: "u" }, now));
    await transact(db, (trx) => noteAct(trx, by, "add an organisation", { about: "Name" }, now));
    await transact(db, (trx) =>
      noteAct(trx, by, "audit failed", { about: "w", details: { code: "c", message: "m" } }, now),
    );
    expect(
      (await trailPage(db, organisationId, 0, 9)).map(({ act: words, subject }) => [words, subject]),
    ).toEqual([
      ["removed an upload", "upload u"],
      ["added the organisation", "Name"],
      ["audit failed", "work w"],
    ]);
  });
});
