/** Text as it is compared: without accents, case, punctuation; blanks single. */
export function normalise(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * A reference or code without anything but letters and digits, and without leading zeros of its number parts.
 */
export function normaliseCode(text: string): string {
  return text
    .normalize("NFKD")
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .split(" ")
    .map((part) => part.replace(/^([A-Z]*)0+(?=\d)/, "$1"))
    .join("");
}

/** Words of companies that tell nothing apart. */
const LEGAL_FORMS = new Set(
  "ltd limited llc llp lp plc inc incorporated corp corporation co company gmbh mbh ag kg kgaa ohg gbr ug se sa sas sarl eurl spa srl sl slu bv nv vof ab as asa aps oy oyj sro zrt kft pty group holding holdings the und and et y e".split(
    " ",
  ),
);

/**
 * A company's name without its legal form: "ACME Supplies Ltd." and "Acme Supplies" are alike. "&" is "and".
 */
export function normaliseCompany(name: string): string {
  const words = normalise(name.replaceAll(/\b([A-Za-z])\.(?=[A-Za-z]\b\.?)/g, "$1")).split(" ");
  const kept = words.filter((word) => !LEGAL_FORMS.has(word));
  return (kept.length > 0 ? kept : words).join(" ");
}

/**
 * How alike two short texts are, 0 to 1: the share of common characters in order, more for a common begin
 * (Jaro 1989, Winkler 1990). O(a · b) for short texts.
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Uint8Array(b.length);
  const common: string[] = [];
  for (let i = 0; i < a.length; i++) {
    const to = Math.min(b.length, i + reach + 1);
    for (let j = Math.max(0, i - reach); j < to; j++) {
      if (taken[j] || a[i] !== b[j]) continue;
      taken[j] = 1;
      common.push(a[i]);
      break;
    }
  }
  if (common.length === 0) return 0;
  let moved = 0;
  for (let j = 0, k = 0; j < b.length; j++) if (taken[j] && common[k++] !== b[j]) moved++;
  const m = common.length;
  const jaro = (m / a.length + m / b.length + (m - moved / 2) / m) / 3;
  let prefix = 0;
  while (prefix < 4 && a[prefix] === b[prefix] && a[prefix] !== undefined) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Whether one text is the other with two neighbouring characters swapped. */
export function isTransposition(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let i = 0;
  while (a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

/** Characters that are taken for one another in print, each written as one of them. */
export function withoutLookalikes(code: string): string {
  return code.replaceAll(/[OQ]/g, "0").replaceAll(/[IL]/g, "1").replaceAll("S", "5").replaceAll("B", "8");
}
