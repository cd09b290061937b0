import { InputError } from "../input-error.ts";

/**
 * A process tree (Leemans 2017): sound by construction. Children of `sequence` run in order, one child of
 * `choice` runs, those of `parallel` interleave; a `loop` runs its first child, then any number of times one
 * of the others and the first again.
 */
export type ProcessTree =
  { kind: "activity"; activity: string } | { kind: "silent" } | { kind: Operator; children: ProcessTree[] };

export type Operator = "sequence" | "choice" | "parallel" | "loop";

export const SILENT: ProcessTree = { kind: "silent" };
export const activityTree = (activity: string): ProcessTree => ({ kind: "activity", activity });
export const treeOf = (kind: Operator, ...children: ProcessTree[]): ProcessTree => ({ kind, children });

const SYMBOLS: Record<Operator, string> = { sequence: "->", choice: "X", parallel: "+", loop: "*" };

/** "->( 'A', X( 'B', tau ) )"; a quote or backslash in a name is written with a backslash before it. */
export function formatTree(tree: ProcessTree): string {
  if (tree.kind === "silent") return "tau";
  if (tree.kind === "activity") return `'${tree.activity.replaceAll(/[\\']/g, "\\$&")}'`;
  return `${SYMBOLS[tree.kind]}( ${tree.children.map(formatTree).join(", ")} )`;
}

/**
 * Reads what `formatTree` writes. Throws InputError with the character at which the text is no tree; a tree
 * nests at most 500 deep.
 */
export function parseTree(text: string, where = "process tree"): ProcessTree {
  let at = 0;
  const fail = (expected: string): never => {
    const got = at < text.length ? `"${text.slice(at, at + 12)}"` : "its end";
    throw new InputError(
      "wrong-tree",
      where,
      `${where}, character ${at + 1}: expected ${expected}, got ${got}.`,
    );
  };
  const blanks = () => {
    while (/\s/.test(text[at] ?? "")) at++;
  };
  const node = (depth: number): ProcessTree => {
    if (depth > 500) fail("at most 500 levels");
    blanks();
    if (text[at] === "'") {
      let activity = "";
      for (at++; text[at] !== "'"; at++) {
        if (text[at] === "\\") at++;
        if (at >= text.length) fail("a closing quote");
        activity += text[at];
      }
      at++;
      return activityTree(activity);
    }
    if (/^tau\b/.test(text.slice(at, at + 4))) {
      at += 3;
      return SILENT;
    }
    const operator = (Object.keys(SYMBOLS) as Operator[]).find((o) => text.startsWith(SYMBOLS[o], at));
    if (!operator) return fail("->( X( +( *( a quoted name or tau");
    at += SYMBOLS[operator].length;
    blanks();
    if (text[at] !== "(") fail('"("');
    const children: ProcessTree[] = [];
    do {
      at++;
      children.push(node(depth + 1));
      blanks();
    } while (text[at] === ",");
    if (text[at] !== ")") fail('"," or ")"');
    at++;
    if (operator === "loop" && children.length < 2) fail("a loop with two children or more before this");
    return { kind: operator, children };
  };
  const tree = node(0);
  blanks();
  if (at < text.length) fail("nothing more");
  return tree;
}

/**
 * The same language with less: nested operators of one kind become one, operators with one child are that
 * child, silent steps go from sequences and parallels, choices keep one silent step and one copy of equal
 * children.
 */
export function simplifyTree(tree: ProcessTree): ProcessTree {
  if (tree.kind === "silent" || tree.kind === "activity") return tree;
  let children = tree.children.map(simplifyTree);
  if (tree.kind === "loop") {
    const [first, ...again] = children;
    const choice = simplifyTree(treeOf("choice", ...again));
    if (first.kind === "silent" && choice.kind === "silent") return SILENT;
    return { kind: "loop", children: [first, choice] };
  }
  children = children.flatMap((child) => (child.kind === tree.kind ? child.children : [child]));
  if (tree.kind === "choice") {
    const seen = new Set<string>();
    children = children.filter((child) => {
      const written = formatTree(child);
      return !seen.has(written) && seen.add(written);
    });
  } else children = children.filter((child) => child.kind !== "silent");
  if (children.length === 0) return SILENT;
  return children.length === 1 ? children[0] : { kind: tree.kind, children };
}

/**
 * The simplified tree with children of choices and parallels sorted by their text, so that equal trees have
 * equal texts.
 */
export function canonicalTree(tree: ProcessTree): ProcessTree {
  const sort = (node: ProcessTree): ProcessTree => {
    if (node.kind === "silent" || node.kind === "activity") return node;
    const children = node.children.map(sort);
    if (node.kind === "choice" || node.kind === "parallel")
      children.sort((a, b) => (formatTree(a) < formatTree(b) ? -1 : 1));
    return { kind: node.kind, children };
  };
  return simplifyTree(sort(simplifyTree(tree)));
}

/** The activities of a tree, each once, from left to right. */
export function activitiesOf(tree: ProcessTree): string[] {
  if (tree.kind === "silent") return [];
  if (tree.kind === "activity") return [tree.activity];
  return [...new Set(tree.children.flatMap(activitiesOf))];
}

/** Visible steps of the shortest run. */
export function shortestRun(tree: ProcessTree): number {
  if (tree.kind === "silent") return 0;
  if (tree.kind === "activity") return 1;
  const lengths = tree.children.map(shortestRun);
  if (tree.kind === "choice") return Math.min(...lengths);
  return tree.kind === "loop" ? lengths[0] : lengths.reduce((a, b) => a + b, 0);
}

/** Leaves and operators of a tree. */
export function treeSize(tree: ProcessTree): number {
  return "children" in tree ? tree.children.reduce((sum, child) => sum + treeSize(child), 1) : 1;
}

/**
 * Every run of at most `length` visible steps, as arrays of activities: the definition of the language read
 * literally, to compare small trees. Grows exponentially; throws RangeError beyond `limit` runs.
 */
export function boundedLanguage(tree: ProcessTree, length: number, limit = 200_000): Set<string> {
  const join = (runs: string[][][]): string[][] => {
    let all: string[][] = [[]];
    for (const part of runs) {
      all = distinct(
        all.flatMap((a) => part.filter((b) => a.length + b.length <= length).map((b) => [...a, ...b])),
      );
    }
    return all;
  };
  const distinct = (runs: string[][]): string[][] => {
    const kept = new Map(runs.map((run) => [run.join("\u001f"), run]));
    if (kept.size > limit) throw new RangeError(`more than ${limit} runs`);
    return [...kept.values()];
  };
  const interleave = (a: string[], b: string[]): string[][] => {
    if (a.length === 0) return [b];
    if (b.length === 0) return [a];
    return [
      ...interleave(a.slice(1), b).map((rest) => [a[0], ...rest]),
      ...interleave(a, b.slice(1)).map((rest) => [b[0], ...rest]),
    ];
  };
  const runs = (node: ProcessTree): string[][] => {
    if (node.kind === "silent") return [[]];
    if (node.kind === "activity") return length > 0 ? [[node.activity]] : [];
    const parts = node.children.map(runs);
    if (node.kind === "choice") return distinct(parts.flat());
    if (node.kind === "sequence") return join(parts);
    if (node.kind === "parallel") {
      return parts.reduce((all, part) =>
        distinct(
          all.flatMap((a) =>
            part.filter((b) => a.length + b.length <= length).flatMap((b) => interleave(a, b)),
          ),
        ),
      );
    }
    const again = distinct(parts.slice(1).flat());
    let all = parts[0];
    for (let size = -1; size !== all.length;) {
      size = all.length;
      all = distinct([...all, ...join([all, again, parts[0]])]);
    }
    return all;
  };
  return new Set(runs(tree).map((run) => run.join("\u001f")));
}
