import { Buffer } from "node:buffer";

/** How a column writes numbers. */
export interface NumberFormat {
  decimal: "." | ",";
  /** grouping character between thousands, or "" */
  thousands: "" | "," | "." | " " | "'";
}

/** No number is written longer; the patterns below take the square of a length. */
const LONGEST = 200;
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * The number that the bytes write in `format`, or NaN. Accepts a sign before or after, parentheses for
 * negative amounts, a currency sign or code before or after, and a power of ten. Correctly rounded: at most
 * 15 digits with a power up to 10^22 are one exact division, anything longer goes through `Number`.
 */
export function parseNumber(b: Uint8Array, from: number, to: number, format: NumberFormat): number {
  let i = from;
  const negative = b[i] === 45;
  if (negative) i++;
  const decimal = format.decimal === "." ? 46 : 44;
  let digits = 0;
  let value = 0;
  let decimals = -1;
  for (; i < to; i++) {
    const digit = b[i] - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digits++;
      if (decimals >= 0) decimals++;
    } else if (b[i] === decimal && decimals < 0) decimals = 0;
    else return parseWritten(text(b, from, to), format);
  }
  if (digits === 0) return NaN;
  if (digits > 15) return parseWritten(text(b, from, to), format);
  const exact = decimals > 0 ? value / POWERS[decimals] : value;
  return negative ? -exact : exact;
}

/** As `parseNumber`, for the less usual ways of writing. */
export function parseWritten(written: string, { decimal, thousands }: NumberFormat): number {
  if (written.length > LONGEST) return NaN;
  let rest = written.replaceAll("\u00a0", " ").replaceAll("\u202f", " ").trim();
  let negative = false;
  const parentheses = /^\((.*)\)$/s.exec(rest);
  if (parentheses) [negative, rest] = [true, parentheses[1]];
  rest = rest.replace(CURRENCY_BEFORE, "").replace(CURRENCY_AFTER, "");
  const sign = /^([-+−]?)\s*(.*?)([-+−]?)$/su.exec(rest)!;
  if (sign[1] !== "" && sign[3] !== "") return NaN;
  if (/[-−]/u.test(sign[1] + sign[3])) negative = !negative;
  rest = sign[2].replace(/^[€$£¥]\s*/u, "");

  if (!shapeOf(decimal, thousands).test(rest)) return NaN;
  const plain = Number((thousands === "" ? rest : rest.replaceAll(thousands, "")).replace(decimal, "."));
  return negative ? -plain : plain;
}

const shapes = new Map<string, RegExp>();

/** What numbers of a format look like; worked out once, since that takes longer than to look. */
function shapeOf(decimal: NumberFormat["decimal"], thousands: NumberFormat["thousands"]): RegExp {
  const key = decimal + thousands;
  let shape = shapes.get(key);
  if (!shape) {
    const group = thousands === "" ? "" : `\\${thousands}`;
    const whole = group === "" ? "\\d+" : `(?:[1-9]\\d{0,2}(?:${group}\\d{2,3})*${group}\\d{3}|\\d+)`;
    shape = new RegExp(`^(?:${whole}(?:\\${decimal}\\d*)?|\\${decimal}\\d+)(?:[eE][-+]?\\d+)?$`);
    shapes.set(key, shape);
  }
  return shape;
}

/**
 * How these values write numbers: a format when all of them do, "ambiguous" when they do but "1,234" could
 * mean either 1.234 or 1234 and nothing tells which, undefined when they are not numbers (or look like
 * identifiers, "00123").
 */
export function numberFormatOf(values: readonly string[]): NumberFormat | "ambiguous" | undefined {
  if (values.length === 0) return undefined;
  if (values.some((value) => !/\d/.test(value))) return undefined; // settles most columns of names at once
  if (values.some((value) => /^0\d/.test(value) || /^\d{16,}$/.test(value))) return undefined;
  const formats = CANDIDATES.filter((format) =>
    values.every((value) => !Number.isNaN(parseWritten(value, format))),
  );
  const [first] = formats;
  if (!first) return undefined;
  // Different readings only where a value really differs between the formats.
  const differs = formats.some((format) =>
    values.some((value) => parseWritten(value, format) !== parseWritten(value, first)),
  );
  return differs ? "ambiguous" : first;
}

const CODES =
  "EUR|USD|GBP|CHF|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|JPY|CNY|INR|CAD|AUD|NZD|BRL|MXN|ZAR|TRY|SGD|HKD|AED|KRW";
const CURRENCY_BEFORE = new RegExp(`^(?:[€$£¥]|(?:${CODES})(?=[\\s\\d-]))\\s*`, "u");
const CURRENCY_AFTER = new RegExp(`\\s*(?:[€$£¥%]|(?:${CODES}))$`, "u");

const CANDIDATES: NumberFormat[] = [
  { decimal: ".", thousands: "" },
  { decimal: ".", thousands: "," },
  { decimal: ",", thousands: "" },
  { decimal: ",", thousands: "." },
  { decimal: ".", thousands: " " },
  { decimal: ",", thousands: " " },
  { decimal: ".", thousands: "'" },
];

function text(b: Uint8Array, from: number, to: number): string {
  return Buffer.from(b.buffer, b.byteOffset + from, to - from).toString("utf8");
}
