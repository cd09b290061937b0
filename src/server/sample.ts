import { mkdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { randomUUID } from "node:crypto";
import { questions } from "../audit/questions.ts";
import { parseDescription } from "../description/read-description.ts";
import type { Requirement } from "../audit/requirement.ts";
import { simulate } from "../simulate/simulate.ts";
import { writeProcess } from "../simulate/write.ts";
import { noteAct, plumbline } from "../store/acts.ts";
import { addAnswers } from "../store/answers.ts";
import { transact, type Trx } from "../store/database.ts";
import { addImplementation, type SaidImplementation } from "../store/implementations.ts";
import { addDescription } from "../store/descriptions.ts";
import { keepImport } from "../store/imports.ts";
import { noteSample, sampleOrganisation } from "../store/installation.ts";
import { addOrganisation } from "../store/organisations.ts";
import { addPeople } from "../store/people.ts";
import { addProcess } from "../store/processes.ts";
import { addUpload, addUploadPart } from "../store/uploads.ts";
import type { Services } from "./context.ts";

const SEED = 1;
const BY = "plumbline";

/**
 * Adds the sample organisation, once: six processes with people, calendars and known leaks (simulated), their
 * descriptions and records. What is wanted of it is read and audited in the background, as if somebody had
 * sent the files. The files stay in `folder`, with what was planted (truth.json). Returns whether it was
 * added now.
 */
export async function addSample(services: Services, folder: string): Promise<boolean> {
  const { db } = services.database;
  const there = await sampleOrganisation(db);
  if (there) return false;
  await mkdir(folder, { recursive: true });
  const processes = simulate({ seed: SEED }).map((one) => ({
    plan: one.plan.id,
    name: one.plan.name,
    ...writeProcess(folder, one, SEED),
  }));
  const files: {
    process: string;
    path: string;
    kind: "events" | "records";
    name: string;
    tag: string;
    blob: string;
    bytes: number;
    uploadId: string;
  }[] = [];
  const organisationId = randomUUID();
  for (const one of processes) {
    for (const path of [...one.records, one.log]) {
      const [name, tag = ""] = basename(path, ".csv").split("@");
      const uploadId = randomUUID();
      const content = await readFile(path);
      const blob = `${organisationId}/uploads/${uploadId}/0`;
      await services.blobs.put(blob, content);
      const events = path === one.log;
      files.push({
        process: one.name,
        path,
        kind: events ? "events" : "records",
        name: events ? "events" : name,
        tag,
        blob,
        bytes: content.length,
        uploadId,
      });
    }
  }
  const texts = new Map<string, string>();
  for (const one of processes) texts.set(one.name, await readFile(one.description, "utf8"));
  await transact(db, async (trx) => {
    await addOrganisation(trx, "Sample organisation", {}, organisationId);
    await noteSample(trx, organisationId);
    const people = await addRespondents(trx);
    const ids = new Map<string, string>();
    for (const [name, text] of texts) {
      const processId = await addProcess(trx, organisationId, name);
      ids.set(processes.find((one) => one.name === name)!.plan, processId);
      await answerForThem(trx, organisationId, processId, people, ids.size, services.now());
      await addDescription(trx, {
        organisationId,
        processId,
        text,
        content: parseDescription(text, "description.yaml").description,
        madeBy: BY,
      });
      for (const file of files.filter(({ process }) => process === name)) {
        const uploadId = await addUpload(
          trx,
          organisationId,
          BY,
          basename(file.path),
          file.bytes,
          file.uploadId,
        );
        await addUploadPart(trx, uploadId, { at_byte: 0, bytes: file.bytes, blob: file.blob });
        const { kind, name: own, tag } = file;
        const importId = await keepImport(trx, { organisationId, processId, kind, name: own, tag });
        await services.queue.enqueue(trx, {
          organisationId,
          processId,
          kind: "import",
          input: { uploadId, importId },
          requestedBy: BY,
        });
      }
    }
    for (const one of implementations(services.now()))
      await addImplementation(trx, organisationId, BY, {
        ...one,
        touches: one.plans.flatMap((plan) =>
          ids.has(plan) ? [{ processId: ids.get(plan)!, steps: [] }] : [],
        ),
        requires: one.requires.flatMap(({ plan, ...need }, i) =>
          ids.has(plan) ? [{ ...need, id: `need-${i + 1}`, processId: ids.get(plan)! }] : [],
        ),
        document: null,
      });
    await noteAct(
      trx,
      plumbline(organisationId),
      "add the sample organisation",
      { about: organisationId, details: { seed: SEED } },
      services.now(),
    );
  });
  return true;
}

/** An implementation of the sample, before its processes have ids. */
interface SamplePlan extends Omit<SaidImplementation, "touches" | "requires" | "document"> {
  plans: string[];
  requires: (WithoutId<Requirement> & { plan: string })[];
}
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/**
 * What the sample is about: a financial-close platform nine weeks before it goes live, and a tool that is
 * paid for already.
 */
const implementations = (now: Date): SamplePlan[] => [
  {
    name: "Financial close platform",
    tool: "a made-up product",
    state: "planned" as const,
    startsOn: new Date(now.getTime() + 63 * 86_400_000).toISOString().slice(0, 10),
    costPerMonth: 6500,
    currency: "EUR",
    plans: ["month-end-close", "purchase-to-pay"],
    requires: [
      { plan: "month-end-close", kind: "owner", step: "Check reconciliation" },
      { plan: "month-end-close", kind: "handoff", from: "Post journal", to: "Approve journal" },
      { plan: "month-end-close", kind: "volume", step: "Post journal", perMonth: 60 },
      { plan: "month-end-close", kind: "consistency", share: 0.8 },
      { plan: "purchase-to-pay", kind: "fields", step: "Record invoice", columns: ["amount", "vendor"] },
      { plan: "purchase-to-pay", kind: "authoritative", field: "bank_account" },
      { plan: "purchase-to-pay", kind: "owner", step: "Approve purchase" },
    ],
    note: "The sample organisation: everything in it is simulated.",
  },
  {
    name: "Invoice capture",
    tool: "a made-up product",
    state: "in use" as const,
    startsOn: "2025-03-03",
    costPerMonth: 1900,
    currency: "EUR",
    plans: ["purchase-to-pay"],
    requires: [],
    note: null,
  },
];

/** Three made-up people who answered the audit; they have no account and cannot sign in. */
const addRespondents = (trx: Trx): Promise<string[]> =>
  addPeople(
    trx,
    [1, 2, 3].map((number) => ({
      name: `Made-up respondent ${number}`,
      email: `respondent-${number}-${randomUUID().slice(0, 8)}@sample.invalid`,
    })),
  );

/** What they said: mostly that all is well, as people do, and not always the same. */
async function answerForThem(
  trx: Trx,
  organisationId: string,
  processId: string,
  people: string[],
  place: number,
  now: Date,
): Promise<void> {
  const rows = people.flatMap((person, i) =>
    questions.map(({ number }) => {
      const mood = (number * 7 + i * 11 + place * 5) % 20;
      return {
        organisation_id: organisationId,
        process_id: processId,
        person_id: person,
        question: number,
        value: mood < 13 ? "a" : mood < 16 ? "b" : mood < 19 ? "c" : "d",
        released_at: now,
      };
    }),
  );
  await addAnswers(trx, rows);
}
