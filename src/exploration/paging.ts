import { z } from "zod";

/** First row asked for, and how many. Rows of a log have places, so that a page can scroll to any of them. */
export const from = z.coerce.number().int().min(0).max(1e9).default(0);
export const most = (usual: number, atMost: number) =>
  z.coerce.number().int().min(1).max(atMost).default(usual);
