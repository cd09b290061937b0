import { absenceStall } from "./absence-stall.ts";
import { amountMismatch } from "./amount-mismatch.ts";
import { approvalAfterTheFact } from "./approval-after-the-fact.ts";
import { approvalBypassed } from "./approval-bypassed.ts";
import { batching } from "./batching.ts";
import { bypassedStep } from "./bypassed-step.ts";
import { compensatingWork } from "./compensating-work.ts";
import { conflictingSources } from "./conflicting-sources.ts";
import { deadlineMissed } from "./deadline-missed.ts";
import type { Detector } from "./detector.ts";
import { doubleEntry } from "./double-entry.ts";
import { duplicatePayment } from "./duplicate-payment.ts";
import { duplicateVendor } from "./duplicate-vendor.ts";
import { handoffWait } from "./handoff-wait.ts";
import { inconsistentEntry } from "./inconsistent-entry.ts";
import { keyPerson } from "./key-person.ts";
import { lateBilling } from "./late-billing.ts";
import { lateCorrection } from "./late-correction.ts";
import { lateLogging } from "./late-logging.ts";
import { missingData } from "./missing-data.ts";
import { overLimit } from "./over-limit.ts";
import { ownershipByHabit } from "./ownership-by-habit.ts";
import { phantomStep } from "./phantom-step.ts";
import { pingPong } from "./ping-pong.ts";
import { pressureBreak } from "./pressure-break.ts";
import { processDrift } from "./process-drift.ts";
import { reportWithoutDecision } from "./report-without-decision.ts";
import { rework } from "./rework.ts";
import { roleMismatch } from "./role-mismatch.ts";
import { rubberStamp } from "./rubber-stamp.ts";
import { segregationOfDuties } from "./segregation-of-duties.ts";
import { selfApproval } from "./self-approval.ts";
import { shiftingOwnership } from "./shifting-ownership.ts";
import { sideChannel } from "./side-channel.ts";
import { singleApprover } from "./single-approver.ts";
import { slowClose } from "./slow-close.ts";
import { splitBelowLimit } from "./split-below-limit.ts";
import { stalledCase } from "./stalled-case.ts";
import { unbilledWork } from "./unbilled-work.ts";
import { undocumentedPath } from "./undocumented-path.ts";
import { undocumentedStep } from "./undocumented-step.ts";
import { unmappedApprovalChain } from "./unmapped-approval-chain.ts";
import { unownedStep } from "./unowned-step.ts";
import { unownedWait } from "./unowned-wait.ts";
import { variantSprawl } from "./variant-sprawl.ts";

/**
 * In order of precision: of two that charge the same row, the one that stands first charges it. A new
 * detector is a file, a line here and a test.
 */
const list = [
  duplicatePayment,
  amountMismatch,
  unbilledWork,
  lateBilling,
  selfApproval,
  segregationOfDuties,
  overLimit,
  splitBelowLimit,
  rubberStamp,
  lateCorrection,
  lateLogging,
  singleApprover,
  keyPerson,
  absenceStall,
  batching,
  unownedWait,
  pingPong,
  doubleEntry,
  sideChannel,
  compensatingWork,
  pressureBreak,
  rework,
  processDrift,
  shiftingOwnership,
  unownedStep,
  ownershipByHabit,
  roleMismatch,
  approvalAfterTheFact,
  approvalBypassed,
  unmappedApprovalChain,
  phantomStep,
  bypassedStep,
  undocumentedStep,
  undocumentedPath,
  slowClose,
  deadlineMissed,
  stalledCase,
  missingData,
  inconsistentEntry,
  duplicateVendor,
  conflictingSources,
  reportWithoutDecision,
  handoffWait,
  variantSprawl,
] as const;

/** The id of a detector in the list. */
export type DetectorId = (typeof list)[number]["id"];

/** Every detector, as those see it who run any of them. */
export const detectors: readonly Detector[] = list;
