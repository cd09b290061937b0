import { absenceStall } from "./absence-stall.ts";
import { batching } from "./batching.ts";
import { compensatingWork } from "./compensating-work.ts";
import type { Detector } from "./detector.ts";
import { handoffWait } from "./handoff-wait.ts";
import { inconsistentEntry } from "./inconsistent-entry.ts";
import { keyPerson } from "./key-person.ts";
import { lateCorrection } from "./late-correction.ts";
import { lateLogging } from "./late-logging.ts";
import { missingData } from "./missing-data.ts";
import { pingPong } from "./ping-pong.ts";
import { pressureBreak } from "./pressure-break.ts";
import { processDrift } from "./process-drift.ts";
import { rework } from "./rework.ts";
import { rubberStamp } from "./rubber-stamp.ts";
import { selfApproval } from "./self-approval.ts";
import { shiftingOwnership } from "./shifting-ownership.ts";
import { singleApprover } from "./single-approver.ts";
import { stalledCase } from "./stalled-case.ts";
import { variantSprawl } from "./variant-sprawl.ts";

/**
 * Every detector, most specific first: where two see the same cases for the same cause, the one that stands first keeps them.
 * A new detector is a file, a line here and a test.
 */
export const detectors: Detector[] = [
  selfApproval,
  rubberStamp,
  lateCorrection,
  lateLogging,
  singleApprover,
  keyPerson,
  absenceStall,
  batching,
  pingPong,
  compensatingWork,
  pressureBreak,
  rework,
  stalledCase,
  missingData,
  inconsistentEntry,
  handoffWait,
  shiftingOwnership,
  processDrift,
  variantSprawl,
] as Detector[];
