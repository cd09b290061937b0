/**
 * Names of activities that decide on a request, in English, German, French, Spanish, Italian, Dutch,
 * Portuguese and the Scandinavian languages.
 */
const DECIDES = [
  /approv(e|es|ed|al|als|ing)\b/,
  /authori[sz](?!ed by system)/,
  /\bsign(s|ed)?[\s_-]*off\b/,
  /\brelease[sd]?\b.*\b(payments?|invoices?|orders?|po|requisitions?|purchase|request|budget|funds|credit|contract|settlements?|payouts?|refunds?|claims?)\b/,
  /\b(payment|invoice|order|purchase|requisition|budget|credit|contract)\b.*\breleased?\b/,
  /\b(manager|supervisor|director|head|line manager|budget owner|budget holder|board|committee|cfo|controller)('?s)?\s+(review|decision|consent|ok|sign)/,
  /\breview(s|ed)?\b.*\b(journals?|postings?|payments?|payment run|payroll|reconciliations?|accounts)\b/,
  /\bconfirm\w*\b.*\b(budget|spend|spending|limit)\b/,
  /freigabe|freigeb|freigegeben|genehmig|bewillig|gegenzeichn|zustimmung/,
  /approuv|approbation|\bvalid(er|ation|é|ée)\b|\bautoris(er|ation|é)/,
  /aprob|autoriz|visto bueno/,
  /approva|autorizza/,
  /goedkeur|fiatter|accorder/,
  /aprova/,
  /godkänn|godkend|godkjenn|attest/,
];

/**
 * Words that make of such a name something else: asking for an approval, reminding of one, taking one back.
 */
const NOT_DECIDING =
  /\b(request(s|ed|ing)?|submit(s|ted)?|send|sent|ask(s|ed)?|await(s|ing)?|wait(s|ing)?|pending|remind\w*|prepare[sd]?|route[sd]?|forward(s|ed)?|chase[sd]?|escalate[sd]?|withdraw\w*|revoke[sd]?|cancel\w*|notify|notified|approval required)\b.*(approv|authori|sign|release|review)|approvals?\s+(request\w*|reminder|requested|pending|required|needed)\b|\b(anfordern|angefordert|anfragen|erbitten|erinner\w*|beantrag\w*)\b|zur (freigabe|genehmigung)/;

/** "ApproveInvoice" and "APPROVE_INVOICE" as "approve invoice". */
function asWords(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** Whether an activity is an approval, by its name. Rejections are decisions, but nothing was approved. */
export function isApprovalName(name: string): boolean {
  const lower = asWords(name);
  if (/disapprov|not approved|nicht genehmigt/.test(lower)) return false;
  if (isRejectionName(lower) && !/approved?\b|genehmigen|freigeben/.test(lower)) return false;
  return DECIDES.some((pattern) => pattern.test(lower)) && !NOT_DECIDING.test(lower);
}

/** Whether an activity refuses or ends a request, by its name. */
export function isRejectionName(name: string): boolean {
  return /reject|declin|refus|denied|deny|den(y|ies)\b|disapprov|not approved|cancel|withdraw|abort|void|abgelehnt|ablehn|storn|zurückgezogen|zurückweis|rechaz|rifiut|afgewezen|afwijz|avvis|avslag/i.test(
    name,
  );
}

/** Whether an activity ends a case on purpose, by its name. */
export function isClosingName(name: string): boolean {
  return (
    isRejectionName(name) ||
    /\b(close[sd]?|closed|complete[sd]?|finish(ed)?|archiv\w*|end|resolved?|abgeschlossen|abschließen|beendet|archivier\w*|clôtur\w*|cerrad\w*|chius\w*|afgerond)\b/i.test(
      name,
    )
  );
}

/**
 * Whether a wait before this activity is for somebody outside: a delivery, a customer, a quotation, a due
 * date.
 */
export function isExternalName(name: string): boolean {
  return /negotiat|verhandl|négoci|onderhandel|quot(e|es|ation|ations)\b|\b(offers?|bids?|tenders?)\b|angebot|offerte|devis|\bawait|\bwait(ing)? for\b|receiv|\b(goods|payment|book|record|post|confirm\w*)\b.*\breceipt\b|arriv|deliver|shipment|incoming|customer|client|supplier|vendor|applicant|claimant|witness|candidate|pay(s|ment|out|ing)?\b|paid|transfer|clear|cash applied|remind|welcome|perform (the )?(work|visit|repair)|reisekosten|start(ed|s)? (trip|work|date)|end trip|trip|go[- ]?live|first day|effective|expir|due|return(ed)? (goods|by)|signed by|countersigned by|eingang|erhalt|empfang|liefer|wareneing|kunde|zahl|überweis|buchung|réception|paiement|livraison|pago|recepci|entrega|ontvang|betaal|betaling|levering|pagamento|ricev/i.test(
    name,
  );
}

/**
 * Whether an activity makes up for something that went wrong: asking back, chasing, fixing, entering again.
 */
export function isCompensatingName(name: string): boolean {
  const lower = asWords(name);
  return COMPENSATES.some((pattern) => pattern.test(lower));
}

const COMPENSATES = [
  /\bclarif/,
  /\bchas(e|es|ed|ing)\b/,
  /\bfollow(s|ed|ing)?[\s-]*up\b/,
  /\bremind/,
  /\b(fix|fixes|fixed|fixing)\b/,
  /\bcorrect(s|ed|ing|ion|ions)?\b/,
  /\brepair(s|ed|ing)? (data|entry|record|master|posting)/,
  /\bre-?(enter|key|type|send|sent|submit|open|work|do|book|post|issue|create)(s|ed|ing|ned)?\b/,
  /\b(ask|asks|asked|call|calls|called|query|queries|contact)\b.*\b(back|again|requester|missing|detail|details|info|information|clarification|data)\b/,
  /\bquery\b|\bqueries\b|\bquery (raised|answered)\b/,
  /\b(request|obtain|get|collect|provide|search|find|locate)\b.*\b(missing|further|additional|more) (info|information|data|details?|document|documents|receipts?)\b/,
  /\bmissing (info|information|data|details?|documents?|receipts?)\b/,
  /\b(sort|straighten) out\b|\bwork ?around\b|\bfirefight/,
  /\bresolve (discrepanc|mismatch|query|queries|exception|difference|issue with)/,
  /\b(discrepancy|mismatch|dispute) (handling|resolution|clarification)\b/,
  /\b(manual|manually) (fix|correct|adjust|match|re)/,
  /klär|nachfass|nachfrag|nachforder|nachhak|rückfrag|korrig|korrektur|mahn|erinner|berichtig|nacharbeit|nachbearbeit|nachbesser/,
  /relanc|corrig|correction|clarifi|rectifi|réclam/,
  /corregir|correcci|aclarar|aclaraci|recordatorio|reclamar/,
  /herinner|corrigeer|navraag|nabellen|verduidelijk/,
  /sollecit|corregg|correzion|chiarir|chiariment/,
];

/**
 * Whether an activity changes what was entered before: "Change amount", "Amend order", "Rechnung ändern".
 * "Test change" and "Change queue" do not: what they change is no data of the case.
 */
export function isChangeName(name: string): boolean {
  const lower = asWords(name);
  if (/\b(queue|status|state|priority|assign\w*|owner|ownership|group|password)\b/.test(lower)) return false;
  return CHANGES.some((pattern) => pattern.test(lower));
}

const CHANGES = [
  /^(change|changed|amend|amended|edit|edited|modify|modified|adjust|adjusted|revise|revised|correct|corrected|alter|altered|overwrite)\b/,
  /\b(changed|amended|modified|altered|overwritten)$/,
  /^updated?\b.*\b(amount|price|quantity|vendor|supplier|bank|account|terms|contract|clause|scope|order|invoice|master|claim|budget|cost|hours|salary|rate|value)/,
  /(ändern|änderung|geändert|anpassen|anpassung|korrigieren|korrektur|berichtigen|nachtrag)$|(betrag|preis|menge|bestell|rechnungs|stammdaten)(änderung|korrektur|anpassung)/,
  /^(modifier|corriger|cambiar|modificar|corregir|wijzig|aanpassen|modificare|correggere)/,
];

/** Whether an activity is how cases come in: done by whoever wants something, not by who processes it. */
export function isRequestName(name: string): boolean {
  return /^(submit|request|apply|file|send in|raise)\b/i.test(name) && !/info|detail|clarif|quot/i.test(name);
}

/** Whether an activity only marks a begin or an end and nobody works on it. */
export function isMarkerName(name: string): boolean {
  return /^\W*(start|end|begin|finish|stop|init|terminate)\W*$/i.test(name);
}

/**
 * Whether an activity happens on a date of its own, whoever works on the case: a trip, a first working day,
 * an expiry.
 */
export function isScheduledName(name: string): boolean {
  return /\btrip\b|go[- ]?live|first (working )?day|start date|\beffective\b|expir|due date|stichtag/i.test(
    name,
  );
}

/**
 * Whether an activity hands to a customer what will be billed: a delivery, a service done, hours recorded.
 */
export function isDeliveryName(name: string): boolean {
  const lower = asWords(name);
  if (
    /\b(receiv|receipt|await|supplier|vendor|incoming|inbound|request|order delivery|schedule|plan|prepare|note|cost|date|confirm order)\b|wareneingang|eingang/.test(
      lower,
    )
  )
    return false;
  return /\b(deliver(s|ed|y)?|ship(s|ped|ment)?|dispatch(ed)?|goods issue|perform(ed)? (work|service|job)|(complete|finish)(d|ed)? (the )?(work|service|job|order|project|assignment|installation)|work (done|completed|performed)|service (rendered|performed|delivered|completed)|provide(d)? service|install(ed)?|(log|record|enter|approve)(ed)? (time|hours|timesheets?)|proof of delivery)\b|liefer|versand|versend|ausliefer|warenausgang|leistung (erbring|erbracht)|expédi|livrer|entregar/.test(
    lower,
  );
}

/** Whether an activity bills a customer; what suppliers send in is recorded, matched or paid, and is none. */
export function isBillingName(name: string): boolean {
  const lower = asWords(name);
  if (
    /\b(record|match|receiv\w*|incoming|supplier|vendor|pay|paid|approve|check|clarify|chase|post supplier|book)\b|erfass|prüf|eingang|bezahl|freigeb/.test(
      lower,
    )
  )
    return false;
  return /\b(bill(s|ed|ing)?( customer| client)?|invoice (customer|client|order|work)|invoiced|invoicing|(send|issue|create|generate|raise|prepare|write|print|submit|post)(s|d|ed)? (the |an |a )?(customer |sales |final |client )?(invoices?|bills?))\b|faktur|rechnung (stell|erstell|schreib|versend|senden)|abrechn|facturer|facturar|factureren/.test(
    lower,
  );
}
