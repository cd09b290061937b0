import type { Api } from "../client.ts";
import { useAsk } from "../use-ask.ts";
import type { Inventory } from "./implementation-frame.tsx";

export type Measure = Api["GET /measures"]["answer"]["measures"][number];

/** What is measured week by week of the steps that a tool touches; empty until the server has said. */
export const useMeasures = (): Measure[] => useAsk("GET /measures", {}).data?.measures ?? [];

/** A promise in one line: "Matching takes less time (work per execution): 20 % less". */
export function usePromiseWords() {
  const measures = useMeasures();
  return ({
    metric,
    measure,
    size,
    unit,
    direction,
  }: Pick<Inventory["promises"][number], "metric" | "measure" | "size" | "unit" | "direction">): string => {
    const measured = measures.find(({ id }) => id === measure);
    return `${metric}${measured ? ` (${measured.words})` : ""}: ${size === null ? "" : `${size} ${unit ?? ""} `}${direction}`;
  };
}
