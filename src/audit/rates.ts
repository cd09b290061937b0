/** What an hour costs, by role, what a day of delay costs, when somebody says so, and what capital costs. */
export interface Rates {
  currency: string;
  /** per hour, where the role has no rate of its own */
  hourly: number;
  roles: Record<string, number>;
  /** per working day of delay of one case; undefined: delay has no price */
  delayPerDay?: number;
  /** yearly cost of capital as a share, for working capital */
  capital: number;
  /** true when nobody gave the cost of capital */
  capitalAssumed: boolean;
  /** true when nobody gave the rate */
  assumed: boolean;
}

/** Low and high of a rate that nobody measured, as a share of it. */
export const RATE_SPREAD = 0.3;

/** 8 % a year, where nobody says what capital costs. */
export const ASSUMED_CAPITAL = 0.08;

/** 45 EUR an hour: the stated assumption where there is no file of rates. */
export const ASSUMED_RATES: Rates = {
  currency: "EUR",
  hourly: 45,
  roles: {},
  assumed: true,
  capital: ASSUMED_CAPITAL,
  capitalAssumed: true,
};
