import { z } from "zod";
import { ASSUMED_CAPITAL, type Rates } from "./rates.ts";

const rate = z
  .number({ error: "expected an amount an hour, like 45" })
  .positive("expected more than 0")
  .max(100_000);

/** What a rates file, or the settings of an organisation, may say. */
export const ratesSchema = z.strictObject({
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

/** The rates as pricing takes them. */
export function ratesOf(said: z.infer<typeof ratesSchema>): Rates {
  return {
    currency: said.currency,
    hourly: said.default,
    roles: said.roles ?? {},
    delayPerDay: said.delayPerDay,
    assumed: false,
    capital: said.capital ?? ASSUMED_CAPITAL,
    capitalAssumed: said.capital === undefined,
  };
}
