import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { ask, Refused } from "./client.ts";
import { LAST_ORGANISATION } from "./home.tsx";
import { Failed } from "./parts/loaded.tsx";
import { ORGANISATION_PAGES, PROCESS_GROUPS, PROCESS_PAGES, type Page } from "./pages.ts";
import { Menu } from "./parts/menu.tsx";
import { applyScheme, chosenScheme, type Scheme } from "./scheme.ts";
import { SessionContext, useOrganisation, type Session } from "./session.tsx";
import { Segments } from "./parts/segments.tsx";
import { useAsk } from "./use-ask.ts";
import { WorkNote } from "./parts/work-note.tsx";

/** Everything of an organisation: the top, the navigation, and the page. */
export function OrganisationFrame() {
  const { org } = useParams({ from: "/o/$org" });
  const navigate = useNavigate();
  const session = useQuery({
    queryKey: ["GET /session", {}],
    queryFn: () => ask("GET /session", {}),
    retry: (times, error) => times < 2 && !(error instanceof Refused && error.status === 401),
    staleTime: 60_000,
  });
  const signedOut = session.error instanceof Refused && session.error.status === 401;
  useEffect(() => {
    // where somebody was going is kept for after the sign-in
    if (signedOut) {
      sessionStorage.setItem("plumbline.then", location.pathname + location.search);
      void navigate({ to: "/", replace: true });
    }
  }, [signedOut, navigate]);
  const organisation = session.data?.organisations.find(({ id }) => id === org);
  useEffect(() => {
    if (organisation) localStorage.setItem(LAST_ORGANISATION, organisation.id);
  }, [organisation]);
  const context = useMemo(
    () => (session.data && organisation ? { session: session.data, organisation } : undefined),
    [session.data, organisation],
  );
  if (session.data && !organisation)
    return (
      <main className="main stack" style={{ maxWidth: 640, margin: "8vh auto" }}>
        <h1>You have no access to this organisation</h1>
        <p>You are signed in as {session.data.name}. Ask whoever sent you this address to invite you.</p>
        <p>
          <Link to="/">Go to your own organisation</Link>
        </p>
      </main>
    );
  if (!context)
    return session.error && !signedOut ? (
      <main className="main">
        <Failed error={session.error} retry={() => void session.refetch()} />
      </main>
    ) : null;
  return (
    <SessionContext value={context}>
      <Frame session={context.session} />
    </SessionContext>
  );
}

function Frame({ session }: { session: Session }) {
  const { name, sample } = useOrganisation();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const first = useRef(true);
  useEffect(() => {
    setOpen(false);
    // a new page is announced and read from its top
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  return (
    <div className="frame">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      <header className="top">
        <button
          type="button"
          className="menu-button"
          aria-expanded={open}
          aria-controls="nav"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
        <Link to="/" className="brand">
          <svg viewBox="0 0 16 20" aria-hidden="true">
            <path d="M8 0v11" stroke="currentColor" strokeWidth="1.6" />
            <path d="M4.5 11h7L8 20z" fill="currentColor" />
          </svg>
          <span className="brand-name">Plumbline</span>
        </Link>
        <OrganisationSwitch session={session} />
        {sample && <span className="badge hide-narrow">made-up data</span>}
        <span className="spread" />
        <span className="visually-hidden">{name}</span>
        <AccountMenu session={session} />
      </header>
      <nav id="nav" className={open ? "nav open" : "nav"} aria-label="Pages">
        <Navigation />
      </nav>
      <main id="main" className="main" tabIndex={-1} ref={main}>
        <WorkNote />
        <Outlet />
      </main>
    </div>
  );
}

function OrganisationSwitch({ session }: { session: Session }) {
  const { org } = useOrganisation();
  const navigate = useNavigate();
  if (session.organisations.length < 2)
    return <span className="quiet">{session.organisations[0]?.name}</span>;
  return (
    <select
      aria-label="Organisation"
      value={org}
      className="organisation"
      onChange={(event) => void navigate({ to: "/o/$org", params: { org: event.target.value } })}
    >
      {session.organisations.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** More processes than these are one click away: with that entry and the import the list has eight. */
const SHOWN_PROCESSES = 6;

type Shown = Pick<Page, "path" | "words" | "group" | "rights">;

const mayOpen = ({ rights }: Shown, may: (right: string) => boolean) => !rights || rights.some(may);

/**
 * Where one can go: groups, of which only that in use is unfolded, and never more than eight entries at one
 * level.
 */
function Navigation() {
  const { org, may } = useOrganisation();
  const { process: current } = useParams({ strict: false }) as { process?: string };
  const processes = useAsk("GET /organisations/{org}/processes", {
    path: { org },
    query: { limit: 500 } as never,
  });
  const items = processes.data?.items ?? [];
  const first = items.slice(0, SHOWN_PROCESSES);
  const open = items.find(({ id }) => id === current);
  const shown = open && !first.includes(open) ? [...first.slice(0, -1), open] : first;
  const list = (group: string) =>
    Object.values(ORGANISATION_PAGES as Record<string, Shown>)
      .filter((page) => page.group === group && mayOpen(page, may))
      .map(({ path, words }) => (
        <li key={path}>
          <Link
            to={`/o/$org${path}` as "/o/$org/trail"}
            params={{ org }}
            activeOptions={{ exact: path === "/" }}
          >
            {words}
          </Link>
        </li>
      ));
  return (
    <>
      <ul>{list("top")}</ul>
      <h2>Processes</h2>
      <ul>
        {shown.map(({ id, name }) => (
          <li key={id}>
            <Link
              to="/o/$org/p/$process/summary"
              params={{ org, process: id }}
              className={id === current ? "strong" : ""}
              activeProps={{}}
            >
              {name}
            </Link>
            {id === current && <ProcessPages process={id} />}
          </li>
        ))}
        {items.length > shown.length && (
          <li>
            <Link to="/o/$org" params={{ org }} activeProps={{}} className="quiet">
              All {items.length} processes
            </Link>
          </li>
        )}
        {processes.data?.items.length === 0 && <li className="quiet empty-entry">None yet</li>}
        {list("processes")}
      </ul>
      <h2>Organisation</h2>
      <ul>{list("organisation")}</ul>
    </>
  );
}

/**
 * The pages of the process that is open. The pages of the evidence keep the filter under which one of them is
 * looked at.
 */
function ProcessPages({ process }: { process: string }) {
  const { org, may } = useOrganisation();
  const [path, f] = useRouterState({
    select: ({ location }) => [location.pathname, (location.search as { f?: string }).f] as const,
    structuralSharing: true,
  });
  const pages = Object.values(PROCESS_PAGES as Record<string, Shown>);
  const inUse = pages.find((page) => path.startsWith(`/o/${org}/p/${process}${page.path}`))?.group;
  const entry = ({ path: own, words, group }: Shown) => (
    <li key={own}>
      <Link
        to={`/o/$org/p/$process${own}` as "/o/$org/p/$process/map"}
        params={{ org, process }}
        search={group === "Evidence" && inUse === "Evidence" ? { f } : {}}
        activeOptions={{ includeSearch: false }}
      >
        {words}
      </Link>
    </li>
  );
  const of = (group: string) => pages.filter((page) => page.group === group && mayOpen(page, may));
  return (
    <ul className="sub">
      {of("first").map(entry)}
      {PROCESS_GROUPS.map((group) => (
        <li key={group}>
          {/* a group opens with the page in use; one at a time, by the browser's own exclusive details */}
          <details name="process-pages" open={group === inUse} key={`${group} ${group === inUse}`}>
            <summary>{group}</summary>
            <ul>{of(group).map(entry)}</ul>
          </details>
        </li>
      ))}
      {of("last").map(entry)}
    </ul>
  );
}

function AccountMenu({ session }: { session: Session }) {
  const { org, role } = useOrganisation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [scheme, setScheme] = useState<Scheme>(chosenScheme);
  return (
    <Menu
      label={
        <>
          <span className="hide-narrow">{session.name}</span>
          <span className="only-narrow" role="img" aria-label={`Account of ${session.name}`}>
            {session.name
              .split(/\s+/)
              .map((word) => word[0])
              .join("")
              .slice(0, 2)}
          </span>
        </>
      }
    >
      <div className="stack tight">
        <p>
          {session.name}
          <br />
          <small>
            {session.email} · {role}
          </small>
        </p>
        <Segments
          label="Light or dark"
          value={scheme}
          options={[
            ["auto", "Auto"],
            ["light", "Light"],
            ["dark", "Dark"],
          ]}
          choose={(value) => {
            applyScheme(value);
            setScheme(value);
          }}
        />
        <Link to="/o/$org/account" params={{ org }} className="button">
          Your account
        </Link>
        <button
          type="button"
          onClick={async () => {
            await ask("DELETE /session", {});
            queries.clear();
            await navigate({ to: "/" });
            location.reload();
          }}
        >
          Sign out
        </button>
      </div>
    </Menu>
  );
}

/** Everything of one process: where it is not there, that is said once. */
export function ProcessFrame() {
  const { org, process } = useParams({ from: "/o/$org/p/$process" });
  const one = useAsk("GET /organisations/{org}/processes/{process}", { path: { org, process } });
  if (one.error)
    return (
      <div className="stack">
        <h1>Process not found</h1>
        <Failed error={one.error} retry={() => void one.refetch()} />
      </div>
    );
  return <Outlet />;
}
