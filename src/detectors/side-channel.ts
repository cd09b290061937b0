import { nameAt } from "../eventlog/strings.ts";
import { wilsonLow } from "../statistics/intervals.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import type { NameColumn } from "../evidence/columns.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { hoursOf } from "./price.ts";

/**
 * Finds steps that leave the systems: done by mail, phone, chat or in sheets of people's own, whether or not
 * a description admits it. Told by the name of an activity, and by a column that says in which system or over
 * which channel each event happened.
 *
 * One finding per activity in more than `minShare` of its cases (of all cases for an activity of its own), by
 * the 95 % interval. What leaves no trace in the evidence at all this cannot see; the audit asks for it.
 */
export const sideChannel = defineDetector({
  id: "side-channel",
  category: "workarounds",
  title: "Steps in mail or sheets",
  question: "Which steps happen beside the systems?",
  remedy: {
    text: "Give the step a place in the system, or at least a field that says what was agreed.",
    effort: "weeks",
    decides: "process owner",
  },
  yieldsTo: ["double-entry"],
  options: { minCases: 5, minShare: 0.008 },

  missing: () => [],

  detect(evidence, { minCases, minShare }) {
    const { log, activityNames, casesWith, caseOf, described, isCompensating } = evidence;
    const found = new Map<string, Observation>();
    const add = (a: number, rows: number[], outOf: number, words: string) => {
      const cases = caseSet(rows.map((e) => caseOf[e]));
      if (cases.length < minCases || wilsonLow(cases.length, outOf) < minShare || found.has(activityNames[a]))
        return;
      found.set(activityNames[a], {
        subject: activityNames[a],
        statement: `In ${cases.length} of ${outOf} cases "${activityNames[a]}" happens ${words}, beside the systems.`,
        cases,
        outOf,
        people: log.person ? [...new Set(rows.map((e) => log.person![e]))].filter((p) => p > 0) : [],
        facts: [["times", String(rows.length)], ...hoursOf(evidence, rows)],
      });
    };
    for (const column of systemColumns(evidence)) {
      const beside = Uint8Array.from({ length: column.values.length }, (_, v) =>
        v > 0 && BESIDE.test(nameAt(column.values, v)) ? 1 : 0,
      );
      if (!beside.includes(1)) continue;
      activityNames.forEach((_, a) => {
        const rows = Array.from(evidence.rowsOf(a)).filter((e) => column.codes[e] !== 0);
        const hits = rows.filter((e) => beside[column.codes[e]] === 1);
        const s = described?.stepOf[a] ?? -1;
        const meant = s < 0 ? undefined : described!.steps[s].system;
        // over one channel always: how cases come in, and no way around anything
        if (
          meant === undefined &&
          /channel|medium|origin|kanal|canal/i.test(column.name) &&
          hits.length > rows.length * 0.9
        )
          return;
        add(
          a,
          hits,
          casesWith[a],
          `in "${mostUsed(column, hits)}"${meant !== undefined && BESIDE.test(meant) ? ", as described" : ""}`,
        );
      });
    }
    activityNames.forEach((name, a) => {
      if (isCompensating[a] || !BESIDE_NAME.test(name)) return;
      const known = described && described.stepOf[a] >= 0 ? ", as described" : "";
      add(a, Array.from(evidence.rowsOf(a)), log.caseCount, `by mail, phone, chat or in a sheet${known}`);
    });
    return [...found.values()].sort((f, g) => g.cases.length - f.cases.length);
  },
});

/** Values and systems that are no system of record. */
const BESIDE =
  /\b(e-?mails?|mail|mailbox|outlook|gmail|excel|xlsx?|spreadsheets?|sheets?|google sheets?|phone|call|telephone|telefon|anruf|chat|whatsapp|teams|slack|paper|papier|fax|letter|post-?it|notebook|word document|access database|shared drive|local file|usb)\b/i;

/** Names of activities that say they happen there. */
const BESIDE_NAME =
  /\b(by|via|per|over|through|in|to|from|on|into|im|ins|mit|par|por) (the |an? |own |private |shared |local )?(e-?mail|mail|outlook|phone|telephone|telefon|excel|spreadsheet|sheet|tracker|chat|whatsapp|teams|slack|fax|paper|papier)\b|\b(spreadsheet|excel|xlsx?|side list|shadow list|private list|own list|excel-?liste|schattenliste)\b|^(e-?mail|mail|phone|call|telephone|chat with|whatsapp|telefonier\w*|anruf\w*)\b|\be-?mail(s|ed)?\b.*\b(approval|confirmation|exchange|agree\w*)\b|\b(approval|confirmation|agreement) (by )?e-?mail\b/i;

/** Columns that say where an event happened: one value a row, among a few. */
export function systemColumns(evidence: Evidence): NameColumn[] {
  return evidence.log.columns.filter(
    (column): column is NameColumn =>
      column.scope === "event" &&
      (column.kind === "dictionary" || column.kind === "text") &&
      column.values.length <= 60 &&
      /^(source[\s_-]?)?(system|channel|tool|application|app|medium|source|origin|kanal|werkzeug|quelle|quellsystem|systeme|canal|sistema|recorded[\s_-]?in|entered[\s_-]?in|done[\s_-]?in|where)(_?name)?$/i.test(
        column.name.replace(/^.*[:.]/, ""),
      ),
  );
}

function mostUsed(column: NameColumn, rows: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const e of rows) counts.set(column.codes[e], (counts.get(column.codes[e]) ?? 0) + 1);
  const [top] = [...counts].sort((x, y) => y[1] - x[1]);
  return top ? nameAt(column.values, top[0]) : "";
}
