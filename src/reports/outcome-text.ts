import { formatCount, formatExactMoney, formatMoney } from "../figures.ts";

/** What came of one measure of one process. */
export interface Measured {
  process: string;
  measure: string;
  name: string;
  unit: "h" | "share";
  verdict: "less" | "more" | "cannot be shown";
  effect: number | null;
  interval: [number, number] | null;
  why: string | null;
}

export interface OutcomeMoney {
  currency: string;
  savedPerMonth: number;
  interval: [number, number];
  costPerMonth: number | null;
  netPerMonth: number | null;
  netInterval: [number, number] | null;
  hourly: number;
  assumed: boolean;
}

/** Where are the results? The answer first, then what each measure shows; what cannot be shown is said plainly. */
export function outcomeInWords(
  tool: { name: string; startsOn: string },
  measured: readonly Measured[],
  money: OutcomeMoney | null,
): string[] {
  const shown = measured.filter(({ verdict }) => verdict !== "cannot be shown");
  const better = shown.filter(({ verdict }) => verdict === "less");
  const worse = shown.filter(({ verdict }) => verdict === "more");
  const title =
    measured.length === 0
      ? `What ${tool.name} changed cannot be shown: there is no evidence from the steps it touches.`
      : shown.length === 0
        ? `This evidence cannot show what ${tool.name} changed.`
        : better.length > 0 && worse.length > 0
          ? `Since ${tool.name}, ${measures(better.length)} better and ${worse.length} ${worse.length === 1 ? "is" : "are"} worse than the earlier trend predicts.`
          : better.length > 0
            ? `Since ${tool.name}, ${better.length} of ${measured.length} measures ${better.length === 1 ? "is" : "are"} better than the earlier trend predicts.`
            : `Since ${tool.name}, nothing is better, and ${worse.length} of ${measured.length} measures ${worse.length === 1 ? "is" : "are"} worse.`;
  return [title, ...(money ? [moneyInWords(money)] : []), ...shown.map(effectInWords)];
}

function effectInWords({ process, name, unit, verdict, effect, interval }: Measured): string {
  const words = (value: number) =>
    unit === "share" ? `${oneDigit(100 * Math.abs(value))} points` : formatHoursOrMinutes(Math.abs(value));
  const [near, far] = [Math.abs(interval![0]), Math.abs(interval![1])].sort((a, b) => a - b);
  return `${process}, ${name}: ${words(effect!)} ${verdict} (95 %: ${words(near)} to ${words(far)}).`;
}

const measures = (n: number) => (n === 1 ? "1 measure is" : `${formatCount(n)} measures are`);
const oneDigit = (value: number) => (value >= 100 ? formatCount(Math.round(value)) : value.toFixed(1));
const formatHoursOrMinutes = (value: number) =>
  value < 1 ? `${oneDigit(value * 60)} min` : `${oneDigit(value)} h`;

function moneyInWords({
  currency,
  savedPerMonth,
  interval,
  costPerMonth,
  netPerMonth,
  netInterval,
  hourly,
  assumed,
}: OutcomeMoney): string {
  const at = `at ${assumed ? "an assumed " : ""}${formatExactMoney(hourly, currency)} an hour`;
  const amount = (value: number) => formatMoney(value, currency);
  const range = ([low, high]: [number, number]) => `${amount(low)} to ${amount(high)}`;
  if (interval[0] <= 0 && interval[1] >= 0)
    return `Whether it saves working time cannot be shown: between ${amount(interval[0])} and ${amount(interval[1])} a month, ${at}${costPerMonth === null ? "" : `, against a cost of ${formatExactMoney(costPerMonth, currency)}`}.`;
  const saved = `${savedPerMonth >= 0 ? "Working time saved" : "Working time added"}: ${amount(Math.abs(savedPerMonth))} a month ${at}`;
  if (netPerMonth === null || netInterval === null)
    return `${saved} (95 %: ${range(interval)}); its cost is not known in ${currency}.`;
  return `${saved}; net of its cost ${amount(netPerMonth)} a month (95 %: ${range(netInterval)}).`;
}

const WEEKS_A_MONTH = 365.25 / 12 / 7;

/** What the hours are worth a month, less what the tool costs there (null where that is not known); null where hours are told of no process. Low and high ends of several processes are added, which errs to the wide side. */
export function worthOf(
  processes: readonly {
    /** hours an execution, against what was expected */
    hours: { effect: number | null; interval: [number, number] | null } | undefined;
    /** executions of each week since it began */
    executions: readonly number[];
  }[],
  rates: { currency: string; hourly: number; assumed: boolean },
  costPerMonth: number | null,
): OutcomeMoney | null {
  let [saved, low, high, told] = [0, 0, 0, 0];
  for (const { hours, executions } of processes) {
    if (!hours?.interval || hours.effect === null) continue;
    const perMonth =
      (executions.reduce((sum, n) => sum + n, 0) / Math.max(1, executions.length)) * WEEKS_A_MONTH;
    const price = (value: number) => -value * perMonth * rates.hourly;
    saved += price(hours.effect);
    low += price(hours.interval[1]);
    high += price(hours.interval[0]);
    told++;
  }
  if (told === 0) return null;
  return {
    currency: rates.currency,
    savedPerMonth: saved,
    interval: [low, high],
    costPerMonth,
    netPerMonth: costPerMonth === null ? null : saved - costPerMonth,
    netInterval: costPerMonth === null ? null : [low - costPerMonth, high - costPerMonth],
    hourly: rates.hourly,
    assumed: rates.assumed,
  };
}
