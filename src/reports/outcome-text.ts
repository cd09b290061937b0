import type { MeasuredOf, OutcomeMoney } from "../implementations/results-of.ts";
import { formatCount, formatExactMoney, formatMoney } from "../figures.ts";

/**
 * Where are the results? The answer first, then what each measure shows; what cannot be shown is said
 * plainly.
 */
export function outcomeInWords(
  tool: { name: string; startsOn: string },
  measured: readonly MeasuredOf[],
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

function effectInWords({ process, name, unit, verdict, effect, interval }: MeasuredOf): string {
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
