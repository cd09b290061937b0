import { readFilter, writeFilter, type Filter } from "./filter.ts";

/** What an address carries behind its question mark, as it comes. */
type Search = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);
const share = (value: unknown) => (typeof value === "number" && value >= 0 && value <= 1 ? value : undefined);
const flag = (value: unknown) => (value === true ? true : undefined);

/** For pages that read nothing from their address. */
const nothing = (): object => ({});

/** The cases that the pages of the evidence look at; the filter goes with every link between them. */
const filtered = (search: Search) => ({
  f: writeFilter(
    typeof search["f"] === "object" && search["f"] ? (search["f"] as Filter) : readFilter(text(search["f"])),
  ),
});

/**
 * An address of a page, and what stands there when it has loaded, on the sample organisation; $process,
 * $finding, $tool and $paid stand for ids.
 */
interface Look {
  name: string;
  address: string;
  shows: RegExp;
}

/**
 * What a page is, in one place: the router, the navigation, the test of every page and docs/pages.md are
 * drawn from it.
 */
export interface Page<Path extends string = string, Read = unknown> {
  path: Path;
  /** what it is called, in the navigation and in the documentation */
  words: string;
  /** what it answers, for the documentation */
  answers: string;
  /** the part of the navigation that it stands in; null for what other pages lead to */
  group: string | null;
  /** rights of which one is needed to see it in the navigation; everybody's where none is named */
  rights?: readonly string[];
  /** its module, loaded when it is opened, and the export that is the page */
  load: () => Promise<object>;
  component: string;
  search: (search: Search) => Read;
  looks: readonly Look[];
}

const page = <const Path extends string, Read>(spec: Page<Path, Read>) => spec;

/** Pages of an organisation, below /o/$org. A new page is a folder, an entry here and nothing else. */
export const ORGANISATION_PAGES = {
  overview: page({
    path: "/",
    words: "Overview",
    answers: "what is going live; the losses, blind spots and readiness of each process",
    group: "top",
    load: () => import("./overview/overview.tsx"),
    component: "Overview",
    search: nothing,
    looks: [{ name: "overview", address: "", shows: /Lost in leaks/ }],
  }),
  implementations: page({
    path: "/implementations",
    words: "Implementations",
    answers: "every tool and rollout, planned or in use: date, cost, processes, open gaps",
    group: "top",
    load: () => import("./implementations/implementations.tsx"),
    component: "Implementations",
    search: nothing,
    looks: [{ name: "implementations", address: "/implementations", shows: /Financial close platform/ }],
  }),
  newImplementation: page({
    path: "/implementations/new",
    words: "New implementation",
    answers: "the tool, its date and its processes; then six questions, answered before any evidence",
    group: null,
    load: () => import("./implementations/new-implementation.tsx"),
    component: "NewImplementation",
    search: (search) => ({ process: text(search["process"]) }),
    looks: [
      { name: "new-implementation", address: "/implementations/new", shows: /What is it\?/ },
      { name: "six-questions", address: "/implementations/new?process=$process", shows: /Six questions/ },
    ],
  }),
  implementation: page({
    path: "/implementations/$implementation",
    words: "Implementation: Readiness",
    answers: "whether it is ready for its date, what to do first, and the steps it would inherit",
    group: null,
    load: () => import("./implementations/readiness-tab.tsx"),
    component: "ReadinessTab",
    search: nothing,
    looks: [{ name: "implementation", address: "/implementations/$tool", shows: /What it would inherit/ }],
  }),
  implementationRequirements: page({
    path: "/implementations/$implementation/requirements",
    words: "Implementation: Requirements",
    answers: "each requirement of the tool and what the evidence shows",
    group: null,
    load: () => import("./implementations/requirements-tab.tsx"),
    component: "RequirementsTab",
    search: nothing,
    looks: [
      {
        name: "implementation-requirements",
        address: "/implementations/$tool/requirements",
        shows: /Requirements and evidence/,
      },
    ],
  }),
  requirementsForm: page({
    path: "/implementations/$implementation/requirements/edit",
    words: "Implementation: Requirements, edited",
    answers: "the requirements of the tool, entered by form or read from a document",
    group: null,
    load: () => import("./implementations/requirements.tsx"),
    component: "RequirementsPage",
    search: nothing,
    looks: [
      {
        name: "requirements-form",
        address: "/implementations/$tool/requirements/edit",
        shows: /Add a requirement/,
      },
    ],
  }),
  implementationGaps: page({
    path: "/implementations/$implementation/gaps",
    words: "Implementation: Gaps",
    answers: "gaps between tool and process: decisions, deadlines, the cost of waiting, accepted gaps",
    group: null,
    load: () => import("./implementations/gaps-tab.tsx"),
    component: "GapsTab",
    search: nothing,
    looks: [
      {
        name: "implementation-gaps",
        address: "/implementations/$tool/gaps",
        shows: /Decisions and deadlines/,
      },
    ],
  }),
  implementationPromises: page({
    path: "/implementations/$implementation/promises",
    words: "Implementation: Promises",
    answers: "what was promised, by when and compared with what; registered before the data arrives",
    group: null,
    load: () => import("./implementations/promises-tab.tsx"),
    component: "PromisesTab",
    search: nothing,
    looks: [
      {
        name: "implementation-promises",
        address: "/implementations/$paid/promises",
        shows: /What was promised/,
      },
    ],
  }),
  implementationResults: page({
    path: "/implementations/$implementation/results",
    words: "Implementation: Results",
    answers:
      "hours, errors and waiting before and after the start, with intervals; whether promises were kept",
    group: null,
    load: () => import("./implementations/results.tsx"),
    component: "ResultsTab",
    search: nothing,
    looks: [
      { name: "implementation-results", address: "/implementations/$paid/results", shows: /Expected since/ },
    ],
  }),
  implementationRecord: page({
    path: "/implementations/$implementation/record",
    words: "Implementation: Record",
    answers: "gap notes, meetings, and the judgements of outside assessors",
    group: null,
    load: () => import("./implementations/record-tab.tsx"),
    component: "RecordTab",
    search: nothing,
    looks: [
      { name: "implementation-record", address: "/implementations/$tool/record", shows: /Outside assessors/ },
    ],
  }),
  newImport: page({
    path: "/imports/new",
    words: "Import",
    answers: "turn an export into evidence: recognised columns, ten sample rows, corrections, progress",
    group: "processes",
    rights: ["add evidence"],
    load: () => import("./imports/import.tsx"),
    component: "Import",
    search: (search) => ({
      process: text(search["process"]),
      next: text(search["next"]),
      upload: text(search["upload"]),
      file: text(search["file"]),
      work: text(search["work"]),
    }),
    looks: [{ name: "import", address: "/imports/new", shows: /Drop a file here/ }],
  }),
  members: page({
    path: "/members",
    words: "People and rights",
    answers: "who may do what; invitations, assessors, program tokens",
    group: "organisation",
    rights: ["see people"],
    load: () => import("./members/members.tsx"),
    component: "Members",
    search: nothing,
    looks: [{ name: "members", address: "/members", shows: /Create an invitation link/ }],
  }),
  trail: page({
    path: "/trail",
    words: "Trail",
    answers: "who did what; append-only, with a check that nothing was changed",
    group: "organisation",
    rights: ["see the trail"],
    load: () => import("./trail/trail.tsx"),
    component: "Trail",
    search: nothing,
    looks: [{ name: "trail", address: "/trail", shows: /added the sample organisation/ }],
  }),
  settings: page({
    path: "/settings",
    words: "Settings",
    answers: "rates, time zone, the weekly brief, how long replaced evidence is kept",
    group: "organisation",
    load: () => import("./settings/organisation-settings.tsx"),
    component: "OrganisationSettings",
    search: nothing,
    looks: [{ name: "settings", address: "/settings", shows: /Rates/ }],
  }),
  account: page({
    path: "/account",
    words: "Your account",
    answers: "your password and second factor",
    group: null,
    load: () => import("./settings/account.tsx"),
    component: "Account",
    search: nothing,
    looks: [{ name: "account", address: "/account", shows: /Second factor/ }],
  }),
} as const;

/**
 * The groups of a process's pages in the navigation, in the order in which people ask; only the one in use is
 * unfolded.
 */
export const PROCESS_GROUPS = ["Judgement", "Evidence", "Described"] as const;

/** Pages of a process, below /o/$org/p/$process. */
export const PROCESS_PAGES = {
  summary: page({
    path: "/summary",
    words: "Summary",
    answers: "what a tool would inherit, on one printable page",
    group: "first",
    load: () => import("./summary/summary.tsx"),
    component: "Summary",
    search: nothing,
    looks: [{ name: "summary", address: "/p/$process/summary", shows: /The largest leaks/ }],
  }),
  findings: page({
    path: "/findings",
    words: "Leaks",
    answers: "leaks, priced and ranked: owner, remedy, review (confirmed, false alarm), precision",
    group: "Judgement",
    load: () => import("./findings/findings.tsx"),
    component: "Findings",
    search: (search) => ({ state: text(search["state"]) }),
    looks: [{ name: "findings", address: "/p/$process/findings", shows: /What is not visible here|Leak/ }],
  }),
  finding: page({
    path: "/findings/$finding",
    words: "Leak",
    answers: "one leak: the finding, its price, its cases and their stories, the reviews",
    group: null,
    load: () => import("./findings/finding.tsx"),
    component: "FindingPage",
    search: nothing,
    looks: [{ name: "finding", address: "/p/$process/findings/$finding", shows: /reviews?/ }],
  }),
  readiness: page({
    path: "/readiness",
    words: "Readiness",
    answers:
      "whether AI may do each step yet, the claims that decide it, and what to do first ([readiness.md](readiness.md))",
    group: "Judgement",
    load: () => import("./readiness/readiness.tsx"),
    component: "ReadinessPage",
    search: nothing,
    looks: [{ name: "readiness", address: "/p/$process/readiness", shows: /Based on/ }],
  }),
  fixFirst: page({
    path: "/fix-first",
    words: "Fix first",
    answers:
      "remedies ranked by the work they make ready per working day; tick some to see the verdicts change",
    group: "Judgement",
    load: () => import("./fix-first/fix-first.tsx"),
    component: "FixFirst",
    search: (search) => ({ done: text(search["done"]) }),
    looks: [{ name: "fix-first", address: "/p/$process/fix-first", shows: /steps ready now/ }],
  }),
  whatIf: page({
    path: "/what-if",
    words: "What if",
    answers:
      "someone is away, volume rises, work moves, an assistant takes a step; simulated only if the simulation predicts unseen weeks",
    group: "Judgement",
    load: () => import("./what-if/what-if.tsx"),
    component: "WhatIf",
    search: (search) => ({
      form: text(search["form"]),
      ask: text(search["ask"]),
      person: number(search["person"]),
      weeks: number(search["weeks"]),
      more: number(search["more"]),
      monthEnd: text(search["monthEnd"]) ?? (search["monthEnd"] === true ? "true" : undefined),
      from: text(search["from"]),
      to: text(search["to"]),
      step: text(search["step"]),
      share: number(search["share"]),
      error: number(search["error"]),
    }),
    looks: [
      { name: "what-if", address: "/p/$process/what-if", shows: /The simulation fits this process/ },
      {
        name: "what-if-answered",
        address: "/p/$process/what-if?form=volume&ask=volume&more=2",
        shows: /Utilisation in this scenario/,
      },
    ],
  }),
  map: page({
    path: "/map",
    words: "Map",
    answers:
      "what happens compared with the description, how often and how long; every step and line opens its cases",
    group: "Evidence",
    load: () => import("./map/map.tsx"),
    component: "MapPage",
    search: (search) => ({
      ...filtered(search),
      activities: share(search["activities"]),
      paths: share(search["paths"]),
      colour: search["colour"] === "time" ? ("time" as const) : undefined,
      anew: flag(search["anew"]),
      table: flag(search["table"]),
    }),
    looks: [
      { name: "map", address: "/p/$process/map", shows: /Most frequent variants/ },
      { name: "map-table", address: "/p/$process/map?table=true", shows: /Compared with the description/ },
      {
        name: "map-filtered",
        address: "/p/$process/map?f=%7B%22longerThanHours%22%3A100%7D&colour=time",
        shows: /longer than 100 h/,
      },
    ],
  }),
  variants: page({
    path: "/variants",
    words: "Variants",
    answers: "the sequences of steps, and how many of them cover most cases",
    group: "Evidence",
    load: () => import("./variants/variants.tsx"),
    component: "Variants",
    search: filtered,
    looks: [{ name: "variants", address: "/p/$process/variants", shows: /cover 80 % of the cases/ }],
  }),
  cases: page({
    path: "/cases",
    words: "Cases",
    answers: "the cases behind a number; each opens its story: when, in which role, how long it waited",
    group: "Evidence",
    load: () => import("./cases/cases.tsx"),
    component: "Cases",
    search: (search) => ({
      ...filtered(search),
      order: text(search["order"]),
      case: text(search["case"]) ?? (typeof search["case"] === "number" ? String(search["case"]) : undefined),
    }),
    looks: [{ name: "cases", address: "/p/$process/cases", shows: /90th percentile/ }],
  }),
  people: page({
    path: "/people",
    words: "People",
    answers: "hand-overs, described and actual roles of each step, and what depends on one person",
    group: "Evidence",
    load: () => import("./people/people.tsx"),
    component: "People",
    search: filtered,
    looks: [{ name: "people", address: "/p/$process/people", shows: /Described and actual roles/ }],
  }),
  waiting: page({
    path: "/waiting",
    words: "Waiting",
    answers: "where cases wait between steps, and why: away, busy, later work first, batches, none of these",
    group: "Evidence",
    load: () => import("./waiting/waiting.tsx"),
    component: "Waiting",
    search: filtered,
    looks: [{ name: "waiting", address: "/p/$process/waiting", shows: /A case waits/ }],
  }),
  workload: page({
    path: "/workload",
    words: "Workload",
    answers: "hours by kind of task (sort, check, copy …), and the hours of rework and chasing",
    group: "Evidence",
    load: () => import("./workload/workload.tsx"),
    component: "Workload",
    search: filtered,
    looks: [{ name: "workload", address: "/p/$process/workload", shows: /Kind of task/ }],
  }),
  description: page({
    path: "/description",
    words: "Description",
    answers:
      "the process as people describe it: editor, draft, evidence for each step, versions, signature, hand-over pack (PDF)",
    group: "Described",
    load: () => import("./description/description.tsx"),
    component: "DescriptionPage",
    search: (search) => ({ version: number(search["version"]), edit: flag(search["edit"]) }),
    looks: [
      { name: "description", address: "/p/$process/description", shows: /Steps and evidence/ },
      { name: "description-editor", address: "/p/$process/description?edit=true", shows: /No problem/ },
    ],
  }),
  questions: page({
    path: "/questions",
    words: "Questions",
    answers:
      "30 questions about the last time, each answer shown with its evidence; colleagues answer by link",
    group: "Described",
    rights: ["answer", "see processes"],
    load: () => import("./questions/questions.tsx"),
    component: "Questions",
    search: (search) => ({
      q: number(search["q"]),
      view: search["view"] === "result" ? ("result" as const) : undefined,
    }),
    looks: [
      { name: "questions", address: "/p/$process/questions", shows: /of 30 answered/ },
      {
        name: "questions-result",
        address: "/p/$process/questions?view=result",
        shows: /Verdict on the answers/,
      },
    ],
  }),
  imports: page({
    path: "/imports",
    words: "Imports",
    answers: "rows read, kept and rejected; the rejected rows as a file",
    group: "last",
    load: () => import("./imports/imports.tsx"),
    component: "Imports",
    search: nothing,
    looks: [{ name: "imports", address: "/p/$process/imports", shows: /Rejected rows/ }],
  }),
  processSettings: page({
    path: "/settings",
    words: "Settings",
    answers: "name, working hours and holidays, approvals, removal",
    group: "last",
    rights: ["manage processes"],
    load: () => import("./settings/process-settings.tsx"),
    component: "ProcessSettingsPage",
    search: nothing,
    looks: [{ name: "process-settings", address: "/p/$process/settings", shows: /Working hours/ }],
  }),
} as const;

/** Addresses of earlier versions, and where what they showed is now. */
const MOVED: readonly [from: RegExp, to: string][] = [
  [/^(\/o\/[^/]+)\/begin$/, "$1/implementations/new"],
  [/^(\/o\/[^/]+)\/i\/([^/]+)(\/requirements)?$/, "$1/implementations/$2$3"],
  [/^(\/o\/[^/]+)\/import$/, "$1/imports/new"],
  [/^(\/o\/[^/]+)\/people$/, "$1/members"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/brief$/, "$1/summary"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/leaks(\/[^/]+)?$/, "$1/findings$2"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/plan$/, "$1/fix-first"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/pressure$/, "$1/what-if"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/start-here$/, "$1/workload"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/playbook$/, "$1/description"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/audit$/, "$1/questions"],
  [/^(\/o\/[^/]+\/p\/[^/]+)\/sources$/, "$1/imports"],
];

/** Where the page of an earlier address is now; undefined for every other address. */
export function movedTo(path: string): string | undefined {
  const plain = path.replace(/\/$/, "");
  const moved = MOVED.find(([from]) => from.test(plain));
  return moved && plain.replace(moved[0], moved[1]);
}
