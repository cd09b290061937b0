import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { ask, Refused } from "./client.ts";
import { Failed } from "./parts/loaded.tsx";

const SignIn = lazy(() =>
  import("./sign-in/sign-in.tsx").then(({ SignIn: component }) => ({ default: component })),
);

export const LAST_ORGANISATION = "plumbline.organisation";

/**
 * The way in: a one-time link, the sign-in, or, for whoever is signed in, the organisation they were in last.
 */
export function Home() {
  const navigate = useNavigate();
  const [link] = useState(() => new URLSearchParams(location.hash.slice(1)));
  const then = link.get("then");
  // a link may lead on to a page of ours, and nowhere else
  if (then?.startsWith("/o/")) sessionStorage.setItem("plumbline.then", then);
  const hasLink = ["first-admin", "invitation", "new-password"].some((purpose) => link.has(purpose));
  const session = useQuery({
    queryKey: ["GET /session", {}],
    queryFn: () => ask("GET /session", {}),
    enabled: !hasLink,
    retry: false,
  });
  const organisations = session.data?.organisations;
  useEffect(() => {
    if (!organisations || organisations.length === 0) return;
    const last = localStorage.getItem(LAST_ORGANISATION);
    const { id } =
      organisations.find((one) => one.id === last) ??
      organisations.find((one) => !one.sample) ??
      organisations[0];
    void navigate({ to: "/o/$org", params: { org: id }, replace: true });
  }, [organisations, navigate]);

  if (hasLink || (session.error instanceof Refused && session.error.status === 401))
    return (
      <Suspense fallback={null}>
        <SignIn link={link} />
      </Suspense>
    );
  return (
    <main className="main" style={{ maxWidth: 640, margin: "8vh auto" }}>
      {session.error && <Failed error={session.error} retry={() => void session.refetch()} />}
      {organisations?.length === 0 && (
        <div className="stack">
          <h1>You belong to no organisation</h1>
          <p>
            Your account exists, but your membership has ended. Ask an admin of your organisation to invite
            you again.
          </p>
        </div>
      )}
    </main>
  );
}

export function NotFound() {
  return (
    <main className="main stack" style={{ maxWidth: 640, margin: "8vh auto" }}>
      <h1>Page not found</h1>
      <p>The address may be incomplete, or its content was removed.</p>
      <p>
        <Link to="/">Go to the overview</Link>
      </p>
    </main>
  );
}
