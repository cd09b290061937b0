/** A step and the activity that is probably the same, with what speaks for it. */
export interface StepMatch {
  activity: string;
  step: string;
  /** 0 to 1 */
  confidence: number;
  because: string;
}

/** What is known of a step or an activity besides its name. */
export interface Placed {
  name: string;
  /** where in the process it usually stands, 0 (first) to 1 (last); undefined where nothing says so */
  position?: number;
  /** the role that mostly does it */
  role?: string;
}

/** Words that say nothing about what is done. */
const EMPTY = new Set(
  "a an the of for by to in on at with and or der die das des dem den ein eine und von für im am la le les de du des el los y et het een van in step activity task process".split(
    " ",
  ),
);

/** Words that mean the same in the names of steps; the first of each line stands for all. */
const SYNONYMS = [
  "approve authorise authorize release signoff sanction freigeben genehmigen freigabe genehmigung approuver aprobar goedkeuren approved approval bewilligen",
  "check verify review examine inspect control prüfen pruefen kontrollieren vérifier controleren validate",
  "create raise open set prepare draft anlegen erstellen créer crear aanmaken issue",
  "record enter register book capture log post key erfassen buchen enregistrer registrar boeken registreren",
  "send submit dispatch forward transmit file senden einreichen envoyer verzenden absenden",
  "receive get obtain arrive erhalten empfangen recevoir recibir ontvangen eingang receipt",
  "pay settle transfer disburse reimburse bezahlen zahlen überweisen payer pagar betalen payment zahlung",
  "request ask apply demand anfordern beantragen demander solicitar aanvragen requisition application",
  "close finish complete end resolve abschliessen abschließen schliessen clôturer cerrar sluiten",
  "invoice bill rechnung facture factura factuur inv",
  "order po bestellung purchaseorder commande pedido auftrag",
  "goods delivery material ware waren lieferung wareneingang merchandise",
  "reject decline refuse deny ablehnen zurückweisen refuser rechazar afwijzen rejected",
  "supplier vendor creditor lieferant kreditor fournisseur proveedor leverancier",
  "classify categorise categorize triage zuordnen einstufen classer",
  "clarify query enquire klären rückfrage clarifier",
].map((line) => line.split(" "));

const STAND_FOR = new Map(SYNONYMS.flatMap((line) => line.map((word) => [word, line[0]] as const)));

/** "Rec. Inv." and "RecordInvoice" as words; abbreviations keep their dot. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+/u)
    .map((word) => (/^[\p{L}]+\.$/u.test(word) ? word : word.replaceAll(".", "")))
    .filter((word) => word !== "" && !EMPTY.has(word));
}

/**
 * How alike two words are: 1 for the same word or synonym, high for an abbreviation or another form of it, 0
 * for different ones.
 */
function alike(a: string, b: string): number {
  const [x, y] = [a.replace(".", ""), b.replace(".", "")];
  if (x === y) return 1;
  const [s, t] = [STAND_FOR.get(x) ?? x, STAND_FOR.get(y) ?? y];
  if (s === t) return 0.9;
  if (/^\d+$/.test(x) || /^\d+$/.test(y)) return 0; // "level 1" is not "level 12"
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  const isAbbreviation = a.endsWith(".") || b.endsWith(".");
  if (long.startsWith(short) && (isAbbreviation ? short.length >= 2 : short.length >= 4))
    return isAbbreviation ? 0.85 : short.length / long.length > 0.55 ? 0.85 : 0.6;
  let common = 0;
  while (common < short.length && short[common] === long[common]) common++;
  return common >= 5 && common >= long.length * 0.6 ? 0.8 : 0;
}

/**
 * How alike two names are, 0 to 1: words are matched one to one, words without a partner count against it.
 */
export function nameSimilarity(a: string, b: string): number {
  const [x, y] = [wordsOf(a), wordsOf(b)];
  if (x.length === 0 || y.length === 0) return a.trim().toLowerCase() === b.trim().toLowerCase() ? 1 : 0;
  const pairs = x
    .flatMap((word, i) => y.map((other, j) => ({ i, j, value: alike(word, other) })))
    .filter(({ value }) => value > 0)
    .sort((p, q) => q.value - p.value);
  const usedX = new Set<number>();
  const usedY = new Set<number>();
  let sum = 0;
  for (const { i, j, value } of pairs) {
    if (usedX.has(i) || usedY.has(j)) continue;
    usedX.add(i);
    usedY.add(j);
    sum += value;
  }
  return (2 * sum) / (x.length + y.length);
}

/**
 * Which activities are probably which steps? Names weigh most; where a step usually stands and who does it
 * speak for or against. Each step and each activity is matched once, the surest pair first; pairs below
 * `least` are left out. Work: steps × activities.
 *
 * A match is a proposal: whoever knows better says so under `mapping`.
 */
export function matchSteps(
  steps: readonly Placed[],
  activities: readonly Placed[],
  least = 0.5,
): StepMatch[] {
  const candidates = steps.flatMap((step) =>
    activities.flatMap((activity) => {
      const name = nameSimilarity(step.name, activity.name);
      if (name < 0.4) return [];
      const apart =
        step.position === undefined || activity.position === undefined
          ? undefined
          : Math.abs(step.position - activity.position);
      const sameRole =
        step.role === undefined || activity.role === undefined ? undefined : step.role === activity.role;
      let confidence = name;
      const because = [`names ${Math.round(name * 100)} % alike`];
      if (apart !== undefined) {
        confidence += apart < 0.15 ? (1 - confidence) * 0.4 : apart > 0.4 ? -0.2 : 0;
        because.push(
          apart < 0.15 ? "same place in the flow" : apart > 0.4 ? "another place in the flow" : "",
        );
      }
      if (sameRole !== undefined) {
        confidence += sameRole ? (1 - confidence) * 0.3 : -0.15;
        because.push(sameRole ? "same role" : "another role");
      }
      confidence = Math.max(0, Math.min(1, confidence));
      return [
        { step: step.name, activity: activity.name, confidence, because: because.filter(Boolean).join(", ") },
      ];
    }),
  );
  candidates.sort((a, b) => b.confidence - a.confidence);
  const usedSteps = new Set<string>();
  const usedActivities = new Set<string>();
  return candidates.filter(({ step, activity, confidence }) => {
    if (confidence < least || usedSteps.has(step) || usedActivities.has(activity)) return false;
    usedSteps.add(step);
    usedActivities.add(activity);
    return true;
  });
}
