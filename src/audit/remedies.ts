/** What closes a leak, and how much work that is: for whoever has to begin somewhere. */
export interface Remedy {
  /** in one sentence, to whoever owns the step */
  text: string;
  /** days, weeks or months, as such things usually take */
  effort: "days" | "weeks" | "months";
  /** who can decide it */
  decides: string;
}

const remedy = (text: string, effort: Remedy["effort"], decides: string): Remedy => ({
  text,
  effort,
  decides,
});

/** By detector id; every detector has one. */
export const remedies: Record<string, Remedy> = {
  "undocumented-step": remedy(
    "Describe the step, or stop doing it; then say whose it is.",
    "days",
    "process owner",
  ),
  "undocumented-path": remedy(
    "Decide which order is right, and write that one down.",
    "days",
    "process owner",
  ),
  "phantom-step": remedy(
    "Strike the step from the description, or make the system ask for it.",
    "days",
    "process owner",
  ),
  "variant-sprawl": remedy(
    "Agree on the few ways that are needed, and let the rest be exceptions with a name.",
    "months",
    "process owner",
  ),
  "process-drift": remedy(
    "Ask who changed the work on that day and why; bring the description up to date.",
    "days",
    "process owner",
  ),
  "handoff-wait": remedy(
    "Give the hand-over a named receiver and a time by which it is taken up.",
    "weeks",
    "heads of both teams",
  ),
  "ping-pong": remedy(
    "Settle with both sides what must be there before the work changes hands.",
    "weeks",
    "heads of both teams",
  ),
  "key-person": remedy("Train a second person and let them do the step every week.", "weeks", "team lead"),
  "absence-stall": remedy(
    "Name a deputy with rights in the system, and route to them by calendar.",
    "days",
    "team lead",
  ),
  "pressure-break": remedy(
    "Plan cover for the busy days, or decide openly what may be left out then.",
    "weeks",
    "team lead",
  ),
  batching: remedy("Run it more often, or when enough has come together.", "days", "team lead"),
  "unowned-wait": remedy("Assign on arrival: by rule or by turns, but to a person.", "days", "team lead"),
  "stalled-case": remedy(
    "Go through the cases that stand still; then list them weekly with an owner.",
    "days",
    "process owner",
  ),
  "self-approval": remedy(
    "Let the system refuse an approver who is the requester; name who approves theirs.",
    "days",
    "controller",
  ),
  "approval-bypassed": remedy("Block the next step until the approval is there.", "weeks", "controller"),
  "approval-after-the-fact": remedy(
    "Block the commitment until the approval is there; give urgent cases a quick way of their own.",
    "weeks",
    "controller",
  ),
  "rubber-stamp": remedy(
    "Approve fewer and larger things, sample the rest; show the approver what is unusual.",
    "weeks",
    "controller",
  ),
  "over-limit": remedy(
    "Put the limits into the system; send what is above to the next level.",
    "days",
    "controller",
  ),
  "split-below-limit": remedy(
    "Add up by vendor and requester before the limit is applied.",
    "weeks",
    "controller",
  ),
  "single-approver": remedy("Name a second approver with the same limit.", "days", "controller"),
  "unmapped-approval-chain": remedy(
    "Take these approvers into the described chain, or take the right from them.",
    "days",
    "controller",
  ),
  "segregation-of-duties": remedy(
    "Part the two rights in the system; where the team is too small, have a second look sampled.",
    "weeks",
    "controller",
  ),
  "compensating-work": remedy(
    "Find the step that lets the gap arise, and make what is missing mandatory there.",
    "weeks",
    "process owner",
  ),
  "side-channel": remedy(
    "Give the step a place in the system, or at least a field that says what was agreed.",
    "weeks",
    "process owner",
  ),
  "double-entry": remedy(
    "Decide which system holds it, and copy by interface or not at all.",
    "months",
    "system owner",
  ),
  "bypassed-step": remedy(
    "Make the step mandatory in the system, or say for which cases it is not needed.",
    "days",
    "process owner",
  ),
  "report-without-decision": remedy("Stop making the report and see who misses it.", "days", "report owner"),
  "role-mismatch": remedy(
    "Take the right from other roles, or add them as deputies.",
    "days",
    "process owner",
  ),
  "ownership-by-habit": remedy("Make those who do it the owners, or give it back.", "days", "process owner"),
  "shifting-ownership": remedy("Give the step one owner role, with a deputy.", "days", "process owner"),
  "unowned-step": remedy("Give the step an owner.", "days", "process owner"),
  rework: remedy(
    "Look at the first ten that came back, and check there for what sent them.",
    "weeks",
    "process owner",
  ),
  "late-correction": remedy(
    "Lock the field after the approval; let a change ask for a new one.",
    "weeks",
    "controller",
  ),
  "missing-data": remedy(
    "Make the field mandatory where it is known, with a value for “not applicable”.",
    "days",
    "system owner",
  ),
  "inconsistent-entry": remedy(
    "Replace free text by a list; clean what is there once.",
    "weeks",
    "data owner",
  ),
  "conflicting-sources": remedy(
    "Say which system is right for each field, and correct the other.",
    "weeks",
    "data owner",
  ),
  "duplicate-payment": remedy(
    "Get the money back, and let the system check reference, vendor and amount before it pays.",
    "weeks",
    "head of accounts payable",
  ),
  "duplicate-vendor": remedy(
    "Merge the records; check tax number and account when a vendor is created.",
    "weeks",
    "data owner",
  ),
  "amount-mismatch": remedy(
    "Match order, receipt and invoice before the payment is released.",
    "weeks",
    "head of accounts payable",
  ),
  "late-logging": remedy(
    "Enter where the work is done; what is entered later carries both times.",
    "weeks",
    "team lead",
  ),
  "deadline-missed": remedy("Show what is due this week to whoever can still meet it.", "days", "team lead"),
  "slow-close": remedy(
    "Begin the step that holds the close up before the month ends, and part it by entity.",
    "months",
    "controller",
  ),
  "unbilled-work": remedy(
    "Bill what is open, and list deliveries without a bill every week.",
    "days",
    "head of billing",
  ),
  "late-billing": remedy("Let the delivery trigger the bill.", "weeks", "head of billing"),
};
