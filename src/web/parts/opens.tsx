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
  /** what the number is, for those who hear it: "41 cases without approval" */
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
      aria-label={about && `${about}: open the cases`}
      title="Open the cases behind this number"
    >
      {children}
    </Link>
  );
}
