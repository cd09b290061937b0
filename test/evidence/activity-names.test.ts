import { expect, test } from "vitest";
import { isApprovalName, isCompensatingName, isExternalName } from "../../src/evidence/activity-names.ts";

test("clarifying and chasing is told by name in several languages, cleaning a prefix is not", () => {
  for (const name of [
    "Clarify invoice",
    "Chase manager",
    "Rückfrage an Anforderer",
    "Relancer fournisseur",
    "FIX_CODING",
    "Send reminder",
  ])
    expect(isCompensatingName(name), name).toBe(true);
  for (const name of ["Set prefix", "Create order", "Affix stamp", "Record invoice"])
    expect(isCompensatingName(name), name).toBe(false);
  for (const name of [
    "Approve invoice",
    "Rechnung freigeben",
    "Sign-off",
    "Declaration FINAL_APPROVED by SUPERVISOR",
    "Goedkeuren",
    "ApprovePurchaseOrder",
  ])
    expect(isApprovalName(name), name).toBe(true);
  for (const name of [
    "Request approval",
    "Send for approval",
    "Reject invoice",
    "Release A",
    "Disapprove claim",
    "Approval reminder sent",
    "Declaration REJECTED by PRE_APPROVER",
    "Saved by approver",
  ])
    expect(isApprovalName(name), name).toBe(false);
  expect(isExternalName("Receive goods")).toBe(true);
  expect(isExternalName("Enter payroll data")).toBe(false);
});
