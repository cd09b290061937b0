import { absenceStall } from "./absence-stall.ts";
import { amountMismatch } from "./amount-mismatch.ts";
import { approvalAfterTheFact } from "./approval-after-the-fact.ts";
import { approvalBypassed } from "./approval-bypassed.ts";
import { batching } from "./batching.ts";
import { bypassedStep } from "./bypassed-step.ts";
import { compensatingWork } from "./compensating-work.ts";
import { conflictingSources } from "./conflicting-sources.ts";
import { deadlineMissed, latePayments } from "./deadline-missed.ts";
import { doubleEntry } from "./double-entry.ts";
import { duplicatePayment } from "./duplicate-payment.ts";
import { duplicateVendor } from "./duplicate-vendor.ts";
import { handoffWait } from "./handoff-wait.ts";
import { inconsistentCountries, inconsistentEntry } from "./inconsistent-entry.ts";
import { keyPerson } from "./key-person.ts";
import { lateBilling } from "./late-billing.ts";
import { lateCorrection } from "./late-correction.ts";
import { lateLogging } from "./late-logging.ts";
import { missingData, missingDueDates } from "./missing-data.ts";
import { overLimit } from "./over-limit.ts";
import { ownershipByHabit } from "./ownership-by-habit.ts";
import { phantomStep } from "./phantom-step.ts";
import { pingPong } from "./ping-pong.ts";
import type { Plant, RecordPlant } from "./plant.ts";
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
 * Every way in which people leak that shows in a log. The order is that in which they are dealt to processes:
 * another one is another organisation for every seed.
 */
export const plants: readonly Plant[] = [
  keyPerson,
  singleApprover,
  absenceStall,
  handoffWait,
  batching,
  pingPong,
  rework,
  compensatingWork,
  selfApproval,
  rubberStamp,
  shiftingOwnership,
  lateCorrection,
  missingData,
  inconsistentEntry,
  lateLogging,
  pressureBreak,
  stalledCase,
  processDrift,
  variantSprawl,
  undocumentedStep,
  undocumentedPath,
  phantomStep,
  bypassedStep,
  approvalBypassed,
  approvalAfterTheFact,
  overLimit,
  splitBelowLimit,
  unmappedApprovalChain,
  segregationOfDuties,
  roleMismatch,
  ownershipByHabit,
  unownedStep,
  unownedWait,
  deadlineMissed,
  sideChannel,
  doubleEntry,
  slowClose,
  unbilledWork,
  lateBilling,
];

/** Every way in which record tables leak; `records.ts` plants them, each in its place. */
export const recordPlants: readonly RecordPlant[] = [
  amountMismatch,
  conflictingSources,
  duplicatePayment,
  duplicateVendor,
  inconsistentCountries,
  latePayments,
  missingDueDates,
  reportWithoutDecision,
];
