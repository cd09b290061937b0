/** Which cases are looked at: the parts that the server knows (src/exploration/filter.ts). */
export interface Filter {
  from?: string;
  to?: string;
  with?: string[];
  without?: string[];
  follows?: [string | null, string | null];
  variant?: string;
  values?: Record<string, string[]>;
  roles?: string[];
  people?: number[];
  longerThanHours?: number;
  shorterThanHours?: number;
  id?: string;
  finding?: string;
  claim?: string;
  question?: number;
  readiness?: string;
}

/** The filter as it stands in an address; nothing where it narrows nothing. */
export function writeFilter(filter: Filter): string | undefined {
  const parts = Object.entries(filter).filter(
    ([, value]) =>
      value !== undefined &&
      !(Array.isArray(value) && value.length === 0) &&
      !(typeof value === "object" && !Array.isArray(value) && Object.keys(value as object).length === 0),
  );
  return parts.length === 0 ? undefined : JSON.stringify(Object.fromEntries(parts));
}

/** The filter of an address; one that cannot be read narrows nothing. */
export function readFilter(text: string | undefined): Filter {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Filter) : {};
  } catch {
    return {};
  }
}

/** One part of a filter in words, and the filter without it. */
export interface FilterPart {
  words: string;
  rest: Filter;
}

export function partsOf(filter: Filter): FilterPart[] {
  const parts: FilterPart[] = [];
  const add = (key: keyof Filter, words: string) => {
    const rest = { ...filter };
    delete rest[key];
    parts.push({ words, rest });
  };
  const list = (names: readonly (string | number)[]) =>
    names.length <= 2 ? names.join(" or ") : `${names[0]} or ${names.length - 1} others`;
  if (filter.finding) add("finding", "behind one leak");
  if (filter.claim) add("claim", "against one statement");
  if (filter.readiness) add("readiness", "against one statement about a step");
  if (filter.question) add("question", `against question ${filter.question}`);
  if (filter.from) add("from", `started from ${filter.from.slice(0, 10)}`);
  if (filter.to) add("to", `started before ${filter.to.slice(0, 10)}`);
  for (const name of filter.with ?? [])
    parts.push({
      words: `with ${name}`,
      rest: { ...filter, with: filter.with!.filter((one) => one !== name) },
    });
  if (filter.without) add("without", `without ${list(filter.without)}`);
  if (filter.follows) {
    const [a, b] = filter.follows;
    add("follows", a === null ? `starting with ${b}` : b === null ? `ending with ${a}` : `${a} → ${b}`);
  }
  if (filter.variant) add("variant", "of one variant");
  for (const [column, values] of Object.entries(filter.values ?? {})) {
    const others = { ...filter.values };
    delete others[column];
    parts.push({ words: `${column}: ${list(values)}`, rest: { ...filter, values: others } });
  }
  if (filter.roles) add("roles", `role ${list(filter.roles)}`);
  if (filter.people) add("people", `person ${list(filter.people)}`);
  if (filter.longerThanHours !== undefined) add("longerThanHours", `longer than ${filter.longerThanHours} h`);
  if (filter.shorterThanHours !== undefined)
    add("shorterThanHours", `shorter than ${filter.shorterThanHours} h`);
  if (filter.id) add("id", `id contains ${filter.id}`);
  return parts;
}
