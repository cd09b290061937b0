import { createHash } from "node:crypto";
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What remedies of a step were called, by what they are called now. */
const OF_A_STEP: Readonly<Record<string, string>> = {
  "decides-nothing": "People decide; AI may only prepare what they decide on.",
  filled: "Make the field mandatory where it is known, with a value for “not applicable”.",
  "in-time": "Enter where the work is done; what is entered later carries both times.",
  told: "Record what people look at when they decide; until then they decide.",
  whoever: "Write down how like cases are handled, and go through where people differ.",
  described: "Describe the step, or stop doing it; then say whose it is.",
  "same-way": "Agree on the few ways that are needed, and let the rest be exceptions with a name.",
  steady: "Ask who changed the work on that day and why; bring the description up to date.",
  "right-today": "Look at the first ten that came back, and check there for what sent them.",
  caught: "Put a check behind the step, at least of a sample.",
  "within-limits": "Put the limits into the system; send what is above to the next level.",
  undone: "Let people do it, or hold it back until a person has released it.",
  enough: "Leave it with people: there is too little of it.",
  "takes-time": "Look elsewhere for time to win.",
};
/** The same of what is done once for all steps. */
const OF_ALL: Readonly<Record<string, string>> = {
  "say it": "Say what kind of task it is (task:), and whether a wrong one can be undone (undo:).",
  "bring more": "Bring more evidence: a longer period, or more cases.",
  'bring column/role="person"': "Bring a person column (--person).",
  "bring individuals":
    "Bring a person column that tells individuals apart (this one holds only a few group names).",
  "bring time of recording":
    "Bring a column with the time of recording (recorded_at, entered_at), or people and times of day.",
};
/** And of what is brought for one step. */
const BROUGHT: readonly ((step: string) => [key: string, text: string])[] = [
  (step) => [
    `bring inputs/step=${JSON.stringify(step)}`,
    `Bring columns with what "${step}" works on, and needs: of the step in the description.`,
  ],
  (step) => [
    `bring events of/step=${JSON.stringify(step)}`,
    `Bring events of "${step}", until which it can be undone.`,
  ],
  (step) => [
    `bring handling time/fromCases=false/step=${JSON.stringify(step)}`,
    `Bring how long "${step}" takes (begin times, or the person of each step).`,
  ],
];

/**
 * The id of a remedy was a hash of its words; now it is one of its key. Days that people said of a remedy are
 * said of its new id as well. The old ids stay: the audit before this version still goes by some of them. A
 * remedy of a step that no row names, and an id that is no remedy, stay as they are.
 */
export const remedies: Migration = {
  async up(db) {
    const processes = await sql<{ id: string; days: Record<string, number> }>`
      select id, settings->'remedyDays' as days from process
      where jsonb_typeof(settings->'remedyDays') = 'object'`.execute(db);
    for (const { id, days } of processes.rows) {
      const now = renewed(days, await stepsOf(db, id));
      await sql`
        update process set settings = jsonb_set(settings, '{remedyDays}', ${JSON.stringify(now)}::jsonb)
        where id = ${id}`.execute(db);
    }
  },
};

/** Days by old and new ids. */
function renewed(days: Readonly<Record<string, number>>, steps: ReadonlySet<string>): Record<string, number> {
  const now = { ...days };
  const carry = (scope: string, key: string, text: string) => {
    const [before, after] = [idOf(scope, text), idOf(scope, key)];
    if (Object.hasOwn(days, before) && !Object.hasOwn(now, after)) now[after] = days[before];
  };
  for (const [key, text] of Object.entries(OF_ALL)) carry("", key, text);
  for (const step of steps) {
    for (const [key, text] of Object.entries(OF_A_STEP)) carry(step, key, text);
    for (const brought of BROUGHT) carry("", ...brought(step));
  }
  return now;
}

const idOf = (scope: string, words: string) =>
  createHash("sha256").update(`${scope}\u0000${words}`).digest("hex").slice(0, 10);

/** Every step and activity that some row of a process names. */
async function stepsOf(db: Kysely<unknown>, processId: string): Promise<Set<string>> {
  const named = await sql<{ name: string }>`
    select subject as name from finding where process_id = ${processId}
    union select content->>'subject' from claim where process_id = ${processId}
    union select step from gate_override where process_id = ${processId}
    union select step from task_confirmation where process_id = ${processId}
    union select jsonb_array_elements_text(activities) from task_confirmation where process_id = ${processId} and jsonb_typeof(activities) = 'array'
    union select jsonb_array_elements_text(content->'about') from gap
      where process_id = ${processId} and jsonb_typeof(content->'about') = 'array'
    union select jsonb_array_elements_text(headline->'readySteps') from audit
      where process_id = ${processId} and jsonb_typeof(headline->'readySteps') = 'array'`.execute(db);
  const described = await sql<{ content: object }>`
    select content from description where process_id = ${processId}`.execute(db);
  const names = new Set(named.rows.flatMap(({ name }) => name ?? []));
  for (const { content } of described.rows) collect(content, names);
  return names;
}

/** Every text and every name of a description: its steps are among them. */
function collect(value: unknown, names: Set<string>): void {
  if (typeof value === "string") names.add(value);
  else if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      names.add(name);
      collect(inner, names);
    }
}
