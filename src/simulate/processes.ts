/**
 * What comes after what: a step, a sequence, steps side by side, something that happens in a share of the
 * cases, or one of several ways.
 */
export type Flow =
  | string
  | Flow[]
  | { parallel: Flow[] }
  | { maybe: Flow; share: number }
  | { choice: [share: number, flow: Flow][] };

export interface StepPlan {
  role: string;
  /** median handling time in minutes; 0 for a program */
  minutes: number;
  /** what the step is, which decides what can go wrong with it */
  kind: "request" | "enter" | "work" | "check" | "approve" | "external" | "automatic";
  /** median days that somebody outside takes before the step, for external ones */
  outsideDays?: number;
  /** what the step approves */
  approves?: string;
  /**
   * what the description says of it: what kind of task it is, and whether a wrong one can be undone; of most
   * steps nobody has said it
   */
  said?: { task: string; undo: string };
}

export interface Attribute {
  name: string;
  kind: "amount" | "choice";
  values?: string[];
  /** the step that enters it; the value stands on this step's row and the rows behind it */
  enteredAt: string;
}

/** One process as it is meant to run, in one vocabulary. Steps and roles are named as the log names them. */
export interface ProcessPlan {
  id: string;
  name: string;
  owner: string;
  casePrefix: string;
  cases: number;
  /** how many people hold each role */
  staff: Record<string, [least: number, most: number]>;
  steps: Record<string, StepPlan>;
  flow: Flow;
  attributes: Attribute[];
  /** all cases of a month begin within its last days */
  monthEnd?: boolean;
  /** names for work that makes up for the process, and for changes after the fact */
  words: {
    compensating: string[];
    change: string;
    noise: string[];
    addition: string;
    /**
     * work that nobody described, a step that nobody does, an approval outside the chain, a routing to a
     * team, steps beside the systems
     */
    undescribed: string;
    phantom: string;
    approval: string;
    routing: string;
    sideChannel: string;
    doubleEntry: string;
  };
  headings: {
    case: string;
    activity: string;
    start?: string;
    time: string;
    person: string;
    role?: string;
    recorded: string;
  };
  separator: string;
  dates: "iso" | "iso-zone" | "german" | "minutes";
}

/** The processes of the sample organisation; several have a second vocabulary, which the seed chooses. */
export const processPlans: ProcessPlan[][] = [
  [
    {
      id: "purchase-to-pay",
      name: "Purchase to pay",
      owner: "Head of Finance",
      casePrefix: "PO-",
      cases: 1400,
      staff: {
        Requester: [9, 14],
        "Budget holder": [3, 5],
        Buyer: [3, 5],
        Warehouse: [3, 4],
        "AP clerk": [3, 5],
        Treasury: [2, 3],
      },
      steps: {
        "Request purchase": { role: "Requester", minutes: 12, kind: "request" },
        "Approve purchase": {
          role: "Budget holder",
          minutes: 9,
          kind: "approve",
          approves: "Request purchase",
        },
        "Obtain quotation": { role: "Buyer", minutes: 35, kind: "work" },
        "Create order": { role: "Buyer", minutes: 18, kind: "work" },
        "Receive goods": { role: "Warehouse", minutes: 14, kind: "external", outsideDays: 6 },
        "Record invoice": {
          role: "AP clerk",
          minutes: 8,
          kind: "enter",
          said: { task: "copy", undo: "yes" },
        },
        "Match invoice": {
          role: "AP clerk",
          minutes: 11,
          kind: "check",
          said: { task: "check", undo: "until Pay invoice" },
        },
        "Approve invoice": { role: "Budget holder", minutes: 7, kind: "approve", approves: "Record invoice" },
        "Pay invoice": { role: "Treasury", minutes: 4, kind: "work" },
      },
      flow: [
        "Request purchase",
        "Approve purchase",
        { maybe: "Obtain quotation", share: 0.2 },
        "Create order",
        { parallel: ["Receive goods", "Record invoice"] },
        "Match invoice",
        "Approve invoice",
        "Pay invoice",
      ],
      attributes: [
        { name: "amount", kind: "amount", enteredAt: "Request purchase" },
        {
          name: "vendor",
          kind: "choice",
          values: [
            "Acme Supplies",
            "Nordwind Logistics",
            "Blue Harbour Trading",
            "Kestrel Components",
            "Fjord Office",
            "Lindgren Tools",
          ],
          enteredAt: "Request purchase",
        },
        {
          name: "cost_centre",
          kind: "choice",
          values: ["CC-1100", "CC-1200", "CC-2100", "CC-3300", "CC-4000"],
          enteredAt: "Request purchase",
        },
        { name: "tax_code", kind: "choice", values: ["V0", "V1", "V2", "V7"], enteredAt: "Record invoice" },
      ],
      words: {
        compensating: ["Clarify invoice", "Chase supplier", "Correct posting"],
        change: "Change order value",
        noise: ["Scan delivery note", "Add comment", "Print label", "Inform requester"],
        addition: "Compliance screening",
        undescribed: "Consolidate order lines",
        phantom: "Check framework contract",
        approval: "Approve budget exception",
        routing: "Route to team",
        sideChannel: "Agree delivery by e-mail",
        doubleEntry: "Copy invoice to spreadsheet",
      },
      headings: {
        case: "case_id",
        activity: "activity",
        start: "start_time",
        time: "end_time",
        person: "resource",
        role: "role",
        recorded: "recorded_at",
      },
      separator: ",",
      dates: "iso-zone",
    },
    {
      id: "purchase-to-pay",
      name: "Beschaffung bis Zahlung",
      owner: "Leitung Finanzen",
      casePrefix: "B",
      cases: 1200,
      staff: {
        Anforderer: [9, 14],
        Kostenstellenleitung: [3, 5],
        Einkauf: [3, 5],
        Lager: [3, 4],
        Buchhaltung: [3, 5],
        Treasury: [2, 3],
      },
      steps: {
        "Bedarf melden": { role: "Anforderer", minutes: 12, kind: "request" },
        "Bedarf genehmigen": {
          role: "Kostenstellenleitung",
          minutes: 9,
          kind: "approve",
          approves: "Bedarf melden",
        },
        "Bestellung anlegen": { role: "Einkauf", minutes: 20, kind: "work" },
        "Wareneingang buchen": { role: "Lager", minutes: 14, kind: "external", outsideDays: 6 },
        "Rechnung erfassen": { role: "Buchhaltung", minutes: 8, kind: "enter" },
        "Rechnung prüfen": { role: "Buchhaltung", minutes: 12, kind: "check" },
        "Rechnung freigeben": {
          role: "Kostenstellenleitung",
          minutes: 7,
          kind: "approve",
          approves: "Rechnung erfassen",
        },
        "Rechnung bezahlen": { role: "Treasury", minutes: 4, kind: "work" },
      },
      flow: [
        "Bedarf melden",
        "Bedarf genehmigen",
        "Bestellung anlegen",
        { parallel: ["Wareneingang buchen", "Rechnung erfassen"] },
        "Rechnung prüfen",
        "Rechnung freigeben",
        "Rechnung bezahlen",
      ],
      attributes: [
        { name: "Betrag", kind: "amount", enteredAt: "Bedarf melden" },
        {
          name: "Lieferant",
          kind: "choice",
          values: [
            "Müller Bürobedarf",
            "Nordwind Logistik",
            "Hafen Handel",
            "Werkzeug Linde",
            "Papier Krause",
          ],
          enteredAt: "Bedarf melden",
        },
        {
          name: "Kostenstelle",
          kind: "choice",
          values: ["1100", "1200", "2100", "3300"],
          enteredAt: "Bedarf melden",
        },
        {
          name: "Steuerkennzeichen",
          kind: "choice",
          values: ["V0", "V1", "V2", "V9"],
          enteredAt: "Rechnung erfassen",
        },
      ],
      words: {
        compensating: ["Rückfrage an Anforderer", "Lieferant mahnen", "Buchung korrigieren"],
        change: "Bestellwert ändern",
        noise: ["Notiz anlegen", "Lieferschein ablegen", "Etikett drucken", "Einkauf informieren"],
        addition: "Sanktionsliste prüfen",
        undescribed: "Positionen zusammenführen",
        phantom: "Rahmenvertrag abgleichen",
        approval: "Ausnahme genehmigen",
        routing: "An Team weitergeben",
        sideChannel: "Liefertermin per E-Mail abstimmen",
        doubleEntry: "Rechnung in Excel nachtragen",
      },
      headings: {
        case: "Vorgang",
        activity: "Aktivität",
        time: "Zeitstempel",
        person: "Bearbeiter",
        recorded: "Erfasst am",
      },
      separator: ";",
      dates: "german",
    },
  ],
  [
    {
      id: "expense-claims",
      name: "Expense claims",
      owner: "Head of Finance",
      casePrefix: "EXP",
      cases: 1000,
      staff: { Employee: [18, 26], Manager: [3, 6], "Finance clerk": [3, 4], Payroll: [2, 3] },
      steps: {
        "Submit claim": { role: "Employee", minutes: 15, kind: "request" },
        "Check receipts": { role: "Finance clerk", minutes: 9, kind: "check" },
        "Approve claim": { role: "Manager", minutes: 6, kind: "approve", approves: "Submit claim" },
        "Code expenses": { role: "Finance clerk", minutes: 7, kind: "enter" },
        "Book claim": { role: "Finance clerk", minutes: 5, kind: "work" },
        "Transfer reimbursement": { role: "Payroll", minutes: 4, kind: "work" },
      },
      flow: [
        "Submit claim",
        "Check receipts",
        "Approve claim",
        "Code expenses",
        "Book claim",
        "Transfer reimbursement",
      ],
      attributes: [
        { name: "total", kind: "amount", enteredAt: "Submit claim" },
        {
          name: "expense type",
          kind: "choice",
          values: ["travel", "meals", "hotel", "training", "equipment"],
          enteredAt: "Submit claim",
        },
        { name: "country", kind: "choice", values: ["DE", "FR", "NL", "SE"], enteredAt: "Submit claim" },
        { name: "tax code", kind: "choice", values: ["T1", "T2", "T3", "T4"], enteredAt: "Code expenses" },
      ],
      words: {
        compensating: ["Ask for missing receipt", "Fix coding", "Chase manager"],
        change: "Amend claim",
        noise: ["Attach note", "Forward copy", "Look up policy", "Set flag"],
        addition: "Policy check",
        undescribed: "Split private share",
        phantom: "Verify mileage log",
        approval: "Approve policy exception",
        routing: "Route to team",
        sideChannel: "Settle question by phone",
        doubleEntry: "Re-enter claim in payroll tool",
      },
      headings: {
        case: "Claim ID",
        activity: "Step",
        time: "Completed at",
        person: "User",
        role: "Function",
        recorded: "Entered at",
      },
      separator: ",",
      dates: "iso",
    },
  ],
  [
    {
      id: "it-requests",
      name: "IT requests",
      owner: "Head of IT",
      casePrefix: "REQ",
      cases: 1500,
      staff: {
        User: [25, 40],
        "Service desk": [4, 6],
        "Second line": [3, 5],
        "IT manager": [2, 4],
        Operations: [3, 4],
      },
      steps: {
        "Log request": { role: "User", minutes: 6, kind: "request" },
        "Classify request": { role: "Service desk", minutes: 5, kind: "enter" },
        Diagnose: { role: "Second line", minutes: 28, kind: "work" },
        "Authorise change": { role: "IT manager", minutes: 8, kind: "approve", approves: "Log request" },
        "Implement change": { role: "Operations", minutes: 40, kind: "work" },
        "Test change": { role: "Second line", minutes: 16, kind: "check" },
        "Close request": { role: "Service desk", minutes: 3, kind: "work" },
      },
      flow: [
        "Log request",
        "Classify request",
        { maybe: "Diagnose", share: 0.7 },
        "Authorise change",
        "Implement change",
        "Test change",
        "Close request",
      ],
      attributes: [
        {
          name: "category",
          kind: "choice",
          values: ["hardware", "software", "network", "access", "mail"],
          enteredAt: "Classify request",
        },
        { name: "priority", kind: "choice", values: ["P1", "P2", "P3", "P4"], enteredAt: "Classify request" },
        { name: "site", kind: "choice", values: ["Oslo", "Lyon", "Graz", "Porto"], enteredAt: "Log request" },
        { name: "estimated cost", kind: "amount", enteredAt: "Log request" },
      ],
      words: {
        compensating: ["Clarify request", "Fix failed change", "Call user back"],
        change: "Change scope",
        noise: ["Update watch list", "Add screenshot", "Search knowledge base", "Notify team"],
        addition: "Security assessment",
        undescribed: "Reserve test slot",
        phantom: "Update configuration database",
        approval: "Approve emergency budget",
        routing: "Queue for team",
        sideChannel: "Coordinate by chat",
        doubleEntry: "Copy ticket to tracker",
      },
      headings: {
        case: "Ticket",
        activity: "Task",
        start: "Started",
        time: "Finished",
        person: "Agent",
        role: "Team",
        recorded: "Logged at",
      },
      separator: "\t",
      dates: "iso",
    },
  ],
  [
    {
      id: "onboarding",
      name: "Employee onboarding",
      owner: "Head of People",
      casePrefix: "ONB-",
      cases: 700,
      staff: {
        "Hiring manager": [10, 16],
        "HR lead": [3, 4],
        HR: [3, 5],
        IT: [3, 4],
        Facilities: [2, 3],
        Payroll: [2, 3],
      },
      steps: {
        "Submit hiring form": { role: "Hiring manager", minutes: 20, kind: "request" },
        "Approve hiring": { role: "HR lead", minutes: 12, kind: "approve", approves: "Submit hiring form" },
        "Prepare contract": { role: "HR", minutes: 45, kind: "work" },
        "Create employee record": { role: "HR", minutes: 18, kind: "enter" },
        "Set up accounts": { role: "IT", minutes: 25, kind: "work" },
        "Assign desk": { role: "Facilities", minutes: 10, kind: "work" },
        "Check payroll data": { role: "Payroll", minutes: 12, kind: "check" },
        "Hand over equipment": { role: "IT", minutes: 20, kind: "work" },
      },
      flow: [
        "Submit hiring form",
        "Approve hiring",
        "Prepare contract",
        "Create employee record",
        { parallel: ["Set up accounts", "Assign desk", "Check payroll data"] },
        "Hand over equipment",
      ],
      attributes: [
        {
          name: "department",
          kind: "choice",
          values: ["Sales", "Operations", "Finance", "Research"],
          enteredAt: "Submit hiring form",
        },
        {
          name: "contract type",
          kind: "choice",
          values: ["permanent", "fixed term", "student"],
          enteredAt: "Submit hiring form",
        },
        {
          name: "pay grade",
          kind: "choice",
          values: ["G3", "G4", "G5", "G6"],
          enteredAt: "Create employee record",
        },
        { name: "yearly salary", kind: "amount", enteredAt: "Submit hiring form" },
      ],
      words: {
        compensating: ["Clarify start date", "Chase IT", "Correct employee record"],
        change: "Change contract terms",
        noise: ["Send welcome mail", "Order badge", "Book parking", "Add to mailing list"],
        addition: "Background check",
        undescribed: "Collect certificates",
        phantom: "Brief works council",
        approval: "Approve salary exception",
        routing: "Route to team",
        sideChannel: "Confirm start by e-mail",
        doubleEntry: "Enter hire in spreadsheet again",
      },
      headings: {
        case: "case:concept:name",
        activity: "concept:name",
        time: "time:timestamp",
        person: "org:resource",
        role: "org:role",
        recorded: "recorded at",
      },
      separator: ",",
      dates: "iso-zone",
    },
  ],
  [
    {
      id: "order-to-cash",
      name: "Order to cash",
      owner: "Head of Sales Operations",
      casePrefix: "SO",
      cases: 1100,
      staff: {
        "Sales rep": [8, 12],
        "Credit manager": [3, 4],
        "Order desk": [3, 5],
        "Shipping clerk": [3, 5],
        "Billing clerk": [3, 4],
        Receivables: [3, 4],
      },
      steps: {
        "Enter customer order": { role: "Sales rep", minutes: 12, kind: "request" },
        "Check credit": { role: "Order desk", minutes: 8, kind: "check" },
        "Approve credit": {
          role: "Credit manager",
          minutes: 7,
          kind: "approve",
          approves: "Enter customer order",
        },
        "Confirm to customer": { role: "Order desk", minutes: 9, kind: "work" },
        "Pack goods": { role: "Shipping clerk", minutes: 25, kind: "work" },
        "Ship goods": { role: "Shipping clerk", minutes: 12, kind: "work" },
        "Send invoice": { role: "Billing clerk", minutes: 7, kind: "enter" },
        "Post customer payment": { role: "Receivables", minutes: 5, kind: "external", outsideDays: 18 },
        "Close order": { role: "Receivables", minutes: 3, kind: "work" },
      },
      flow: [
        "Enter customer order",
        "Check credit",
        "Approve credit",
        "Confirm to customer",
        "Pack goods",
        "Ship goods",
        "Send invoice",
        "Post customer payment",
        "Close order",
      ],
      attributes: [
        { name: "order value", kind: "amount", enteredAt: "Enter customer order" },
        {
          name: "region",
          kind: "choice",
          values: ["North", "South", "East", "West", "Export"],
          enteredAt: "Enter customer order",
        },
        {
          name: "product line",
          kind: "choice",
          values: ["pumps", "valves", "filters", "spare parts"],
          enteredAt: "Enter customer order",
        },
        {
          name: "payment terms",
          kind: "choice",
          values: ["net 14", "net 30", "net 45"],
          enteredAt: "Send invoice",
        },
      ],
      words: {
        compensating: ["Clarify order details", "Chase carrier", "Correct invoice"],
        change: "Change order quantity",
        noise: ["Print packing list", "Add photo", "Inform sales rep", "Look up stock"],
        addition: "Export control check",
        undescribed: "Book carrier",
        phantom: "Collect proof of quality",
        approval: "Approve discount",
        routing: "Route to team",
        sideChannel: "Agree price by phone",
        doubleEntry: "Copy order to spreadsheet",
      },
      headings: {
        case: "order",
        activity: "activity",
        start: "started",
        time: "completed",
        person: "user",
        role: "department",
        recorded: "entered at",
      },
      separator: ",",
      dates: "iso",
    },
  ],
  [
    {
      id: "month-end-close",
      name: "Month-end close",
      owner: "Group controller",
      casePrefix: "CLS",
      cases: 960,
      monthEnd: true,
      staff: { Accountant: [7, 10], Reviewer: [3, 4], Controller: [3, 4] },
      steps: {
        "Extract balances": { role: "Accountant", minutes: 10, kind: "request" },
        "Prepare reconciliation": {
          role: "Accountant",
          minutes: 40,
          kind: "enter",
          said: { task: "copy", undo: "yes" },
        },
        "Check reconciliation": {
          role: "Reviewer",
          minutes: 14,
          kind: "check",
          said: { task: "check", undo: "yes" },
        },
        "Post journal": { role: "Accountant", minutes: 9, kind: "work" },
        "Approve journal": { role: "Controller", minutes: 8, kind: "approve", approves: "Post journal" },
        "Report figures": { role: "Controller", minutes: 6, kind: "work" },
      },
      flow: [
        "Extract balances",
        "Prepare reconciliation",
        "Check reconciliation",
        "Post journal",
        "Approve journal",
        "Report figures",
      ],
      attributes: [
        { name: "balance", kind: "amount", enteredAt: "Extract balances" },
        {
          name: "entity",
          kind: "choice",
          values: ["AT01", "DE01", "FR01", "SE01"],
          enteredAt: "Extract balances",
        },
        {
          name: "risk class",
          kind: "choice",
          values: ["low", "medium", "high"],
          enteredAt: "Prepare reconciliation",
        },
      ],
      words: {
        compensating: ["Clarify difference", "Chase subsidiary", "Fix mapping"],
        change: "Adjust journal",
        noise: ["File evidence", "Print trial balance", "Add remark", "Take screenshot"],
        addition: "Intercompany check",
        undescribed: "Translate currencies",
        phantom: "Review tax position",
        approval: "Approve late posting",
        routing: "Route to team",
        sideChannel: "Agree balances by e-mail",
        doubleEntry: "Type balances into sheet",
      },
      headings: {
        case: "task id",
        activity: "task",
        start: "begin",
        time: "end",
        person: "employee",
        recorded: "entered on",
      },
      separator: ";",
      dates: "iso",
    },
  ],
];

/** Every step of a flow, in the order of writing. */
export function stepsOf(flow: Flow): string[] {
  if (typeof flow === "string") return [flow];
  if (Array.isArray(flow)) return flow.flatMap(stepsOf);
  if ("parallel" in flow) return flow.parallel.flatMap(stepsOf);
  if ("maybe" in flow) return stepsOf(flow.maybe);
  return flow.choice.flatMap(([, way]) => stepsOf(way));
}
