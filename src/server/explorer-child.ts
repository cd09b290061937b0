import { mkdirSync, rmSync } from "node:fs";
import { allSteps, type Description } from "../description/description.ts";
import { parseDescription, type DescriptionReading } from "../description/read-description.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import type { GivenCalendar } from "../eventlog/given-calendar.ts";
import { logFromBytes } from "../eventlog/log-bytes.ts";
import type { RecordTable } from "../eventlog/record-table.ts";
import { nameAt } from "../eventlog/strings.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { describedFlow } from "../exploration/described-flow.ts";
import { Explored } from "../exploration/explored.ts";
import type { ResolvedFilter } from "../exploration/filter.ts";
import { views } from "../exploration/index.ts";
import { eachText } from "../input-error.ts";
import { answerTasks } from "../threads/answer-tasks.ts";
import { localFile } from "../jobs/local-file.ts";
import { readBytesOf } from "../jobs/read-bytes.ts";
import { previewLog } from "../formats/preview.ts";
import { readOptionsOf } from "../formats/read-options.ts";
import { readRecords } from "../formats/records.ts";
import { openBlobs } from "../store/blobs.ts";
import { forEvidence } from "../store/places.ts";
import { pseudonymBy } from "./pseudonyms.ts";
import { wordedView } from "../wording/worded-view.ts";
import { toldJson } from "./told-json.ts";

/** What is known of a process when somebody asks about its log. */
export interface AskedLog {
  /** of the process */
  name: string;
  log: { id: string; blob: string };
  records: {
    blob: string;
    file: string;
    name: string;
    tag: string;
    options: Record<string, string | boolean>;
  }[];
  description: { number: number; content: Description } | undefined;
  zone: string;
  calendar: GivenCalendar | undefined;
  approvals: string[] | undefined;
}

export type ExplorerTask =
  | {
      kind: "view";
      of: AskedLog;
      view: string;
      query: object;
      filter: ResolvedFilter;
      /** for an outsider, the key by which cases have other names; details are left out then */
      pseudonymKey: string | null;
    }
  | { kind: "names"; of: AskedLog; people: number[] }
  | { kind: "preview"; parts: string[]; file: string; options: Record<string, string | boolean> }
  | { kind: "read description"; text: string; file: string }
  | { kind: "check description"; text: string; file: string };

/** What each kind of question is answered with, as JSON; of a view, what its schema says. */
export interface ExplorerAnswers {
  view: unknown;
  names: { people: Record<string, string> };
  preview: Awaited<ReturnType<typeof previewLog>>;
  "read description": DescriptionReading;
  "check description": {
    steps: string[];
    flow: NonNullable<ReturnType<typeof describedFlow>> | null;
  };
}

/** Where blobs and room are. */
export type Place = { directory: string; blobs: string | undefined; temporary: string };

/** Logs kept loaded, by their bytes; the one asked for last always is. */
const MEMORY = 768 << 20;
const logs = new Map<string, { log: EventLog; bytes: number; explored: Map<string, Explored> }>();

answerTasks<ExplorerTask & Place, string>(async (task) => {
  try {
    mkdirSync(task.temporary, { recursive: true, mode: 0o700 });
    const { result, afterwards } = await answer(task);
    const isMember = task.kind !== "view" || task.pseudonymKey === null;
    return { result: toldJson(result, isMember), afterwards };
  } finally {
    rmSync(task.temporary, { recursive: true, force: true });
  }
});

/** The answer, and what may be worked out once it was given. */
async function answer(task: ExplorerTask & Place): Promise<{ result: unknown; afterwards?: () => void }> {
  if (task.kind === "preview") {
    const blobs = openBlobs(task.directory, task.blobs);
    const at = { blobs, temporary: `${task.temporary}/file`, progress: () => {} };
    const path = await localFile(at, task.parts, task.file);
    const preview = await previewLog(path, readOptionsOf(task.options), task.temporary);
    // whoever may ask for it adds evidence, and sees what stands in the file
    const { rows, ...about } = preview;
    return { result: { ...eachText(about, forEvidence), rows } satisfies ExplorerAnswers["preview"] };
  }
  if (task.kind === "read description")
    return { result: parseDescription(task.text, task.file) satisfies ExplorerAnswers["read description"] };
  if (task.kind === "check description") {
    const { description } = parseDescription(task.text, task.file);
    const flow = describedFlow(description) ?? null;
    return { result: { steps: allSteps(description), flow } satisfies ExplorerAnswers["check description"] };
  }
  const explored = await exploredOf(task.of, task);
  const { log } = explored.whole;
  if (task.kind === "names")
    return {
      result: {
        people: Object.fromEntries(
          task.people.filter((p) => p < log.people.length).map((p) => [p, nameAt(log.people, p)]),
        ),
      } satisfies ExplorerAnswers["names"],
    };
  const pseudonym = task.pseudonymKey === null ? undefined : pseudonymBy(task.pseudonymKey);
  const view = views.find(({ id }) => id === task.view)!;
  const asked = {
    explored,
    selection: explored.select(task.filter),
    query: task.query as never,
    caseName: (c: number) => (pseudonym ? pseudonym(nameAt(log.caseIds, c)) : nameAt(log.caseIds, c)),
    showsDetails: !pseudonym,
  };
  return { result: wordedView(await view.work(asked)), afterwards: () => view.afterwards?.(asked) };
}

async function exploredOf(of: AskedLog, place: Place) {
  const { name, log: asked, records, description, zone, calendar, approvals } = of;
  const blobs = openBlobs(place.directory, place.blobs);
  let entry = logs.get(asked.id);
  if (!entry) {
    const bytes = await readBytesOf(blobs, asked.blob);
    entry = { log: logFromBytes(bytes), bytes: bytes.length, explored: new Map() };
  }
  logs.delete(asked.id); // the last asked for stays longest
  logs.set(asked.id, entry);
  let sum = [...logs.values()].reduce((total, one) => total + one.bytes, 0);
  for (const [id, { bytes }] of logs) {
    if (sum <= MEMORY || id === asked.id) break;
    logs.delete(id);
    sum -= bytes;
  }
  const key = `${description?.number ?? 0} ${zone} ${records.map(({ blob }) => blob).join(" ")} ${JSON.stringify([name, calendar, approvals])}`;
  let explored = entry.explored.get(key);
  if (!explored) {
    let tables: Promise<RecordTable[]> | undefined;
    explored = new Explored(entry.log, {
      name,
      zone: new TimeZone(zone),
      calendar,
      approvals,
      description: description?.content,
      records: () => (tables ??= loadRecords(records, place)),
    });
    entry.explored.clear(); // one description at a time
    entry.explored.set(key, explored);
  }
  return explored;
}

async function loadRecords(records: AskedLog["records"], place: Place): Promise<RecordTable[]> {
  const blobs = openBlobs(place.directory, place.blobs);
  const tables: RecordTable[] = [];
  for (const [i, { blob, file, name, tag, options }] of records.entries()) {
    const at = { blobs, temporary: `${place.temporary}/${i}`, progress: () => {} };
    const path = await localFile(at, [blob], file);
    tables.push((await readRecords(path, name, tag || undefined, readOptionsOf(options))).table);
  }
  return tables;
}
