import type { Rates } from "../audit/rates.ts";
import { ratesOf, ratesSchema } from "../audit/rates-schema.ts";
import { readYaml } from "./yaml-file.ts";

/** The rates of a file: `{currency, default, roles: {ROLE: RATE}, delayPerDay, capital}`. */
export function readRates(path: string): Rates {
  return ratesOf(readYaml(path, ratesSchema, "rates file"));
}
