import { isApprovalName, isChangeName, isCompensatingName, isRejectionName } from "./activity-names.ts";

/** What kind of work a step is, whoever does it and whatever about. */
export const TASK_KINDS = [
  "sort",
  "check",
  "copy",
  "track",
  "chase",
  "fix",
  "extract",
  "decide",
  "do",
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/**
 * Words that tell the kind, asked in this order; English, German, French, Spanish, Italian, Dutch,
 * Portuguese.
 */
const TOLD_BY: [TaskKind, RegExp][] = [
  [
    "chase",
    /\b(chas\w*|remind\w*|follow\w*[\s-]*up|clarif\w*|quer(y|ies)|escalat\w*|ask\w*|request (missing|further|additional|more)\b.*|await\w*|call\w*)\b|klär|nachfass|nachfrag|rückfrag|mahn|erinner|relanc|réclam|recordatori|reclamar|sollecit|herinner|navraag|lembr|cobrar/,
  ],
  [
    "track",
    /\b(track\w*|monitor\w*|update\w* (status|tracker|list|sheet)|log\w* (status|progress|call)|status|report\w*|notify|notified|notif\w*|inform\w*|archiv\w*|file[sd]?\b.*|document\w*|acknowledg\w*|confirm\w* receipt|schedul\w*|wait\w*)\b|verfolg|überwach|benachricht|informier|archivier|ablegen|suivre|suivi|notifi|archiv|seguimiento|segui|monitorar|volgen|meld/,
  ],
  [
    "sort",
    /\b(assign\w*|route[sd]?|routing|triage\w*|classif\w*|categori\w*|priorit\w*|dispatch\w*|sort\w*|queue[sd]?|forward\w*|distribut\w*|alloc\w*|take in charge|transfer\w* (to|ticket|case)|hand\w*[\s-]*over|select\w*)\b|zuweis|zuordn|weiterleit|einsortier|priorisier|verteil|affect|attribu|classer|trier|asignar|clasific|smist|assegn|toewijz|doorstur|atribu|encaminh/,
  ],
  [
    "check",
    /\b(check\w*|verif\w*|validat\w*|match\w*|reconcil\w*|review\w*|inspect\w*|compar\w*|examin\w*|assess\w*|audit\w*|test\w*|control\w*|qualit\w*|screen\w*|analy[sz]\w*|judg\w*)\b|prüf|abgleich|kontroll|abstimm|vergleich|vérif|contrôl|rapproch|verific|revis|comprob|verifica|confront|controleer|vergelijk|confer/,
  ],
  [
    "extract",
    /\b(extract\w*|read\w* (out|invoice|document|form|mail)|scan\w*|index\w*|capture[sd]?|ocr|transcri\w*|collect\w*|gather\w*|look\w* up|search\w*)\b|auslesen|einscann|extrah|extraire|extraer|estrarre/,
  ],
  [
    "copy",
    /\b(enter\w*|record\w*|register\w*|key\w*|typ(e|ed|ing) in|post(ed|ing|s)?|book(ed|ing|s)?|cop(y|ied|ies)|transfer\w*|upload\w*|download\w*|import\w*|export\w*|fill\w*|add\w*|insert\w*|input\w*|log\w*|create[sd]?|set[\s-]*up|open(ed)?|registr\w*)\b|erfass|eintrag|eingeb|verbuch|buch|anleg|übertrag|saisi|enregistr|comptabilis|crear|registrar|ingres|contabiliz|inserir|registra|inseri|invoer|boek|aanmak/,
  ],
];

/** The kind of task that a name tells: what decides by its name decides; "do" where nothing tells. */
export function taskKindOf(name: string): TaskKind {
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/[_.]/g, " ")
    .toLowerCase();
  if (
    [name, words].some((one) => isApprovalName(one) || isRejectionName(one)) ||
    /\bdeci(de|sion)/.test(words)
  )
    return "decide";
  const told = TOLD_BY.find(([, pattern]) => pattern.test(words))?.[0];
  if (told === "chase") return "chase";
  if (isCompensatingName(name)) return "fix";
  // changing what was entered is entering
  return told ?? (isChangeName(name) ? "copy" : "do");
}
