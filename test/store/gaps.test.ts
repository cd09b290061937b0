import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FoundGap } from "../../src/implementations/gaps.ts";
import { transact } from "../../src/store/database.ts";
import { acceptGap, gapsOfImplementation, keepGaps } from "../../src/store/gaps.ts";
import { addImplementation } from "../../src/store/implementations.ts";
import { addOrganisation } from "../../src/store/organisations.ts";
import { addProcess } from "../../src/store/processes.ts";
import { freshDatabase, KINDS, missing } from "../databases.ts";

const GAP: FoundGap = {
  key: "",
  kind: "step",
  title: "",
  has: "",
  remedy: "",
  owner: null,
  decides: "process owner",
  days: 1,
  step: null,
  about: [],
  requirement: null,
  claim: null,
  opens: false,
};

describe.each(KINDS)("gaps on %s", (kind) => {
  const reason = missing(kind);
  const it = test.skipIf(reason !== undefined);
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    if (!reason) database = await freshDatabase(kind);
  });
  afterAll(async () => {
    await database?.remove();
  });

  it("open, close and come back with audits; a step that is in the way under another key was not closed", async () => {
    const { db } = database;
    let today = new Date(Date.UTC(2027, 0, 20));
    const at = (day: number) => new Date(Date.UTC(2027, 0, day));
    const ids = await transact(db, async (trx) => {
      const organisationId = await addOrganisation(trx, "O");
      const processId = await addProcess(trx, organisationId, "P");
      const implementationId = await addImplementation(trx, organisationId, "me", {
        name: "T",
        tool: null,
        state: "planned",
        startsOn: null,
        costPerMonth: null,
        currency: null,
        touches: [{ processId, steps: [] }],
        note: null,
        requires: [],
        document: null,
      });
      return { organisationId, processId, implementationId };
    });
    const keep = (day: number, found: [key: string, about: string[]][]) =>
      transact(db, (trx) =>
        keepGaps(
          trx,
          { ...ids, at: at(day) },
          found.map(([key, about]): FoundGap => ({ ...GAP, key, about, title: key })),
        ),
      );
    const shown = async () =>
      (await gapsOfImplementation(db, ids.organisationId, ids.implementationId, today)).map((gap) => [
        gap.key,
        gap.state,
        gap.opened_at.getUTCDate(),
        gap.closed_at?.getUTCDate() ?? null,
      ]);
    await keep(1, [
      ["step A", ["A"]],
      ["step B", ["B", "b act"]],
      ["need 1", []],
    ]);
    await keep(3, [["step B", ["B", "b act"]]]);
    expect(await shown()).toEqual([
      ["step B", "open", 1, null],
      ["need 1", "closed", 1, 3],
      ["step A", "closed", 1, 3],
    ]);
    // A is back; B has too little work now, and is still in the way
    await keep(5, [
      ["step A", ["A"]],
      ["leave out x", ["B", "b act"]],
    ]);
    expect(await shown()).toEqual([
      ["leave out x", "open", 5, null],
      ["step A", "open", 5, null],
      ["need 1", "closed", 1, 3],
    ]);
    // what was accepted stays so while it is there, and another set of steps is another decision
    const [first] = await gapsOfImplementation(db, ids.organisationId, ids.implementationId, today);
    const acceptance = { at: at(6), by: "Ana", because: "We live with it.", until: "2027-01-20" };
    await transact(db, (trx) => acceptGap(trx, ids.organisationId, first.id, first.version, acceptance));
    await keep(7, [
      ["step A", ["A"]],
      ["leave out x", ["B", "b act"]],
    ]);
    expect((await shown()).find(([key]) => key === "leave out x")).toEqual([
      "leave out x",
      "accepted",
      5,
      null,
    ]);
    // an acceptance holds through its last day, and the gap is open again after it
    today = new Date(Date.UTC(2027, 0, 21));
    expect((await shown()).find(([key]) => key === "leave out x")?.[1]).toBe("open");
    today = new Date(Date.UTC(2027, 0, 20, 23));
    await keep(8, [["leave out y", ["A", "B", "b act"]]]);
    expect(await shown()).toEqual([
      ["leave out y", "open", 8, null],
      ["need 1", "closed", 1, 3],
    ]);
  });
});
