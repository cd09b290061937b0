/**
 * The runs of a model as states and steps, explored as far as somebody asks. States are small whole numbers;
 * labels are numbered by `labels`.
 *
 * A model move is a visible step of the model that the log does not show. Silent steps cost nothing and are
 * made when they are needed, never before, so that work in parallel branches does not multiply states.
 */
export interface StateSpace {
  readonly labels: readonly string[];
  readonly initial: number;
  /** how many states have been met so far */
  readonly size: number;
  /** The ways to do `label`: pairs of a number of model moves made first, and the state reached. */
  next(state: number, label: number): Int32Array;
  /**
   * Steps on their own that `next` does not make by itself: triples of cost, label (−1 for silent) and the
   * state reached.
   */
  moves(state: number): Int32Array;
  /**
   * Fewest model moves to the end; a lower bound where `isExact` is false; Infinity where there is no way.
   */
  completion(state: number): number;
  /**
   * Whether some of the states after this one had to be left out because there are too many; a search that
   * comes here stops with what it has proved
   */
  isCut(state: number): boolean;
  /** Whether `completion` is exact, and `finish` tells its moves. */
  readonly isExact: boolean;
  isFinal(state: number): boolean;
  /** How often each label still must, and can, occur until the end; 255 in `most` means without limit. */
  left(state: number): { least: Uint8Array; most: Uint8Array };
  /** Labels of the model moves that `next` made on the way to `target`, in order. */
  explain(state: number, label: number, target: number): number[];
  /** Labels of the model moves of one cheapest completion, in order. */
  finish(state: number): number[];
  /** Labels that can come next, silent steps aside, each once. */
  enabled(state: number): readonly number[];
  /** States after exactly this visible step, silent steps aside. */
  follow(state: number, label: number): number[];
}
