import { InputError } from "../input-error.ts";
import { personCalendars } from "../discovery/person-calendars.ts";
import { CAUSES, waitingCauses, type WaitingCauses } from "../discovery/waiting-causes.ts";
import { learnCalendar } from "../eventlog/calendar.ts";
import { timeRange, type EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { readCalendar } from "./calendar-file.ts";
import type { Command } from "./command.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, table } from "./terminal.ts";
import { formatDuration } from "../figures.ts";

/** `plumbline waiting LOG`: why cases wait. */
export const waiting: Command = {
  name: "waiting",
  usage: "waiting LOG [--calendar F] [--json] [reading options]",
  summary:
    "Why cases wait: batching, people busy with other work, people away, or no cause visible in the log.",
  options: {
    json: { help: "one JSON document on standard output" },
    calendar: {
      value: "F",
      help: "YAML calendar for everybody (default: learned from the log for each person)",
    },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const { log } = await readLogOf(path, options);
    const missing = [
      ...(log.start ? [] : ["when work began (--start)"]),
      ...(log.person ? [] : ["who did it (--person)"]),
    ];
    if (missing.length > 0) {
      throw new InputError(
        "not-visible",
        path,
        `${path}: causes of waiting cannot be computed, because the log does not say ${missing.join(" and ")}. plumbline map shows how long they wait.`,
      );
    }
    const zone = new TimeZone((options["time-zone"] as string | undefined) ?? "UTC");
    const range = timeRange(log)!;
    const given =
      typeof options["calendar"] === "string" ? readCalendar(options["calendar"], range, zone) : undefined;
    const common = given ?? learnCalendar(log, zone, range);
    const calendars = given ? undefined : personCalendars(log, common, { zone });
    const causes = waitingCauses(log, (person) => calendars?.[person] ?? common);
    const seconds = Math.round(performance.now() - began) / 1000;
    if (options["json"]) {
      const edges = causes.edges.map(({ from, to, ...edge }) => ({
        from: nameAt(log.activities, from),
        to: nameAt(log.activities, to),
        ...edge,
      }));
      process.stdout.write(
        JSON.stringify({ ...causes, edges, unit: "ms", calendar: common.describe(), seconds }) + "\n",
      );
    } else
      process.stdout.write(
        `Working hours: ${common.describe()}${given ? "" : "; each person's own where enough is seen of them"}.\n\n${textOf(log, causes)}\nDone in ${seconds} s.\n`,
      );
    return 0;
  },
};

const WORDS: Record<(typeof CAUSES)[number], string> = {
  batching: "in batches",
  contention: "earlier work first",
  prioritisation: "later work first",
  unavailability: "nobody there",
  extraneous: "none of these",
};

function textOf(log: EventLog, { edges, total, withoutPerson }: WaitingCauses): string {
  if (total.total === 0) return "Nothing waits: every step begins when the one before it ends.\n";
  const share = (part: number, whole: number) => formatPercent(part / whole);
  const rows = edges
    .slice(0, 25)
    .map((edge) => [
      `${nameAt(log.activities, edge.from)} → ${nameAt(log.activities, edge.to)}`,
      formatCount(edge.count),
      formatDuration(edge.total / edge.count),
      share(edge.total, total.total),
      ...CAUSES.map((cause) => share(edge[cause], edge.total)),
    ]);
  const whole = CAUSES.map((cause) => `${WORDS[cause]} ${share(total[cause], total.total)}`).join(", ");
  const unknown =
    withoutPerson.count > 0
      ? `\n${formatCount(withoutPerson.count)} waits end with a step of which nobody is known who did it; they are left out.`
      : "";
  return `All waiting: ${whole}.${unknown}\n\n${table(["between", "waits", "mean", "of all waiting", ...CAUSES.map((cause) => WORDS[cause])], rows)}\n`;
}
