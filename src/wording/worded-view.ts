import { needInWords } from "./needs.ts";

/** What a view worked out, with what is missing in words; an answer that lacks nothing as it is. */
export const wordedView = (worked: unknown): unknown =>
  typeof worked === "object" && worked !== null && "missing" in worked && Array.isArray(worked.missing)
    ? { ...worked, missing: worked.missing.map(needInWords) }
    : worked;
