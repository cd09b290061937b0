import type { Evidence } from "./evidence.ts";

/**
 * Working time in ms from the event before in the case to the begin of each event; NaN for the first of a
 * case. One pass.
 */
export function waitsOfEvents(evidence: Evidence): Float64Array {
  const { caseCount, caseStart, time, start } = evidence.log;
  const { calendar } = evidence;
  const begin = start ?? time;
  const wait = new Float64Array(time.length);
  for (let c = 0; c < caseCount; c++) {
    wait[caseStart[c]] = NaN;
    for (let e = caseStart[c] + 1; e < caseStart[c + 1]; e++)
      wait[e] = calendar.workingMs(time[e - 1], begin[e]);
  }
  return wait;
}

/** How finely times are recorded: most at midnight, nearly all on whole minutes, or to the second. */
export function timePrecision(evidence: Evidence): "day" | "minute" | "second" {
  const { time } = evidence.log;
  let days = 0;
  let minutes = 0;
  for (let e = 0; e < time.length; e++) {
    if (time[e] % 60_000 === 0) minutes++;
    if ((time[e] + evidence.zone.offsetAt(time[e])) % 86_400_000 === 0) days++;
  }
  return days > time.length * 0.6 ? "day" : minutes > time.length * 0.9 ? "minute" : "second";
}
