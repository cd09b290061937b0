import { InputError } from "../input-error.ts";
import { socialNetworks, type Link } from "../discovery/handovers.ts";
import { personCalendars } from "../discovery/person-calendars.ts";
import { discoverRoles, type DiscoveredRole } from "../discovery/roles.ts";
import { learnCalendar } from "../eventlog/calendar.ts";
import { timeRange, type EventLog } from "../eventlog/event-log.ts";
import { nameAt } from "../eventlog/strings.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import type { Command } from "./command.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { formatCount, formatPercent, table } from "./terminal.ts";

/**
 * `plumbline people LOG`: who really does what, who hands to whom, when people work. Names only in --json.
 */
export const people: Command = {
  name: "people",
  usage: "people LOG [--json] [--pseudonyms] [reading options]",
  summary: "Actual roles, hand-overs and working hours. Names appear only in --json.",
  options: {
    json: { help: "one JSON document on standard output, with names" },
    pseudonyms: { help: "write pseudonyms instead of people's names" },
    ...readingOptions,
  },
  minArgs: 1,
  maxArgs: 1,
  async run([path], options) {
    const began = performance.now();
    const { log } = await readLogOf(path, options);
    if (!log.person)
      throw new InputError(
        "not-visible",
        path,
        `${path}: roles and hand-overs cannot be computed, because the log does not say who did the work. Name the column with --person.`,
      );
    const zone = new TimeZone((options["time-zone"] as string | undefined) ?? "UTC");
    const common = learnCalendar(log, zone, timeRange(log)!);
    const roles = discoverRoles(log);
    const networks = socialNetworks(log);
    const seconds = () => Math.round(performance.now() - began) / 1000;
    if (!options["json"]) {
      process.stdout.write(
        `${textOf(log, roles, networks.handover)}\nWorking hours of all: ${common.describe()}.\nDone in ${seconds()} s.\n`,
      );
      return 0;
    }
    const nameOf = options["pseudonyms"]
      ? (p: number) => `person ${p}`
      : (p: number) => nameAt(log.people, p);
    const links = (list: Link[]) =>
      list.map(({ from, to, ...link }) => ({ from: nameOf(from), to: nameOf(to), ...link }));
    const calendars = personCalendars(log, common, { zone });
    const document = {
      roles: roles.map(({ people: members, activities, events }) => ({
        people: members.map(nameOf),
        events,
        activities: activities.map(({ activity, ...rest }) => ({
          activity: nameAt(log.activities, activity),
          ...rest,
        })),
      })),
      handover: links(networks.handover),
      together: links(networks.together),
      subcontracting: links(networks.subcontracting),
      calendars: calendars.flatMap((calendar, p) =>
        p === 0 || calendar === common ? [] : [{ person: nameOf(p), hours: calendar.describe() }],
      ),
      calendar: common.describe(),
      seconds: seconds(),
    };
    process.stdout.write(JSON.stringify(document) + "\n");
    return 0;
  },
};

function textOf(log: EventLog, roles: DiscoveredRole[], handover: Link[]): string {
  const roleOf = new Map(roles.flatMap(({ people: members }, r) => members.map((p) => [p, r])));
  const rows = roles.slice(0, 20).map(({ people: members, activities, events }, r) => [
    `role ${r + 1}`,
    formatCount(members.length),
    formatCount(events),
    activities
      .slice(0, 4)
      .map(
        ({ activity, shareOfRole, shareOfActivity }) =>
          `${nameAt(log.activities, activity)} (${formatPercent(shareOfRole)} of its work, ${formatPercent(shareOfActivity)} of the step)`,
      )
      .join("; "),
  ]);
  const between = new Map<string, number>();
  let [all, own] = [0, 0];
  for (const { from, to, count } of handover) {
    all += count;
    if (from === to) own += count;
    const key = `${roleOf.get(from)! + 1}\u0000${roleOf.get(to)! + 1}`;
    if (from !== to) between.set(key, (between.get(key) ?? 0) + count);
  }
  const hands = [...between]
    .sort(([, x], [, y]) => y - x)
    .slice(0, 15)
    .map(([key, count]) => [
      ...key.split("\u0000").map((r) => `role ${r}`),
      formatCount(count),
      formatPercent(count / all),
    ]);
  return [
    `People who do the same things (${roles.length} roles${roles.length > 20 ? ", the 20 busiest" : ""}):`,
    table(["role", "people", "events", "what they do"], rows),
    "",
    all === 0
      ? "No work passes from one person to another."
      : `Work stays with the same person in ${formatPercent(own / all)} of the steps. Else it goes:`,
    ...(hands.length > 0 ? [table(["from", "to", "times", "share"], hands)] : []),
    "",
  ].join("\n");
}
