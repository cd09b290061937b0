import type { RecordRole } from "../eventlog/record-table.ts";
import type { ColumnSample } from "./column-sample.ts";

/** Spellings by role, most specific first; compared without case, blanks, punctuation and accents. */
const SPELLINGS: [RecordRole, string[]][] = [
  ["reverses", ["reverses", "reversalof", "creditfor", "creditnotefor", "cancels", "stornozu", "storniert"]],
  [
    "order_amount",
    [
      "orderamount",
      "poamount",
      "ordervalue",
      "povalue",
      "ordered",
      "orderedamount",
      "orderedvalue",
      "bestellwert",
      "bestellbetrag",
      "montantcommande",
    ],
  ],
  [
    "received_amount",
    [
      "receivedamount",
      "gramount",
      "receivedvalue",
      "grvalue",
      "received",
      "goodsreceiptamount",
      "wareneingangswert",
      "wareneingangsbetrag",
      "montantrecu",
    ],
  ],
  [
    "invoice_id",
    [
      "invoiceid",
      "invoicekey",
      "invid",
      "idinvoice",
      "rechnungsid",
      "rechnungid",
      "documentno",
      "documentnumber",
      "docno",
      "belegnr",
      "belegnummer",
      "idfacture",
      "facturaid",
    ],
  ],
  [
    "payment_id",
    ["paymentid", "paymentno", "paymentnumber", "payid", "zahlungsid", "zahlungsnummer", "idpaiement"],
  ],
  [
    "order_id",
    [
      "orderid",
      "orderno",
      "ordernumber",
      "po",
      "poid",
      "pono",
      "ponumber",
      "purchaseorder",
      "purchaseorderid",
      "purchaseordernumber",
      "salesorder",
      "salesorderid",
      "bestellung",
      "bestellnr",
      "bestellnummer",
      "auftrag",
      "auftragsnr",
      "auftragsnummer",
      "commande",
      "numerocommande",
      "pedido",
    ],
  ],
  [
    "receipt_id",
    [
      "receiptid",
      "receiptno",
      "grid",
      "grn",
      "goodsreceipt",
      "goodsreceiptid",
      "wareneingang",
      "wareneingangsnummer",
    ],
  ],
  [
    "vendor_id",
    [
      "vendorid",
      "vendorno",
      "vendornumber",
      "vendorcode",
      "supplierid",
      "supplierno",
      "suppliernumber",
      "suppliercode",
      "creditorid",
      "kreditor",
      "kreditornr",
      "lieferantennr",
      "lieferantennummer",
      "lieferantid",
      "fournisseurid",
      "idfournisseur",
      "proveedorid",
      "customerid",
      "customerno",
      "kundennr",
      "kundennummer",
      "debitor",
    ],
  ],
  [
    "vendor_name",
    [
      "vendorname",
      "suppliername",
      "vendor",
      "supplier",
      "lieferant",
      "lieferantenname",
      "kreditorname",
      "fournisseur",
      "proveedor",
      "leverancier",
      "payee",
      "beneficiary",
      "creditorname",
      "customername",
      "customer",
      "kunde",
    ],
  ],
  [
    "reference",
    [
      "reference",
      "invoicereference",
      "invoiceno",
      "invoicenumber",
      "vendorinvoiceno",
      "vendorinvoicenumber",
      "supplierinvoice",
      "supplierinvoiceno",
      "supplierinvoicenumber",
      "supplierreference",
      "externalreference",
      "ref",
      "refno",
      "referenz",
      "rechnungsnr",
      "rechnungsnummer",
      "numerofacture",
      "factura",
      "factuurnummer",
      "bill",
      "billno",
      "billnumber",
    ],
  ],
  [
    "due_date",
    [
      "duedate",
      "due",
      "dueat",
      "dueon",
      "duetime",
      "payby",
      "deadline",
      "falligkeit",
      "faelligkeit",
      "falligam",
      "faelligam",
      "falligkeitsdatum",
      "echeance",
      "dateecheance",
      "vencimiento",
      "vervaldatum",
    ],
  ],
  [
    "paid_at",
    [
      "paidat",
      "paidon",
      "paiddate",
      "paymentdate",
      "datepaid",
      "paymenttime",
      "clearedat",
      "clearingdate",
      "cleared",
      "bezahltam",
      "zahlungsdatum",
      "zahldatum",
      "datepaiement",
      "fechapago",
      "betaaldatum",
      "paid",
    ],
  ],
  [
    "delivered_at",
    [
      "deliveredat",
      "deliverydate",
      "delivered",
      "deliveredon",
      "shippedat",
      "shipdate",
      "shippedon",
      "completedat",
      "completeddate",
      "servicedate",
      "performedat",
      "workdone",
      "receivedat",
      "receiptdate",
      "lieferdatum",
      "geliefertam",
      "leistungsdatum",
    ],
  ],
  [
    "billed_at",
    [
      "billedat",
      "billedon",
      "billingdate",
      "billdate",
      "invoicedat",
      "invoicedon",
      "fakturiertam",
      "fakturadatum",
    ],
  ],
  [
    "last_used",
    [
      "lastused",
      "lastusedat",
      "lastusedon",
      "lastuse",
      "lastread",
      "lastopened",
      "lastviewed",
      "lastdecision",
      "lastdecisionat",
      "lastacted",
      "zuletztgenutzt",
      "zuletztverwendet",
      "letztenutzung",
    ],
  ],
  [
    "date",
    [
      "date",
      "invoicedate",
      "documentdate",
      "docdate",
      "postingdate",
      "bookingdate",
      "issuedate",
      "issuedat",
      "createdat",
      "orderdate",
      "datum",
      "rechnungsdatum",
      "belegdatum",
      "buchungsdatum",
      "datefacture",
      "fecha",
      "fechafactura",
      "factuurdatum",
    ],
  ],
  [
    "currency",
    ["currency", "currencycode", "waehrung", "wahrung", "devise", "moneda", "valuta", "curr", "ccy", "waers"],
  ],
  [
    "amount",
    [
      "amount",
      "totalamount",
      "invoiceamount",
      "grossamount",
      "gross",
      "total",
      "value",
      "invoicetotal",
      "netamount",
      "net",
      "amounteur",
      "sum",
      "betrag",
      "bruttobetrag",
      "rechnungsbetrag",
      "gesamtbetrag",
      "nettobetrag",
      "summe",
      "montant",
      "montantttc",
      "importe",
      "bedrag",
      "paidamount",
      "amountpaid",
      "paymentamount",
    ],
  ],
  [
    "case_id",
    [
      "caseid",
      "case",
      "caseno",
      "vorgang",
      "vorgangsnummer",
      "fall",
      "processid",
      "dossier",
      "caseconceptname",
    ],
  ],
  [
    "tax_id",
    [
      "taxid",
      "taxno",
      "taxnumber",
      "vat",
      "vatid",
      "vatno",
      "vatnumber",
      "vatregistration",
      "ustid",
      "ustidnr",
      "steuernummer",
      "steuernr",
      "tva",
      "numerotva",
      "siren",
      "siret",
      "nif",
      "cif",
      "btwnummer",
      "ein",
      "tin",
    ],
  ],
  [
    "bank_account",
    [
      "bankaccount",
      "bankaccountno",
      "bankaccountnumber",
      "iban",
      "account",
      "accountno",
      "accountnumber",
      "bank",
      "bankverbindung",
      "konto",
      "kontonummer",
      "compte",
      "cuenta",
      "rekening",
      "rekeningnummer",
    ],
  ],
  ["post_code", ["postcode", "postalcode", "zip", "zipcode", "plz", "codepostal", "codigopostal"]],
  ["city", ["city", "town", "ort", "stadt", "ville", "ciudad", "plaats"]],
  [
    "address",
    [
      "address",
      "street",
      "streetaddress",
      "address1",
      "strasse",
      "anschrift",
      "adresse",
      "rue",
      "direccion",
      "adres",
    ],
  ],
  ["phone", ["phone", "phonenumber", "telephone", "tel", "telefon", "telefono", "telefoon"]],
  ["email", ["email", "mail", "emailaddress", "e-mail"]],
  [
    "approver",
    ["approver", "approvedby", "approvername", "released by", "releasedby", "freigegebenvon", "genehmigtvon"],
  ],
  ["kind", ["type", "documenttype", "doctype", "invoicetype", "kind", "art", "belegart"]],
  ["report", ["report", "reportname", "reporttitle", "bericht", "berichtsname", "rapport", "informe"]],
  [
    "decision",
    ["decision", "decisions", "usedfor", "decisionsupported", "purpose", "entscheidung", "action"],
  ],
  [
    "owner",
    ["owner", "reportowner", "responsible", "verantwortlich", "eigentumer", "eigentuemer", "proprietaire"],
  ],
  ["runs_per_year", ["runsperyear", "peryear", "timesperyear", "issuesperyear"]],
  [
    "hours",
    [
      "hours",
      "effort",
      "efforthours",
      "hoursperrun",
      "hourstoprepare",
      "preparationhours",
      "stunden",
      "aufwand",
    ],
  ],
  [
    "name",
    [
      "name",
      "legalname",
      "companyname",
      "company",
      "firma",
      "firmenname",
      "bezeichnung",
      "nom",
      "nombre",
      "naam",
    ],
  ],
];

/** Which role the plain headings "id", "number" and "no" have in a table, by the table's name. */
const OWN_ID: [RegExp, RecordRole][] = [
  [/invoice|bill|rechnung|factur/i, "invoice_id"],
  [/payment|zahlung|paiement/i, "payment_id"],
  [/order|bestell|auftrag/i, "order_id"],
  [/receipt|goods|wareneingang/i, "receipt_id"],
  [/vendor|supplier|creditor|customer|lieferant|kredit|kunde/i, "vendor_id"],
];

const plain = (name: string) =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9]/g, "");

/**
 * Which column of a record table holds what, by its name, else by its content (accounts, tax numbers,
 * currencies). `key` is the column that tells rows apart: the table's own id, else the first column of many
 * different identifiers.
 */
export function recogniseRecords(
  tableName: string,
  samples: readonly ColumnSample[],
): { roles: Map<RecordRole, string>; key: string | undefined } {
  const roles = new Map<RecordRole, string>();
  const taken = new Set<string>();
  const take = (role: RecordRole, column: string) => {
    roles.set(role, column);
    taken.add(column);
  };
  const own = OWN_ID.find(([pattern]) => pattern.test(tableName))?.[1];
  for (const [role, spellings] of SPELLINGS) {
    for (const spelling of spellings) {
      const found = samples.find(({ name }) => !taken.has(name) && plain(name) === plain(spelling));
      if (!found) continue;
      take(role, found.name);
      break;
    }
  }
  if (own && !roles.has(own)) {
    const ids = new Set(["id", "number", "no", "nr", "key", "code", "nummer"]);
    const found = samples.find(({ name }) => !taken.has(name) && ids.has(plain(name)));
    if (found) take(own, found.name);
  }
  // in a register of reports "name" is the report; in a table of vendors it is the vendor
  const named = roles.get("name");
  if (/report|bericht/i.test(tableName) && !roles.has("report") && named !== undefined) {
    roles.delete("name");
    roles.set("report", named);
  }
  const vendorName = roles.get("vendor_name");
  if (own === "vendor_id" && !roles.has("name") && vendorName !== undefined) {
    roles.delete("vendor_name");
    roles.set("name", vendorName);
  }
  // a receipt's and a delivery's amount is what came in
  if (own === "receipt_id" && !roles.has("received_amount") && roles.has("amount"))
    roles.set("received_amount", roles.get("amount")!);
  if (own === "order_id" && !roles.has("order_amount") && roles.has("amount"))
    roles.set("order_amount", roles.get("amount")!);
  if (own === "payment_id" && !roles.has("paid_at") && roles.has("date"))
    roles.set("paid_at", roles.get("date")!);
  byContent(samples, roles, taken, take);
  return { roles, key: keyOf(own, samples, roles) };
}

const CONTENT: [RecordRole, RegExp][] = [
  ["bank_account", /^[A-Z]{2}\d{2}[ ]?([A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}$/],
  ["tax_id", /^(AT)?U\d{8}$|^(DE|FR|NL|SE|DK|FI|BE|ES|IT|PL|PT|IE|LU|CZ|HU|GB)[ ]?[A-Z0-9]{8,12}$/],
  ["currency", /^(EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|JPY|CNY|CAD|AUD)$/],
  ["email", /^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i],
];

function byContent(
  samples: readonly ColumnSample[],
  roles: Map<RecordRole, string>,
  taken: Set<string>,
  take: (role: RecordRole, column: string) => void,
): void {
  for (const [role, pattern] of CONTENT) {
    if (roles.has(role)) continue;
    const found = samples.find(
      ({ name, examples }) =>
        !taken.has(name) && examples.length > 0 && examples.every((value) => pattern.test(value.trim())),
    );
    if (found) take(role, found.name);
  }
}

function keyOf(
  own: RecordRole | undefined,
  samples: readonly ColumnSample[],
  roles: ReadonlyMap<RecordRole, string>,
): string | undefined {
  const first = own && roles.get(own);
  if (first !== undefined) return first;
  const ids: RecordRole[] = ["invoice_id", "payment_id", "order_id", "receipt_id", "vendor_id", "report"];
  for (const role of own === "invoice_id" ? (["reference"] as RecordRole[]) : ids)
    if (roles.has(role)) return roles.get(role);
  return samples.find(({ name }) => /(^|[^a-z])(id|no|nr|number|key|code)$/i.test(name))?.name;
}
