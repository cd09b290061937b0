import { z } from "zod";
import { ASSUMED_CAPITAL, type Rates } from "../audit/rates.ts";
import { readYaml } from "./yaml-file.ts";

const rate = z
  .number({ error: "expected an amount an hour, like 45" })
  .positive("expected more than 0")
  .max(100_000);

const schema = z.strictObject({
  currency: z
    .string({ error: "expected a currency code like EUR" })
    .regex(/^[A-Z]{3}$/, "expected a currency code like EUR"),
  default: rate,
  roles: z.record(z.string(), rate).optional(),
  delayPerDay: z.number().nonnegative().optional(),
  capital: z
    .number({ error: "expected the yearly cost of capital as a share, like 0.08" })
    .min(0)
    .max(1, "expected a share, like 0.08 for 8 %")
    .optional(),
});

/** The rates of a file: `{currency, default, roles: {ROLE: RATE}, delayPerDay, capital}`. */
export function readRates(path: string): Rates {
  const file = readYaml(path, schema, "rates file");
  return {
    currency: file.currency,
    hourly: file.default,
    roles: file.roles ?? {},
    delayPerDay: file.delayPerDay,
    assumed: false,
    capital: file.capital ?? ASSUMED_CAPITAL,
    capitalAssumed: file.capital === undefined,
  };
}
