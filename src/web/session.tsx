import { createContext, use } from "react";
import type { Answer } from "./client.ts";

export type Session = Answer<"GET /session">;
export type Membership = Session["organisations"][number];

export const SessionContext = createContext<{ session: Session; organisation: Membership } | undefined>(
  undefined,
);

/** Who is signed in, the organisation that the address names, and what may be done there. */
export function useOrganisation() {
  const context = use(SessionContext);
  if (!context) throw new Error("used outside of an organisation");
  const { session, organisation } = context;
  return {
    session,
    org: organisation.id,
    name: organisation.name,
    role: organisation.role,
    sample: organisation.sample,
    may: (right: string) => organisation.rights.includes(right),
  };
}
