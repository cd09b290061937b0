import { recordColumn, textOf, timeOf, numberOf } from "../eventlog/record-table.ts";
import { caseSet, defineDetector, type Observation } from "./detector.ts";
import { needsTable } from "../evidence/needs.ts";
import { REPORTS } from "../evidence/table-names.ts";

const DAY = 86_400_000;

/**
 * Finds reports that nobody decides by: in a register of reports (report, decision, owner, last_used, and
 * where known the hours that one issue takes and how often it is made), those without a decision that they
 * serve, and those not used for `maxDays` before the register's or the log's last day.
 *
 * One finding per report; `counted` is reports. The hours a year stand in the facts.
 */
export const reportWithoutDecision = defineDetector({
  id: "report-without-decision",
  category: "workarounds",
  title: "A report that nobody decides by",
  question: "Which reports are made and serve no decision?",
  remedy: { text: "Stop making the report and see who misses it.", effort: "days", decides: "report owner" },
  options: { maxDays: 180 },

  missing: (evidence) => needsTable(evidence, REPORTS, "reports", ["report"]),

  detect(evidence, { maxDays }) {
    const found: Observation[] = [];
    for (const table of evidence.tables(REPORTS)) {
      const report = recordColumn(table, "report");
      const decision = recordColumn(table, "decision");
      const lastUsed = recordColumn(table, "last_used");
      const [owner, hours, runs] = (["owner", "hours", "runs_per_year"] as const).map((role) =>
        recordColumn(table, role),
      );
      if (!report || (!decision && !lastUsed)) continue;
      let now = evidence.range.to;
      for (let r = 0; r < table.rowCount; r++) {
        const used = timeOf(lastUsed, r);
        if (used > now) now = used;
      }
      for (let r = 0; r < table.rowCount; r++) {
        const name = textOf(report, r);
        if (name === "") continue;
        const serves = textOf(decision, r).trim();
        const used = timeOf(lastUsed, r);
        const days = Math.round((now - used) / DAY);
        const never = lastUsed !== undefined && Number.isNaN(used);
        const none = decision !== undefined && NOTHING.test(serves);
        const why = none
          ? never
            ? "serves no decision that anybody could name and was never used"
            : "serves no decision that anybody could name"
          : never
            ? "was never used for the decision that it is made for"
            : days > maxDays
              ? `was last used ${days} days ago`
              : undefined;
        if (why === undefined) continue;
        const effort = numberOf(hours, r) * numberOf(runs, r);
        found.push({
          subject: name,
          statement: `"${name}" ${why}.`,
          cases: caseSet([]),
          outOf: evidence.log.caseCount,
          counted: { unit: "reports", count: 1, outOf: table.rowCount },
          people: [],
          facts: [
            ["decision", serves === "" ? "none" : serves],
            ["owner", textOf(owner, r) || "none"],
            ["last used", Number.isNaN(used) ? "never" : new Date(used).toISOString().slice(0, 10)],
            ...(Number.isNaN(effort) ? [] : [["hours a year", effort.toFixed(0)] as [string, string]]),
          ],
        });
      }
    }
    return found;
  },
});

const NOTHING =
  /^(|-+|\?+|n\/?a|none|no|nobody|unknown|tbd|keine|information|fyi|for information|info|nothing)$/i;
