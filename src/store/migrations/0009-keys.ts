import { createHash } from "node:crypto";
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What a row held of a claim before: sentences. */
interface SaidBefore {
  source: string;
  statement: string;
  saidBy: string;
  check: string;
  subject: string | null;
  [other: string]: unknown;
}
/** What it says as a value, by kind. */
interface Says {
  kind: string;
  [value: string]: unknown;
}
interface Rule {
  when?: Record<string, Record<string, unknown>>;
  name?: string;
  [part: string]: unknown;
}
interface Row {
  id: string;
  content: SaidBefore;
}

/**
 * Claims said sentences and their ids were hashes of these; now they say values with keys. The sentences of
 * the version before are read once, here, and never again: what this file knows of them is frozen. A sentence
 * that it cannot read keeps its id and its words, and a claim that another has become already keeps its own.
 */
export const keys: Migration = {
  async up(db) {
    const processes = await sql<{ id: string }>`select distinct process_id as id from claim`.execute(db);
    for (const { id } of processes.rows) await renewClaims(db, id);
  },
};

async function renewClaims(db: Kysely<unknown>, processId: string): Promise<void> {
  const rules = await rulesOf(db, processId);
  // what the last audit saw comes first: it is what the next one goes on with
  const { rows } = await sql<Row>`
    select claim.id, claim.content from claim left join audit on audit.id = claim.last_audit
    where claim.process_id = ${processId} order by audit.at desc nulls last, claim.rank, claim.id`.execute(
    db,
  );
  const taken = new Set(rows.map(({ id }) => id));
  const moved: Record<string, string> = {};
  for (const { id, content } of rows) {
    const renewed = renewedContent(content, id, rules);
    if (!renewed) continue;
    const now = renewed.id ?? id;
    // two sentences of one rule: the one that was judged last goes on
    if (now !== id && taken.has(now)) continue;
    taken.add(now);
    if (now === id) {
      await sql`update claim set content = ${JSON.stringify(renewed.content)}::jsonb where process_id = ${processId} and id = ${id}`.execute(
        db,
      );
      continue;
    }
    moved[id] = now;
    await sql`
      insert into claim (organisation_id, process_id, id, rank, content, verdict, last_audit)
      select organisation_id, process_id, ${now}, rank, ${JSON.stringify(renewed.content)}::jsonb, verdict, last_audit
      from claim where process_id = ${processId} and id = ${id}`.execute(db);
    await sql`update claim_verdict set claim_id = ${now} where process_id = ${processId} and claim_id = ${id}`.execute(
      db,
    );
    await sql`delete from claim where process_id = ${processId} and id = ${id}`.execute(db);
  }
  await renewAudits(db, processId, moved);
}

/** What audits compare themselves with, and what changed in each. */
async function renewAudits(
  db: Kysely<unknown>,
  processId: string,
  moved: Readonly<Record<string, string>>,
): Promise<void> {
  const known = sql`${JSON.stringify(moved)}::jsonb`;
  const withIds = (list: ReturnType<typeof sql>) => sql`
    (select jsonb_agg(case when ${known} ? (one->>'id') then one || jsonb_build_object('id', ${known}->(one->>'id')) else one end order by place)
     from jsonb_array_elements(${list}) with ordinality as each(one, place))`;
  await sql`
    update audit set past = jsonb_set(past, '{claims}', coalesce(${withIds(sql`past->'claims'`)}, '[]'::jsonb))
    where process_id = ${processId} and jsonb_typeof(past->'claims') = 'array'`.execute(db);
  await sql`
    update audit set headline = jsonb_set(headline, '{history,changes}', coalesce(${withIds(sql`headline->'history'->'changes'`)}, '[]'::jsonb))
    where process_id = ${processId} and jsonb_typeof(headline->'history'->'changes') = 'array'`.execute(db);
}

/** Rules of every version of the description, the newest first. */
async function rulesOf(db: Kysely<unknown>, processId: string): Promise<Rule[]> {
  const { rows } = await sql<{ rules: Rule[] | null }>`
    select content->'rules' as rules from description where process_id = ${processId} order by number desc`.execute(
    db,
  );
  return rows.flatMap(({ rules }) => (Array.isArray(rules) ? rules : []));
}

function renewedContent(
  content: SaidBefore,
  id: string,
  rules: readonly Rule[],
): { id?: string; content: object } | undefined {
  if (typeof content.statement !== "string" || "says" in content) return undefined;
  const saidBy = saidByOf(content.saidBy);
  const says = content.source === "finding" ? findingOf(content, id) : saysOf(content, rules);
  if (!says || !saidBy) return undefined;
  const { statement: _statement, check: _check, ...rest } = content;
  const key = keyOf(says);
  // cases that did not fit into the row lie under the name that the claim had
  const filed = content.source === "finding" ? {} : { filedAs: id };
  return {
    ...(content.source !== "finding" && { id: claimId(content.source, key) }),
    content: { ...rest, key, says, saidBy, ...filed },
  };
}

const claimId = (source: string, key: string) =>
  createHash("sha256").update(`${source}\u0000${key}`).digest("hex").slice(0, 10);

const findingOf = ({ statement, check }: SaidBefore, id: string): Says => ({
  kind: "finding",
  id,
  title: check,
  sentence: statement,
});

function saidByOf(saidBy: string): Says | undefined {
  let match = /^description(?:, version (\d+))?(?:, signed off by (.*))?$/s.exec(saidBy);
  if (match)
    return {
      kind: "description",
      version: match[1] === undefined ? null : Number(match[1]),
      signedBy: match[2] ?? null,
    };
  match = /^(?:question (\d+), not answered|(one answer|(\d+) answers) to question (\d+))$/.exec(saidBy);
  if (match)
    return {
      kind: "answers",
      question: Number(match[1] ?? match[4]),
      people: match[1] === undefined ? Number(match[3] ?? 1) : 0,
    };
  match = /^evidence \((.+)\)$/.exec(saidBy);
  return match ? { kind: "evidence", detector: match[1] } : undefined;
}

const UNITS: Record<string, string> = { minute: "m", hour: "h", day: "d", "working day": "wd", week: "w" };

/** What a sentence of a description or an answer says; nothing for one that no version wrote. */
function saysOf({ source, statement, check, saidBy }: SaidBefore, rules: readonly Rule[]): Says | undefined {
  if (source === "answer") {
    const number = QUESTIONS.indexOf(statement) + 1;
    const column = /^share of cases that came back with a "(.*)", at least/s.exec(check)?.[1];
    return number === 0
      ? undefined
      : { kind: "answer", question: number, ...(column === undefined ? {} : { column }) };
  }
  if (source !== "description" || !saidBy.startsWith("description")) return undefined;
  if (statement === "The log shows the described process.") return { kind: "process seen" };
  const ofRule = rules.map((rule) => saysOfRule(rule, statement)).find((says) => says !== undefined);
  if (check === "no exception" || check.startsWith("share in time")) {
    if (ofRule) return ofRule;
    let match = /^Nobody does both "(.+)" and "(.+)" of one case\.$/s.exec(statement);
    if (match) return { kind: "separate", first: match[1], second: match[2] };
    match = /^Nobody does "(.+)" above their limit\.$/s.exec(statement);
    return match ? { kind: "limit", step: match[1] } : undefined;
  }
  let match = /^"(.+)" is done in every case that goes past it\.$/s.exec(statement);
  if (match) return { kind: "step done", step: match[1] };
  match = /^"(.+)" happens\.$/s.exec(statement);
  if (match) return { kind: "step happens", step: match[1] };
  match = /^"(.+)" comes before "(.+)"\.$/s.exec(statement);
  if (match) return { kind: "order", first: match[1], later: match[2] };
  match = /^"(.+)" is filled when "(.+)" is done\.$/s.exec(statement);
  if (match) return { kind: "field filled", column: match[1], step: match[2] };
  match = /^"(.+)" is done within (\d+(?:\.\d+)?) (minute|hour|working day|day|week)s?\.$/s.exec(statement);
  if (match) return { kind: "step in time", step: match[1], within: `${match[2]}${UNITS[match[3]]}` };
  match = /^"(.+)" is done by (.+)\.$/s.exec(statement);
  return match ? { kind: "step by role", step: match[1], role: match[2] } : undefined;
}

/** What a claim that a rule made says, where this is its sentence. */
function saysOfRule(rule: Rule, statement: string): Says | undefined {
  if (statement === `${ruleWords(rule)}.`) return { kind: "rule", rule };
  const tests = testWords(rule.when);
  const where = tests === "" ? "" : ` where ${tests}`;
  if ("before" in rule) {
    const musts = [rule["must"]].flat().map((must) => `"${String(must)}"`);
    const always = `Always ${musts.join(" or ")} before "${String(rule["before"])}"`;
    return [`${always}${where}.`, `${always}.`].includes(statement) ? { kind: "before", rule } : undefined;
  }
  if ("deadline" in rule) {
    const terms =
      rule["by"] !== undefined
        ? `by "${String(rule["by"])}"`
        : `within ${durationWords(String(rule["within"]))} of ${rule["after"] === undefined ? "the begin" : `"${String(rule["after"])}"`}`;
    return statement === `"${String(rule["deadline"])}" is done ${terms}${where}.`
      ? { kind: "deadline", rule }
      : undefined;
  }
  return undefined;
}

function durationWords(text: string): string {
  const match = /^(\d+(?:\.\d+)?)\s*(m|h|d|wd|w)$/.exec(text.trim());
  if (!match) return text;
  const unit = { m: "minute", h: "hour", d: "day", wd: "working day", w: "week" }[match[2]];
  return `${match[1]} ${unit}${match[1] === "1" ? "" : "s"}`;
}

const testWords = (when: Rule["when"]): string =>
  Object.entries(when ?? {})
    .flatMap(([name, test]) => [
      ...(test["atLeast"] === undefined ? [] : [`${name} is ${String(test["atLeast"])} or more`]),
      ...(test["below"] === undefined ? [] : [`${name} is below ${String(test["below"])}`]),
      ...(test["is"] === undefined ? [] : [`${name} is ${String(test["is"])}`]),
      ...(test["in"] === undefined ? [] : [`${name} is ${(test["in"] as unknown[]).join(" or ")}`]),
    ])
    .join(" and ");

function ruleWords(rule: Rule): string {
  const when = Object.entries(rule.when ?? {})
    .map(
      ([column, test]) =>
        `${column} ${Object.entries(test)
          .map(
            ([k, v]) =>
              `${{ atLeast: "is at least", below: "is below", is: "is", in: "is one of" }[k] ?? k} ${[v].flat().join(", ")}`,
          )
          .join(" and ")}`,
    )
    .join(" and ");
  const where = when === "" ? "" : ` where ${when}`;
  const part = (name: string) => String(rule[name]);
  if ("before" in rule)
    return `"${part("before")}" only after "${[rule["must"]].flat().join('" or "')}"${where}`;
  if ("separate" in rule)
    return `nobody does two of ${[rule["separate"]]
      .flat()
      .map((step) => `"${String(step)}"`)
      .join(", ")} in one case${where}`;
  if ("limit" in rule)
    return `${String(rule["person"] ?? rule["role"] ?? "everybody")} does "${part("limit")}" up to ${part("upTo")} (${String(rule["amount"] ?? "amount")})${where}`;
  if ("splitLimit" in rule)
    return `amounts by the same ${[rule["by"] ?? ["person", "vendor"]].flat().join(" and ")} within ${String(rule["within"] ?? "1d")} count together for the limit of ${part("splitLimit")}${where}`;
  if ("deadline" in rule)
    return `"${part("deadline")}" ${rule["by"] !== undefined ? `by "${part("by")}"` : `within ${part("within")} of ${rule["after"] === undefined ? "the begin" : `"${part("after")}"`}`}${where}`;
  return `for "${part("authoritative")}" of ${part("of")}, ${part("source")} is right${where}`;
}

/** The key of what is said, as src/audit/says.ts made it when this was written. */
function keyOf(says: Says): string {
  const key = (...parts: string[]) =>
    parts.map((one) => one.replaceAll("%", "%25").replaceAll("/", "%2F")).join("/");
  const part = (name: string) => String(says[name]);
  switch (says.kind) {
    case "process seen":
      return "process-seen";
    case "step done":
      return key("step-done", part("step"));
    case "step happens":
      return key("step-happens", part("step"));
    case "step by role":
      return key("step-role", part("step"), part("role"));
    case "field filled":
      return key("step-field", part("step"), part("column"));
    case "step in time":
      return key("step-time", part("step"), part("within"));
    case "order":
      return key("order", part("first"), part("later"));
    case "separate":
      return key("separate", part("first"), part("second"));
    case "limit":
      return key("limit", part("step"));
    case "answer":
      return `question/${part("question")}`;
    case "finding":
      return `finding/${part("id")}`;
    default:
      return key(says.kind, ruleKey(says["rule"] as Rule));
  }
}

function ruleKey({ name: _name, ...said }: Rule): string {
  const plain = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(plain)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, inner]) => [name, plain(inner)]),
          )
        : value;
  return JSON.stringify(plain("must" in said ? { ...said, must: [said["must"]].flat() } : said));
}

/** What answers to the 30 questions claimed, in their order. */
const QUESTIONS = [
  "The steps of this process are written down.",
  "Daily work follows the written steps.",
  "All steps that people do are described.",
  "All described steps are really done.",
  "Exceptions are written down, too.",
  "The description was updated after the last change in the work.",
  "Everybody knows where work changes hands.",
  "Work goes on when the usual person is away.",
  "Work is picked up quickly after a hand-over.",
  "Work is rarely sent back.",
  "Whoever takes over gets everything needed.",
  "It can be seen at any time where a case is.",
  "It is written who may approve what.",
  "Nobody approves their own request.",
  "Approvals come before the commitment.",
  "There is a stand-in when the approver is absent.",
  "Approvals are read, not waved through.",
  "Overdue approvals escalate.",
  "Every step has one named owner.",
  "The named owner does the step.",
  "Somebody else could do each step tomorrow.",
  "A step is done the same way whoever does it.",
  "Work is assigned by rule.",
  "Somebody answers for the errors of each step.",
  "What is needed stands in the systems.",
  "Everybody enters data the same way.",
  "Entries are made when the work happens.",
  "There is one agreed source for each fact.",
  "Fewer than 2 in 100 cases have to be put right.",
  "The regular report is decided by.",
];
