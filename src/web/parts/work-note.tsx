import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useOrganisation } from "../session.tsx";
import { useAsk } from "../use-ask.ts";
import { percent } from "../words.ts";

const KINDS: Record<string, string> = {
  import: "Reading a file",
  audit: "Looking for leaks",
  render: "Creating reports",
};

/** What is being worked on in the background, while it is; what it changes is read anew when it has ended. */
export function WorkNote() {
  const { org } = useOrganisation();
  const queries = useQueryClient();
  const work = useAsk("GET /organisations/{org}/work", { path: { org } }, { every: 3000 });
  const going = (work.data?.items ?? []).filter(({ state }) => state === "running" || state === "waiting");
  const before = useRef(0);
  useEffect(() => {
    if (work.data === undefined) return;
    if (going.length < before.current)
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== "GET /organisations/{org}/work",
      });
    before.current = going.length;
  }, [going.length, work.data, queries]);
  if (going.length === 0) return null;
  const first = going.find(({ state }) => state === "running");
  return (
    <div className="note no-print" role="status" style={{ marginBottom: 12 }}>
      {first
        ? `${KINDS[first.kind] ?? first.kind}: ${first.doing ?? ""} ${percent(first.progress)}`
        : "Waiting to start"}
      {going.length > 1 && ` · ${going.length - 1} more queued`}
      <progress max={1} value={first?.progress} aria-label="Background work" />
    </div>
  );
}
