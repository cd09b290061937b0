import type { Db } from "../store/database.ts";
import { workOf } from "../store/work.ts";
import type { Who } from "./context.ts";
import { Problem } from "./problem.ts";

type Row = NonNullable<Awaited<ReturnType<typeof workOf>>>;

const LOOK_MS = 400;
const MOST_PER_ACTOR = 20;
const MOST = 500;

interface Watched {
  listeners: Set<(row: Row | undefined) => void>;
  timer: NodeJS.Timeout;
}

/** Whoever watches the same piece of work shares one look at it. */
const watched = new Map<string, Watched>();
const streams = new Map<string, number>();

/**
 * Takes a place among those who watch; gives it back when the answer ends. Throws a problem when there are
 * too many already.
 */
export function placeToWatch({ actor }: Who): () => void {
  const own = streams.get(actor) ?? 0;
  let all = 0;
  for (const count of streams.values()) all += count;
  if (own >= MOST_PER_ACTOR || all >= MOST)
    throw new Problem(
      429,
      "too-many-streams",
      `At most ${MOST_PER_ACTOR} may be open at once. Close some, or ask for the work now and then.`,
      {
        headers: { "retry-after": "5" },
      },
    );
  streams.set(actor, own + 1);
  let given = false;
  return () => {
    if (given) return;
    given = true;
    const left = (streams.get(actor) ?? 1) - 1;
    if (left > 0) streams.set(actor, left);
    else streams.delete(actor);
  };
}

/**
 * Hears of a piece of work now and then, until the returned function is called; undefined when it is gone.
 */
export function watchWork(
  db: Db,
  organisationId: string,
  workId: string,
  heard: (row: Row | undefined) => void,
): () => void {
  const key = `${organisationId}/${workId}`;
  let one = watched.get(key);
  if (!one) {
    const listeners = new Set<(row: Row | undefined) => void>();
    let looking = false;
    const look = async () => {
      if (looking) return;
      looking = true;
      try {
        const row = await workOf(db, organisationId, workId);
        for (const listener of listeners) listener(row);
      } catch {
        // the database is away: the next look may find it
      }
      looking = false;
    };
    one = { listeners, timer: setInterval(() => void look(), LOOK_MS) };
    watched.set(key, one);
  }
  one.listeners.add(heard);
  return () => {
    one.listeners.delete(heard);
    if (one.listeners.size > 0) return;
    clearInterval(one.timer);
    if (watched.get(key) === one) watched.delete(key);
  };
}
