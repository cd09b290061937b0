import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Filter } from "../filter.ts";
import { writeFilter } from "../filter.ts";
import { useOrganisation } from "../session.tsx";

/** A number that opens to the cases behind it. Where there is nothing to open it is plain text. */
export function Opens({
  process,
  filter,
  children,
  about,
  enabled = true,
}: {
  process: string;
  filter: Filter;
  children: ReactNode;
  /** what the number is, where it stands alone, for those who hear it: "cases without approval" */
  about?: string;
  enabled?: boolean;
}) {
  const { org } = useOrganisation();
  if (!enabled) return <>{children}</>;
  return (
    <Link
      className="opens"
      to="/o/$org/p/$process/cases"
      params={{ org, process }}
      search={{ f: writeFilter(filter) }}
      title="Open the cases behind this number"
    >
      {children}
      {about && <span className="visually-hidden"> {about}</span>}
    </Link>
  );
}
