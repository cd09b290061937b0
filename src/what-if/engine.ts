/**
 * Work that comes, the people who can do it, and when they are there. Times in ms; rows of a template follow
 * one another.
 */
export interface Shop {
  /** rows of template t: [row[t], row[t + 1]) */
  row: Uint32Array;
  /** activity of each row; below `able.length` */
  activity: Uint16Array;
  /** working time that the row takes */
  handling: Float64Array;
  /** time that passes before the row can be taken up, whoever is free */
  delay: Float64Array;
  /** people who can do each activity; none: it takes nobody */
  able: readonly (readonly number[])[];
  /** of each person, when they are there: begin and end of one span after another, ascending */
  duty: readonly Float64Array[];
  /**
   * of each template, how urgent it is: 0 is taken up before 1, however long 1 has waited; all alike without
   * it
   */
  rank?: Uint8Array;
}

/** What comes: cases, and the moments at which work that is saved up is released. */
export interface Arrivals {
  /** when each case comes, ascending, and which template it follows */
  time: Float64Array;
  template: Uint32Array;
  /** of each activity that is done in runs, when they begin, ascending; what is ready waits for the next */
  runs?: readonly (Float64Array | undefined)[];
}

/**
 * Is told of each row of each case when it is taken up (by whom; −1 where it takes nobody) and when it is
 * done.
 */
export interface Watch {
  begun(c: number, row: number, at: number, person: number): void;
  ended(c: number, row: number, at: number): void;
}

/** What becomes of each case and each activity. */
export interface Run {
  /** end of each case; NaN where it does not end within the spans of those who must do it */
  end: Float64Array;
  /** rows that were done */
  events: number;
  /**
   * wait of each activity from the moment it could be taken up (after its delay, and after `held`): sum and
   * count
   */
  waited: Float64Array;
  done: Float64Array;
  /** wait of each activity for the run that it is done in: sum */
  held: Float64Array;
  /** working time of each person */
  worked: Float64Array;
}

/**
 * Discrete-event simulation: each row of a case waits for its delay, for the next run where its activity is
 * done in runs, then in the queue of its activity for the first person who can do it and is there; it takes
 * their working time, also across the end of a day. A person takes what is most urgent, and of that what has
 * been ready longest. Deterministic. O(rows · (log(cases in work) + people who can + ranks · activities of a
 * person)).
 */
export function runShop(
  { row, activity, handling, delay, able, duty, rank }: Shop,
  { time, template, runs }: Arrivals,
  watch?: Watch,
): Run {
  const cases = time.length;
  const people = duty.length;
  const kinds = able.length;
  const canDo: number[][] = Array.from({ length: people }, () => []);
  able.forEach((who, a) => who.forEach((p) => canDo[p].push(a)));
  const at = new Uint32Array(cases);
  const readyAt = new Float64Array(cases);
  const end = new Float64Array(cases).fill(NaN);
  const waited = new Float64Array(kinds);
  const done = new Float64Array(kinds);
  const held = new Float64Array(kinds);
  const worked = new Float64Array(people);
  const ranks = rank ? rank.reduce((most, one) => Math.max(most, one), 0) + 1 : 1;
  const queueOf = (a: number, c: number) => (rank ? a * ranks + rank[template[c]] : a);
  // queues of cases that are ready, one for each activity and rank
  const head = new Int32Array(kinds * ranks).fill(-1);
  const tail = new Int32Array(kinds * ranks).fill(-1);
  const nextRun = new Uint32Array(kinds);
  const isReleased = new Uint8Array(cases);
  const isQueued = new Uint8Array(cases);
  const next = new Int32Array(cases).fill(-1);
  const span = new Uint32Array(people);
  const isIdle = new Uint8Array(people).fill(1);
  const wakes = new Uint8Array(people);
  const doing = new Int32Array(people).fill(-1);
  // what happens next: cases that become ready (0 … cases − 1), then people who become free or come
  const heap = new Heap(cases + 2 * people);
  for (let c = 0; c < cases; c++) {
    at[c] = row[template[c]];
    if (at[c] < row[template[c] + 1]) heap.push(time[c] + delay[at[c]], c);
    else end[c] = time[c];
  }
  let events = 0;

  /** The moment from `t` on at which the person is there; Infinity where they never are again. */
  const thereFrom = (p: number, t: number): number => {
    const own = duty[p];
    while (span[p] * 2 < own.length && own[span[p] * 2 + 1] <= t) span[p]++;
    return span[p] * 2 < own.length ? Math.max(t, own[span[p] * 2]) : Infinity;
  };
  /** When work that begins now is done, over the spans of the person. */
  const finishes = (p: number, from: number, takes: number): number => {
    const own = duty[p];
    let s = span[p];
    let t = from;
    let left = takes;
    for (; s * 2 < own.length; s++) {
      t = Math.max(t, own[s * 2]);
      const room = own[s * 2 + 1] - t;
      if (left <= room) return t + left;
      left -= room;
    }
    return Infinity;
  };
  const advance = (c: number, t: number) => {
    events++;
    watch?.ended(c, at[c], t);
    const following = at[c] + 1;
    if (following < row[template[c] + 1]) {
      at[c] = following;
      heap.push(t + delay[following], c);
    } else end[c] = t;
  };
  /** The person takes up what is next for them, where anything is. */
  const takeUp = (p: number, t: number): void => {
    let best = -1;
    for (let k = 0; k < ranks && best < 0; k++)
      for (const a of canDo[p]) {
        const q = a * ranks + k;
        if (head[q] >= 0 && (best < 0 || readyAt[head[q]] < readyAt[head[best]])) best = q;
      }
    if (best < 0) return;
    const c = head[best];
    isQueued[c] = 0;
    head[best] = next[c];
    if (head[best] < 0) tail[best] = -1;
    const kind = activity[at[c]];
    waited[kind] += t - readyAt[c];
    done[kind]++;
    const takes = handling[at[c]];
    const until = finishes(p, t, takes);
    if (until === Infinity) {
      // nobody is there to end it within the time that is looked at
      isIdle[p] = 0;
      return;
    }
    watch?.begun(c, at[c], t, p);
    worked[p] += takes;
    isIdle[p] = 0;
    doing[p] = c;
    heap.push(until, cases + p);
  };
  const hasWork = (p: number) => {
    for (const a of canDo[p]) for (let k = 0; k < ranks; k++) if (head[a * ranks + k] >= 0) return true;
    return false;
  };
  const wake = (p: number, t: number) => {
    if (isIdle[p] === 0 || wakes[p] === 1) return;
    const from = thereFrom(p, t);
    if (from === Infinity) return;
    if (from <= t) takeUp(p, t);
    else {
      wakes[p] = 1;
      heap.push(from, cases + people + p);
    }
  };

  while (heap.size > 0) {
    const t = heap.time;
    const what = heap.pop();
    if (what < cases) {
      const a = activity[at[what]];
      const starts = runs?.[a];
      if (starts && isReleased[what] === 0) {
        while (nextRun[a] < starts.length && starts[nextRun[a]] < t) nextRun[a]++;
        // no further run within the time that is looked at: it never ends
        if (nextRun[a] >= starts.length) continue;
        const release = starts[nextRun[a]];
        held[a] += release - t;
        isReleased[what] = 1;
        heap.push(release, what);
        continue;
      }
      isReleased[what] = 0;
      readyAt[what] = t;
      if (able[a].length === 0) {
        // it takes nobody: only its own time
        watch?.begun(what, at[what], t, -1);
        done[a]++;
        advance(what, t + handling[at[what]]);
        continue;
      }
      const q = queueOf(a, what);
      if (tail[q] < 0) head[q] = what;
      else next[tail[q]] = what;
      tail[q] = what;
      next[what] = -1;
      isQueued[what] = 1;
      // whoever is idle and there takes up what is next for them, until it is this; else those who are idle
      // come when they do
      for (const p of able[a]) {
        if (isQueued[what] === 0) break;
        if (isIdle[p] === 1 && thereFrom(p, t) <= t) takeUp(p, t);
      }
      if (isQueued[what] === 1) for (const p of able[a]) wake(p, t);
      continue;
    }
    const isWake = what >= cases + people;
    const p = isWake ? what - cases - people : what - cases;
    if (isWake) {
      wakes[p] = 0;
      if (isIdle[p] === 0) continue;
    } else {
      isIdle[p] = 1;
      const c = doing[p];
      doing[p] = -1;
      advance(c, t);
    }
    if (thereFrom(p, t) <= t) takeUp(p, t);
    else if (hasWork(p)) wake(p, t);
  }
  return { end, events, waited, held, done, worked };
}

/** A binary heap of (time, what), the earliest first; equal times in the order of `what`. */
class Heap {
  size = 0;
  #time: Float64Array;
  #what: Uint32Array;

  constructor(room: number) {
    this.#time = new Float64Array(room + 1);
    this.#what = new Uint32Array(room + 1);
  }

  /** of the earliest */
  get time(): number {
    return this.#time[0];
  }

  push(time: number, what: number): void {
    if (this.size >= this.#time.length) {
      const [times, whats] = [new Float64Array(this.size * 2), new Uint32Array(this.size * 2)];
      times.set(this.#time);
      whats.set(this.#what);
      [this.#time, this.#what] = [times, whats];
    }
    const [times, whats] = [this.#time, this.#what];
    let i = this.size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (times[parent] < time || (times[parent] === time && whats[parent] <= what)) break;
      times[i] = times[parent];
      whats[i] = whats[parent];
      i = parent;
    }
    times[i] = time;
    whats[i] = what;
  }

  pop(): number {
    const [times, whats] = [this.#time, this.#what];
    const first = whats[0];
    const [time, what] = [times[--this.size], whats[this.size]];
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.size) break;
      if (
        child + 1 < this.size &&
        (times[child + 1] < times[child] ||
          (times[child + 1] === times[child] && whats[child + 1] < whats[child]))
      )
        child++;
      if (time < times[child] || (time === times[child] && what <= whats[child])) break;
      times[i] = times[child];
      whats[i] = whats[child];
      i = child;
    }
    times[i] = time;
    whats[i] = what;
    return first;
  }
}
