import { allSteps, type Description, type Rule } from "./description.ts";
import { treeOfFlow } from "./flow.ts";
import { flowOrder } from "./order.ts";

/**
 * What is different in a newer description, in sentences: steps that came, went or changed, who holds a role,
 * the order of steps, rules, mapping. Two that say the same give []. Work: steps² for the order.
 */
export function differencesBetween(older: Description, newer: Description): string[] {
  return [
    ...changed("The process is called", older.process, newer.process),
    ...changed("The owner is", older.owner, newer.owner),
    ...changed("The version is", older.version, newer.version),
    ...changed("The currency is", older.currency, newer.currency),
    ...roles(older, newer),
    ...steps(older, newer),
    ...order(older, newer),
    ...rules(older.rules ?? [], newer.rules ?? []),
    ...entries(
      "mapping",
      older.mapping ?? {},
      newer.mapping ?? {},
      (activity, step) => `"${activity}" is taken as "${step}"`,
    ),
    ...entries("errors", older.errors ?? {}, newer.errors ?? {}, (what, value) =>
      what === "wrong" ? `a wrong result costs ${value}` : `one by hand takes ${value} minutes`,
    ),
  ];
}

function changed(what: string, before: unknown, now: unknown): string[] {
  if (before === now) return [];
  if (before === undefined) return [`${what} now “${String(now)}”; before, nothing was said.`];
  if (now === undefined) return [`${what} no longer said; it was “${String(before)}”.`];
  return [`${what} “${String(now)}”, no longer “${String(before)}”.`];
}

function roles(older: Description, newer: Description): string[] {
  const [before, now] = [older.roles ?? {}, newer.roles ?? {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.flatMap((role) => {
    if (!Object.hasOwn(before, role)) return [`New role: ${role} (${people(now[role])}).`];
    if (!Object.hasOwn(now, role)) return [`The role ${role} is gone.`];
    const came = now[role].filter((person) => !before[role].includes(person));
    const went = before[role].filter((person) => !now[role].includes(person));
    return [
      ...(came.length > 0
        ? [`${people(came)} now ${came.length === 1 ? "holds" : "hold"} the role ${role}.`]
        : []),
      ...(went.length > 0
        ? [`${people(went)} no longer ${went.length === 1 ? "holds" : "hold"} the role ${role}.`]
        : []),
    ];
  });
}

const people = (list: readonly string[]) =>
  list.length === 0 ? "nobody named" : list.map((person) => (person === "*" ? "anybody" : person)).join(", ");

function steps(older: Description, newer: Description): string[] {
  const [before, now] = [allSteps(older), allSteps(newer)];
  const sentences: string[] = [];
  for (const name of now)
    if (!before.includes(name)) sentences.push(`New step: "${name}"${roleOf(newer, name)}.`);
  for (const name of before) if (!now.includes(name)) sentences.push(`The step "${name}" is gone.`);
  for (const name of now) {
    if (!before.includes(name)) continue;
    const [a, b] = [older.steps?.[name] ?? {}, newer.steps?.[name] ?? {}];
    for (const key of ["role", "system", "approves", "target", "task", "undo"] as const)
      sentences.push(...changed(`"${name}": ${key} is`, a[key], b[key]));
    for (const key of ["deputy", "needs"] as const) {
      const [x, y] = [(a[key] ?? []).join(", "), (b[key] ?? []).join(", ")];
      if (x !== y)
        sentences.push(
          `"${name}": ${key === "deputy" ? "deputies are" : "needs"} ${y === "" ? "nothing named" : y}, before ${x === "" ? "nothing named" : x}.`,
        );
    }
  }
  return sentences;
}

const roleOf = ({ steps: own }: Description, name: string) => {
  const role = own?.[name]?.role;
  return role === undefined ? "" : `, of ${role}`;
};

function order(older: Description, newer: Description): string[] {
  const [before, now] = [flowOrder(treeOfFlow(older.flow)), flowOrder(treeOfFlow(newer.flow))];
  const common = now.steps.filter((name) => before.steps.includes(name));
  const sentences: string[] = [];
  for (const name of common) {
    if (before.mandatory.has(name) && !now.mandatory.has(name))
      sentences.push(`"${name}" is no longer part of every case.`);
    if (!before.mandatory.has(name) && now.mandatory.has(name))
      sentences.push(`"${name}" is now part of every case.`);
    if (!before.repeatable.has(name) && now.repeatable.has(name))
      sentences.push(`"${name}" may now be repeated.`);
    if (before.repeatable.has(name) && !now.repeatable.has(name))
      sentences.push(`"${name}" is no longer repeated.`);
  }
  for (const a of common)
    for (const b of common) {
      if (a === b) continue;
      if (before.precedes(a, b) && now.precedes(b, a)) sentences.push(`"${b}" now comes before "${a}".`);
      else if (before.precedes(a, b) && !now.precedes(a, b) && !now.precedes(b, a))
        sentences.push(`"${a}" no longer has to come before "${b}".`);
      else if (!before.precedes(a, b) && !before.precedes(b, a) && now.precedes(a, b))
        sentences.push(`"${a}" now has to come before "${b}".`);
    }
  return sentences;
}

function rules(before: readonly Rule[], now: readonly Rule[]): string[] {
  const [a, b] = [before.map(ruleInWords), now.map(ruleInWords)];
  return [
    ...b.filter((words) => !a.includes(words)).map((words) => `New rule: ${words}.`),
    ...a.filter((words) => !b.includes(words)).map((words) => `The rule is gone: ${words}.`),
  ];
}

/** A rule as a sentence without its full stop. */
export function ruleInWords(rule: Rule): string {
  const when = Object.entries(rule.when ?? {})
    .map(
      ([column, test]) =>
        `${column} ${Object.entries(test)
          .map(
            ([k, v]) =>
              `${{ atLeast: "is at least", below: "is below", is: "is", in: "is one of" }[k] ?? k} ${[v].flat().join(", ")}`,
          )
          .join(" and ")}`,
    )
    .join(" and ");
  const where = when === "" ? "" : ` where ${when}`;
  if ("before" in rule) return `"${rule.before}" only after "${[rule.must].flat().join('" or "')}"${where}`;
  if ("separate" in rule)
    return `nobody does two of ${rule.separate.map((step) => `"${step}"`).join(", ")} in one case${where}`;
  if ("limit" in rule)
    return `${rule.person ?? rule.role ?? "everybody"} does "${rule.limit}" up to ${rule.upTo} (${rule.amount ?? "amount"})${where}`;
  if ("splitLimit" in rule)
    return `amounts by the same ${(rule.by ?? ["person", "vendor"]).join(" and ")} within ${rule.within ?? "1d"} count together for the limit of ${rule.splitLimit}${where}`;
  if ("deadline" in rule)
    return `"${rule.deadline}" ${rule.by !== undefined ? `by "${rule.by}"` : `within ${rule.within} of ${rule.after === undefined ? "the begin" : `"${rule.after}"`}`}${where}`;
  return `for "${rule.authoritative}" of ${rule.of}, ${rule.source} is right${where}`;
}

function entries<T>(
  what: string,
  before: Record<string, T>,
  now: Record<string, T>,
  say: (key: string, value: T) => string,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) => {
    if (before[key] === now[key]) return [];
    if (!Object.hasOwn(now, key)) return [`No longer in ${what}: ${say(key, before[key])}.`];
    return [
      `In ${what}: ${say(key, now[key])}${Object.hasOwn(before, key) ? `, before ${String(before[key])}` : ""}.`,
    ];
  });
}
