import { choose, type Choice, didYouMean, InputError, quoted } from "../input-error.ts";
import type { ColumnRole, ReadOptions, Recognised } from "./format.ts";
import type { ColumnSample } from "./column-sample.ts";
import { addTimesOfDay, datesByPartner, isTime, refuseTimesWithoutDate } from "./time-of-day-columns.ts";

/** Spellings by role, most specific first; compared without case, spaces, punctuation and accents. */
const SPELLINGS: Record<Exclude<ColumnRole, "time-of-day" | "start-time-of-day">, string[]> = {
  case: [
    "case:concept:name",
    "case",
    "caseid",
    "case_key",
    "_case_key",
    "casenumber",
    "caseno",
    "trace",
    "traceid",
    "processinstance",
    "instanceid",
    "vorgang",
    "belegnummer",
    "belegnr",
    "beleg",
    "vorgangsnummer",
    "vorgangsid",
    "vorgangsnr",
    "fall",
    "fallid",
    "fallnummer",
    "aktenzeichen",
    "dossier",
    "dossierid",
    "iddossier",
    "expediente",
    "idcaso",
    "caso",
    "zaak",
    "zaakid",
    "zaaknummer",
    "pratica",
    "processo",
    "ticket",
    "ticketid",
    "ticketno",
    "ticketnumber",
    "ticketnr",
    "incident",
    "incidentid",
    "incidentnumber",
    "requestid",
    "requestnumber",
    "request",
    "requestno",
    "claimid",
    "claimnumber",
    "claim",
    "claimno",
    "orderid",
    "ordernumber",
    "orderno",
    "purchaseorder",
    "ponumber",
    "invoiceid",
    "invoicenumber",
    "employeeid",
    "contractid",
    "contractnumber",
    "applicationid",
    "documentid",
    "documentnumber",
    "matter",
    "matterid",
    "workitem",
    "workitemid",
    "jobid",
    "taskcase",
    "recordid",
    "reference",
    "referenceid",
    "ref",
    "number",
    "id",
    "key",
  ],
  activity: [
    "concept:name",
    "activity",
    "activityname",
    "activity_en",
    "activityid",
    "aktivitat",
    "aktivitaet",
    "aktivität",
    "tatigkeit",
    "taetigkeit",
    "arbeitsschritt",
    "schritt",
    "vorgangsschritt",
    "activite",
    "activité",
    "etape",
    "étape",
    "actividad",
    "activiteit",
    "attivita",
    "attività",
    "atividade",
    "handeling",
    "stap",
    "paso",
    "tarea",
    "passo",
    "event",
    "eventname",
    "eventtype",
    "ocel:activity",
    "task",
    "taskname",
    "step",
    "stepname",
    "action",
    "actionname",
    "operation",
    "transaction",
    "processstep",
    "status",
    "state",
    "message",
  ],
  time: [
    "time:timestamp",
    "timestamp",
    "completetimestamp",
    "completets",
    "endts",
    "tscomplete",
    "tsend",
    "eventts",
    "ts",
    "finishedon",
    "closedat",
    "erledigtum",
    "beendetam",
    "beendetum",
    "fertig",
    "fertigam",
    "endeam",
    "endedatum",
    "completetime",
    "completiontime",
    "completiontimestamp",
    "completedat",
    "completed",
    "completedon",
    "completiondate",
    "endtime",
    "endtimestamp",
    "enddate",
    "end",
    "ended",
    "endedat",
    "finish",
    "finished",
    "finishedat",
    "finishtime",
    "eventtime",
    "eventtimestamp",
    "eventdate",
    "ocel:timestamp",
    "datetime",
    "time",
    "date",
    "occurredat",
    "occurred",
    "happenedat",
    "happened",
    "doneat",
    "doneon",
    "done",
    "performedat",
    "performedon",
    "executedat",
    "changedat",
    "changedon",
    "at",
    "when",
    "zeitstempel",
    "zeitpunkt",
    "zeit",
    "datum",
    "ende",
    "endzeit",
    "abgeschlossen",
    "abgeschlossenam",
    "erledigtam",
    "erledigt",
    "beendet",
    "horodatage",
    "datefin",
    "fin",
    "fechahora",
    "fecha",
    "fechafin",
    "marcatemporal",
    "tijdstip",
    "tijdstempel",
    "einde",
    "eindtijd",
    "dataora",
    "data",
    "datahora",
    "logdate",
    "recordedat",
    "createdat",
    "udate",
    "cpudt",
    "aedat",
    "erdat",
  ],
  start: [
    "start_timestamp",
    "starttimestamp",
    "startts",
    "tsstart",
    "startedon",
    "begunon",
    "begonnenum",
    "gestartetum",
    "startdatum",
    "time:start",
    "start",
    "starttime",
    "startdate",
    "started",
    "startedat",
    "begin",
    "begintime",
    "begindate",
    "beginat",
    "began",
    "beganat",
    "begunat",
    "beginn",
    "startzeit",
    "beginnzeit",
    "anfang",
    "begonnen",
    "begonnenam",
    "gestartet",
    "gestartetam",
    "debut",
    "début",
    "datedebut",
    "inicio",
    "fechainicio",
    "aanvang",
    "begintijd",
    "inizio",
  ],
  person: [
    "org:resource",
    "resource",
    "resourcename",
    "user",
    "username",
    "userid",
    "person",
    "persons",
    "employee",
    "employees",
    "employeename",
    "agent",
    "agentname",
    "worker",
    "operator",
    "performer",
    "performedby",
    "doneby",
    "executor",
    "executedby",
    "handler",
    "handledby",
    "handleby",
    "assignee",
    "assignedto",
    "owner",
    "actor",
    "staff",
    "staffmember",
    "clerk",
    "completedby",
    "changedby",
    "editedby",
    "by",
    "who",
    "originator",
    "bearbeiter",
    "bearbeiterin",
    "benutzer",
    "benutzername",
    "mitarbeiter",
    "mitarbeiterin",
    "sachbearbeiter",
    "anwender",
    "ausfuhrender",
    "ressource",
    "erledigtvon",
    "utilisateur",
    "agenttraitant",
    "intervenant",
    "operateur",
    "recurso",
    "usuario",
    "empleado",
    "responsable",
    "medewerker",
    "gebruiker",
    "behandelaar",
    "utente",
    "risorsa",
    "operatore",
    "utilizador",
  ],
  role: [
    "org:role",
    "role",
    "rolename",
    "userrole",
    "jobrole",
    "function",
    "jobtitle",
    "org:group",
    "group",
    "groupname",
    "team",
    "teamname",
    "department",
    "dept",
    "unit",
    "orgunit",
    "organisationalunit",
    "assignmentgroup",
    "workgroup",
    "queue",
    "rolle",
    "funktion",
    "abteilung",
    "gruppe",
    "fachbereich",
    "rôle",
    "equipe",
    "équipe",
    "service",
    "departement",
    "rol",
    "equipo",
    "departamento",
    "afdeling",
    "groep",
    "ruolo",
    "reparto",
    "funcao",
    "função",
  ],
  lifecycle: ["lifecycle:transition", "lifecycle", "lifecycletransition", "transition", "eventlifecycle"],
  instance: ["concept:instance", "activityinstance", "activityinstanceid", "instance"],
};

const plain = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_\-./()[\]#*"']/g, "");

/**
 * Which column is the case, the activity, the time and so on: as the options say, else by usual spellings in
 * several languages, checked against the content (a time must read as a time), and for the time, where only
 * one column reads as times, by content alone.
 *
 * Throws InputError when case, activity or time cannot be told, naming the columns and the option to give.
 */
export function recogniseColumns(
  file: string,
  columns: readonly ColumnSample[],
  options: ReadOptions,
): Recognised[] {
  const recognised: Recognised[] = [];
  const taken = new Set<string>();
  const names = columns.map((column) => column.name);
  const take = (role: ColumnRole, column: string, how: Recognised["how"]) => {
    recognised.push({ role, column, how });
    taken.add(column);
  };

  const named = (wanted: string) =>
    names.find((name) => name === wanted) ?? names.find((name) => plain(name) === plain(wanted));
  const given = {
    ...options,
    activity: options.activity ?? (options.classifier?.length === 1 ? options.classifier[0] : undefined),
  };
  for (const role of ["case", "activity", "time", "start", "person", "role"] as const) {
    const wanted = given[role];
    if (wanted === undefined || wanted === "") continue;
    const exact = named(wanted);
    if (exact === undefined) throw unknownColumn(file, role, wanted, names);
    take(role, exact, "given");
  }
  for (const wanted of options.classifier ?? []) {
    if (!names.includes(wanted)) throw unknownColumn(file, "classifier", wanted, names);
  }

  for (const role of [
    "case",
    "activity",
    "time",
    "start",
    "person",
    "role",
    "lifecycle",
    "instance",
  ] as const) {
    if (recognised.some((r) => r.role === role)) continue;
    const found = bestByName(role, columns, taken);
    if (found) take(role, found.name, "name");
  }
  for (const role of ["time", "start"] as const) {
    if (recognised.some((r) => r.role === role)) continue;
    const found = datesByPartner(role, columns, taken);
    if (found) take(role, found.name, "name");
  }
  // "Vorgang" is what was done where another column numbers the cases
  const caseFound = recognised.find((r) => r.role === "case" && r.how === "name");
  if (caseFound && plain(caseFound.column) === "vorgang" && !recognised.some((r) => r.role === "activity")) {
    const other = bestByName("case", columns, taken);
    if (other) {
      recognised.splice(recognised.indexOf(caseFound), 1, { ...caseFound, column: other.name });
      take("activity", caseFound.column, "name");
      taken.add(other.name);
    }
  }
  const isMissing = (role: ColumnRole) => !recognised.some((r) => r.role === role);
  if (isMissing("time")) {
    const timelike = columns.filter(
      (column) => column.looksLikeTime && isTime(column, columns) && !taken.has(column.name),
    );
    if (timelike.length === 1) take("time", timelike[0].name, "content");
  }
  if (isMissing("case")) {
    const identifiers = columns.filter((column) => !taken.has(column.name) && column.looksLikeIdentifier);
    if (identifiers.length === 1) take("case", identifiers[0].name, "content");
  }
  refuseTimesWithoutDate(file, columns, recognised);
  return addTimesOfDay(
    file,
    columns,
    options,
    askForMissing(file, columns, recognised),
    (option, wanted) => named(wanted) ?? raise(unknownColumn(file, option, wanted, names)),
  );
}

function raise(error: InputError): never {
  throw error;
}

function bestByName(
  role: keyof typeof SPELLINGS,
  columns: readonly ColumnSample[],
  taken: Set<string>,
): ColumnSample | undefined {
  const fits = (column: ColumnSample) => {
    if (taken.has(column.name)) return false;
    // A column that is named as the time and mostly is none is still the time: its bad rows are to be
    // reported.
    if (role === "time" || role === "start") return isTime(column, columns);
    if ((column.looksLikeTime || column.timeOfDay?.isClear) && role !== "lifecycle") return false;
    return role === "case" || column.filled > 0;
  };
  for (const spelling of SPELLINGS[role]) {
    const wanted = plain(spelling);
    const found = columns.find((column) => plain(column.name) === wanted && fits(column));
    if (found) return found;
  }
  // "Ticket ID (main)", "Completed at [UTC]": the heading begins with a spelling of two or more words.
  for (const spelling of SPELLINGS[role]) {
    const wanted = plain(spelling);
    if (wanted.length < 6) continue;
    const found = columns.find((column) => plain(column.name).startsWith(wanted) && fits(column));
    if (found) return found;
  }
  return undefined;
}

function askForMissing(
  file: string,
  columns: readonly ColumnSample[],
  recognised: Recognised[],
): Recognised[] {
  const missing = (["case", "activity", "time"] as const).filter(
    (role) => !recognised.some((r) => r.role === role),
  );
  if (missing.length === 0) return recognised;
  const list = columns
    .slice(0, 40)
    .map(
      (column) =>
        `  ${column.name}${column.examples.length > 0 ? `  (for example ${column.examples.slice(0, 2).map(quoted).join(", ")})` : "  (empty)"}`,
    )
    .join("\n");
  const clocks = columns.filter(({ timeOfDay }) => timeOfDay?.isClear).map(({ name }) => `"${name}"`);
  const without =
    missing.includes("time") && clocks.length > 0
      ? ` ${clocks.slice(0, 5).join(", ")} ${clocks.length === 1 ? "holds" : "hold"} times of day, which are times of events only with a date: name the column of dates with ${choose("time")}.`
      : "";
  const more = columns.length > 40 ? `\n  … and ${columns.length - 40} more` : "";
  throw new InputError(
    "column-not-recognised",
    file,
    `${file}: no column could be taken as the ${missing.join(", the ")}. Name ${missing.length === 1 ? "it" : "them"} with ${missing.map((role) => choose(role, "COLUMN")).join(" ")}.${without} Columns in this file:\n${list}${more}`,
  );
}

function unknownColumn(file: string, choice: Choice, wanted: string, names: readonly string[]): InputError {
  const near = didYouMean(wanted, names);
  const known = names.slice(0, 40).join(", ") + (names.length > 40 ? ` … (${names.length} in all)` : "");
  return new InputError(
    "unknown-column",
    `--${choice}`,
    `${choose(choice)}: ${file} has no column "${wanted}".${near ? ` Did you mean "${near}"?` : ""} Columns: ${known}.`,
  );
}
