import type { z } from "zod";
import type { Need } from "../evidence/need.ts";
import type { Explored, Selection } from "./explored.ts";

/** What a view is given. */
export interface Asked<Q> {
  explored: Explored;
  /** the cases that the filter keeps */
  selection: Selection;
  query: Q;
  /** the name under which a case is shown to who asks: its id, or for an outsider its number */
  caseName(c: number): string;
  /** whether attributes and records of cases are shown to who asks */
  showsDetails: boolean;
}

/** An answer as it is worked out: what is missing is a value, which whoever hands it out puts into words. */
export type Worked<A> = A extends { missing: string[] } ? Omit<A, "missing"> & { missing: Need[] } : A;

/**
 * One question that pages put to a log under a filter. Its route, its documentation and its thread are drawn
 * from this.
 */
export interface View<Q extends z.ZodObject = z.ZodObject, A extends z.ZodType = z.ZodType> {
  /** stands in its address */
  id: string;
  question: string;
  /** the main thing on its page: answered before what stands beside it */
  urgent?: boolean;
  query: Q;
  answer: A;
  work(asked: Asked<z.output<Q>>): Worked<z.input<A>> | Promise<Worked<z.input<A>>>;
  /** works out, after the answer was given, what the next question will need */
  afterwards?(asked: Asked<z.output<Q>>): void;
}

/** Gives a view the types of its schemas. */
export const defineView = <Q extends z.ZodObject, A extends z.ZodType>(view: View<Q, A>): View =>
  view as unknown as View;
