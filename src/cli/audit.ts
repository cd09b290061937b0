import { basename, join } from "node:path";
import type { Answers } from "../audit/answers.ts";
import { pastOf } from "../audit/history.ts";
import { openingText } from "../reports/opening-text.ts";
import { pseudonymise } from "../audit/audit-document.ts";
import type { Requirements } from "../audit/requirements.ts";
import { documentText, MOST_BYTES } from "../documents/document-text.ts";
import { Evidence } from "../evidence/evidence.ts";
import { keptSteps } from "../readiness/as-it-stands.ts";
import { gateAccount } from "../readiness/gate.ts";
import type { StepReadiness } from "../readiness/readiness.ts";
import { judgeProcess } from "../judgement/judge-process.ts";
import { wordedAudit, wordedClaim } from "../wording/worded-audit.ts";
import { onPages } from "../wording/choices.ts";
import { htmlReport } from "../reports/html-report.ts";
import { textReport } from "../reports/text-report.ts";
import { detectors } from "../detectors/index.ts";
import { timeRange } from "../eventlog/event-log.ts";
import { allNames } from "../eventlog/strings.ts";
import { TimeZone } from "../eventlog/time-zone.ts";
import { didYouMean, InputError, eachText, withValues } from "../input-error.ts";
import type { EventLog } from "../eventlog/event-log.ts";
import { readCalendar } from "./calendar-file.ts";
import type { Command, OptionValues } from "./command.ts";
import { readDescription } from "./description-file.ts";
import { askQuestions, readAnswers } from "./answers-file.ts";
import { dataDirectory, keepAudit, keepKey, keepPast, keptReviews, pastAudits } from "./kept-audit.ts";
import { readBytes } from "./read-text.ts";
import { logSummary } from "../formats/log-summary.ts";
import { startProgress } from "./progress.ts";
import { readRates } from "./rates-file.ts";
import { readRecordsOf } from "./records-option.ts";
import { readingOptions, readLogOf } from "./reading.ts";
import { accountOf, takenAs } from "../formats/account.ts";
import { wrap } from "./terminal.ts";
import { CLI_WORDS, onTerminal } from "./wording.ts";
import { writeOutput } from "./write-output.ts";

/** `plumbline audit LOG`: what leaks, what it costs, and what could not be seen. */
export const audit: Command = {
  name: "audit",
  usage:
    "audit LOG [--description F] [--records NAME[@TAG]=F]… [--answers F|--ask] [--requirements F] [--rates F] [--calendar F] [--approvals A,B] [--pseudonyms] [--json|--html F|--pdf F] [reading options]",
  summary: "Finds the leaks of a process, prices them and shows their cases.",
  options: {
    description: { value: "F", help: "what people say the process is: YAML or BPMN" },
    records: {
      value: "NAME[@TAG]=F",
      multiple: true,
      help: "table of records (invoices, payments, vendors, orders, receipts, reports or any other); two with the same name and different tags are compared",
    },
    answers: {
      value: "F",
      help: "YAML file with people's answers to the questions (plumbline list questions)",
    },
    ask: {
      help: "ask the questions now, before showing the evidence; each answer is saved (in --answers F, or in the data directory)",
    },
    by: { value: "NAME", help: "name of the person who answers --ask (default: one person)" },
    opening: { help: "ask only the six opening questions; needs no LOG" },
    requirements: {
      value: "F",
      multiple: true,
      help: "requirements document (text); each requirement is checked against the evidence",
    },
    rates: {
      value: "F",
      help: "YAML: currency, default, roles, delayPerDay (default: an assumed 45 EUR an hour)",
    },
    calendar: {
      value: "F",
      help: "YAML: timeZone, hours by weekday, holidays (default: learned from the log)",
    },
    approvals: { value: "A,B", help: "activities that are approvals (default: found by name)" },
    pseudonyms: {
      help: "replace people's names and case ids with pseudonyms; the key stays in the data directory",
    },
    set: {
      value: "DETECTOR.OPTION=N",
      multiple: true,
      help: "change a detector's threshold, for example key-person.minShare=0.9",
    },
    json: { help: "one JSON document on standard output" },
    html: { value: "F", help: "write the report as one HTML page" },
    pdf: { value: "F", help: "write the report as PDF" },
    ...readingOptions,
  },
  minArgs: 0,
  maxArgs: 1,
  async run([path], options) {
    if (path === undefined) return withoutLog(options);
    const answers = await answersFrom(options);
    const began = performance.now();
    const inputs = inputsOf(path, options);
    const thresholds = thresholdsOf(options);
    const rates = typeof options["rates"] === "string" ? readRates(options["rates"]) : undefined;
    const description =
      typeof options["description"] === "string" ? readDescription(options["description"]) : undefined;
    const { log, report } = await readLogOf(path, options);
    const { tables, notes: recordNotes } = await readRecordsOf(options);
    const process_ = description?.description.process ?? basename(path).replace(/\..*$/, "");
    const zone = new TimeZone((options["time-zone"] as string | undefined) ?? "UTC");
    const calendar =
      typeof options["calendar"] === "string"
        ? readCalendar(options["calendar"], timeRange(log)!, zone)
        : undefined;
    const requirements = await Promise.all(
      ((options["requirements"] as string[] | undefined) ?? []).map(requirementsOf),
    );
    const progress = startProgress("Looking for leaks");
    const evidence = new Evidence(log, {
      zone,
      calendar,
      approvals: approvalsOf(options, log),
      description: description?.description,
      records: tables,
    });
    const judgement = judgeProcess(evidence, {
      summary: logSummary(log, report),
      source: path,
      notes: [takenAs(report), ...report.notes, ...recordNotes, ...(description?.notes ?? [])],
      reviews: keptReviews(),
      answers,
      requirements,
      past: pastAudits(process_),
      now: Date.now(),
      rates,
      thresholds,
      onProgress: (share, what) => progress.update(share, `Looking for leaks: ${what}`),
    });
    progress.stop();
    const named = eachText(judgement.audit, withValues);
    const { steps } = eachText(judgement.readiness, withValues);
    const { document, key } =
      options["pseudonyms"] === true ? pseudonymise(named) : { document: named, key: undefined };
    if (key) process.stderr.write(`The key to the pseudonyms is in ${keepKey(key)}; it stays with you.\n`);
    document.seconds = Math.round(performance.now() - began) / 1000;
    keepAudit({ ...document, readiness: keptSteps(steps) });
    keepPast(process_, pastOf(named));

    const reported = wordedAudit(document);
    const gate = gateAccount(steps, [], null);
    const worded = wordedAudit(document, CLI_WORDS);
    if (typeof options["html"] === "string")
      writeOutput(
        options["html"],
        "--html",
        htmlReport(reported, onPages(withValues(accountOf(report))), gate),
        inputs,
      );
    if (typeof options["pdf"] === "string") {
      const { pdfReport } = await import("../reports/pdf-report.ts");
      writeOutput(
        options["pdf"],
        "--pdf",
        pdfReport(reported, onPages(withValues(accountOf(report))), gate),
        inputs,
      );
    }
    if (options["json"]) {
      const { stories: _stories, eventsPerWeek: _weeks, ...json } = worded;
      process.stdout.write(`${JSON.stringify({ ...json, readiness: shownReadiness(steps) })}\n`);
    } else {
      process.stdout.write(
        textReport(worded, onTerminal(accountOf(report)), wrap, Math.min(110, process.stdout.columns ?? 100)),
      );
      for (const option of ["html", "pdf"])
        if (typeof options[option] === "string") process.stdout.write(`Report: ${options[option]}\n`);
    }
    return 0;
  },
};

/**
 * Every file that is read: none of them may be written over. Throws InputError for a page and a PDF in one
 * file.
 */
function inputsOf(path: string, options: OptionValues): string[] {
  const { html, pdf } = options;
  if (typeof html === "string" && html === pdf)
    throw new InputError(
      "wrong-option",
      "--pdf",
      `--pdf: expected another file than --html, got ${html} for both.`,
    );
  const named = ["description", "answers", "rates", "calendar", "requirements", "records"].flatMap((option) =>
    [options[option] ?? []].flat().map(String),
  );
  return [path, ...named.map((text) => text.replace(/^[^=]*=/, "")), ...named];
}

/** The answers of a file, or those asked for now; none without either. */
async function answersFrom(options: OptionValues): Promise<Answers | undefined> {
  const file = options["answers"] as string | undefined;
  if (options["ask"]) {
    const path = file ?? join(dataDirectory(), "answers.yaml");
    return askQuestions(
      path,
      (options["by"] as string | undefined) ?? "one person",
      options["opening"] === true,
    );
  }
  return file === undefined ? undefined : readAnswers(file);
}

/** What an audit without a log can do: ask the six opening questions and say what the answers point to. */
async function withoutLog(options: OptionValues): Promise<number> {
  if (!options["opening"]) {
    throw new InputError(
      "wrong-arguments",
      "audit",
      `Expected: plumbline ${audit.usage}. Got no LOG; only --opening works without one.`,
    );
  }
  const answers =
    options["answers"] && !options["ask"]
      ? await answersFrom(options)
      : await answersFrom({ ...options, ask: true });
  process.stdout.write(openingText(answers!, wrap, Math.min(110, process.stdout.columns ?? 100)));
  return 0;
}

function approvalsOf(options: OptionValues, log: EventLog): string[] | undefined {
  if (typeof options["approvals"] !== "string") return undefined;
  const wanted = options["approvals"]
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = log.activities.length <= 100_000 ? allNames(log.activities) : [];
  for (const name of wanted) {
    if (known.includes(name)) continue;
    const near = didYouMean(name, known.slice(0, 1000));
    throw new InputError(
      "unknown-activity",
      "--approvals",
      `--approvals: the log has no activity "${name}".${near ? ` Did you mean "${near}"?` : ""} Activities: ${known.slice(0, 30).join(", ")}${known.length > 30 ? " …" : ""}.`,
    );
  }
  return wanted;
}

function thresholdsOf(options: OptionValues): Record<string, Record<string, number>> {
  const thresholds: Record<string, Record<string, number>> = {};
  for (const setting of (options["set"] as string[] | undefined) ?? []) {
    const match = /^([a-z-]+)\.(\w+)=(-?\d+(?:\.\d+)?)$/.exec(setting);
    const detector = match && detectors.find(({ id }) => id === match[1]);
    if (!match || !detector || !Object.hasOwn(detector.options, match[2])) {
      const known = detector
        ? ` Options of ${detector.id}: ${Object.keys(detector.options).join(", ")}.`
        : ` See plumbline list detectors.`;
      throw new InputError(
        "wrong-option",
        "--set",
        `--set: expected DETECTOR.OPTION=NUMBER, got "${setting}".${known}`,
      );
    }
    (thresholds[detector.id] ??= {})[match[2]] = Number(match[3]);
  }
  return thresholds;
}

/**
 * A requirements document: Word, OpenDocument, PDF or text. Throws InputError for what is none, or too long
 * to be read by people.
 */
async function requirementsOf(file: string): Promise<Requirements> {
  const name = basename(file);
  const { text } = await documentText(readBytes(file, "requirements document", MOST_BYTES), name);
  if (text.length > 2_000_000)
    throw new InputError(
      "wrong-requirements",
      file,
      `${file}: expected requirements of up to 2,000,000 characters, got ${text.length}. Give the part that is about this process.`,
    );
  return { name, text };
}

/** The readiness of each step for programs. */
const shownReadiness = (steps: StepReadiness[]) =>
  keptSteps(steps).map(({ claims, ...step }) => ({
    ...step,
    claims: claims.map((claim) => wordedClaim(claim, CLI_WORDS)),
    kindSaidBy: step.said?.kindSaidBy ?? null,
  }));
