import { InputError } from "../input-error.ts";
import type { OptionValues } from "./command.ts";

/**
 * The value of an option between two numbers; undefined where it is not given. Throws InputError for anything
 * else.
 */
export function numberOption(
  options: OptionValues,
  name: string,
  low: number,
  high: number,
): number | undefined {
  const text = options[name];
  if (typeof text !== "string") return undefined;
  const value = Number(text.replace(",", "."));
  if (text.trim() !== "" && value >= low && value <= high) return value;
  throw new InputError(
    "wrong-option",
    `--${name}`,
    `--${name}: expected a number from ${low} to ${high}, got "${text}".`,
  );
}

/** A share from 0 to 1. */
export function shareOption(options: OptionValues, name: string): number | undefined {
  return numberOption(options, name, 0, 1);
}
