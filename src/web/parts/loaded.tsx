import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Refused } from "../client.ts";
import { useOrganisation } from "../session.tsx";
import { NotVisible } from "./not-visible.tsx";

/** Shows what was asked for when it is here: before, that it is on its way; else why not, and what to do. */
export function Loaded<T>({
  of,
  children,
  what = "this",
  tall,
}: {
  of: UseQueryResult<T>;
  children: (value: T) => ReactNode;
  what?: string;
  tall?: boolean;
}) {
  if (of.data !== undefined)
    return (
      <div className="loaded" aria-busy={of.isPlaceholderData}>
        {children(of.data)}
      </div>
    );
  if (of.error) return <Failed error={of.error} retry={() => void of.refetch()} />;
  return (
    <p className="quiet" role="status" style={tall ? { minHeight: 300 } : undefined}>
      Reading {what} …
    </p>
  );
}

/** Why something is not shown. */
export function Failed({ error, retry }: { error: Error; retry?: () => void }) {
  if (error instanceof Refused && error.code === "no-events") return <NoEvents />;
  // an address that names what is not there, or cannot be
  if (
    error instanceof Refused &&
    (error.status === 404 || error.errors.some(({ where }) => /^(path|query)\./.test(where)))
  )
    return (
      <div className="note warn" role="alert">
        <p>
          Not found. The address may be incomplete, or its content was removed;{" "}
          <Link to="/">the overview</Link> lists what exists.
        </p>
      </div>
    );
  const mayHelp =
    !(error instanceof Refused) || error.status === 0 || error.status === 429 || error.status >= 500;
  return (
    <div className="note bad stack tight" role="alert">
      <p className="pre">{error.message}</p>
      {retry && mayHelp && (
        <p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

function NoEvents() {
  const { org, may } = useOrganisation();
  return (
    <NotVisible
      missing="events: an export with case, activity and time"
      supply={
        may("add evidence") ? (
          <Link to="/o/$org/imports/new" params={{ org }}>
            Import an export
          </Link>
        ) : (
          "Ask an analyst of your organisation to import an export."
        )
      }
    />
  );
}
