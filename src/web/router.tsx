import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readFilter, writeFilter, type Filter } from "./filter.ts";
import { Home, NotFound } from "./home.tsx";
import { OrganisationFrame, ProcessFrame } from "./shell.tsx";

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const share = (value: unknown) => (typeof value === "number" && value >= 0 && value <= 1 ? value : undefined);
const flag = (value: unknown) => (value === true ? true : undefined);

/** What addresses of a process may carry: the filter, and what each page adds. */
const filtered = (search: Record<string, unknown>) => ({
  f: writeFilter(
    typeof search["f"] === "object" && search["f"] ? (search["f"] as Filter) : readFilter(text(search["f"])),
  ),
});

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const organisation = createRoute({
  getParentRoute: () => root,
  path: "/o/$org",
  component: OrganisationFrame,
});
const process = createRoute({
  getParentRoute: () => organisation,
  path: "/p/$process",
  component: ProcessFrame,
});

const page = organisation.addChildren([
  createRoute({
    getParentRoute: () => organisation,
    path: "/",
    component: lazyRouteComponent(() => import("./overview/overview.tsx"), "Overview"),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/begin",
    component: lazyRouteComponent(() => import("./implementations/new-implementation.tsx"), "Opening"),
    validateSearch: (search: Record<string, unknown>) => ({ process: text(search["process"]) }),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/import",
    component: lazyRouteComponent(() => import("./imports/import.tsx"), "Import"),
    validateSearch: (search: Record<string, unknown>) => ({
      process: text(search["process"]),
      next: text(search["next"]),
      upload: text(search["upload"]),
      file: text(search["file"]),
      work: text(search["work"]),
    }),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/people",
    component: lazyRouteComponent(() => import("./members/members.tsx"), "Members"),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/trail",
    component: lazyRouteComponent(() => import("./trail/trail.tsx"), "Trail"),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/settings",
    component: lazyRouteComponent(
      () => import("./settings/organisation-settings.tsx"),
      "OrganisationSettings",
    ),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/account",
    component: lazyRouteComponent(() => import("./settings/account.tsx"), "Account"),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/i/$implementation",
    component: lazyRouteComponent(() => import("./implementations/implementation.tsx"), "InventoryPage"),
  }),
  createRoute({
    getParentRoute: () => organisation,
    path: "/i/$implementation/requirements",
    component: lazyRouteComponent(() => import("./implementations/requirements.tsx"), "RequirementsPage"),
  }),
  process.addChildren([
    createRoute({
      getParentRoute: () => process,
      path: "/",
      beforeLoad: ({ params }) => {
        throw redirect({ to: "/o/$org/p/$process/brief", params: params as never, replace: true });
      },
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/brief",
      component: lazyRouteComponent(() => import("./summary/summary.tsx"), "Brief"),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/map",
      component: lazyRouteComponent(() => import("./map/map.tsx"), "MapPage"),
      validateSearch: (search: Record<string, unknown>) => ({
        ...filtered(search),
        activities: share(search["activities"]),
        paths: share(search["paths"]),
        colour: search["colour"] === "time" ? ("time" as const) : undefined,
        anew: flag(search["anew"]),
        table: flag(search["table"]),
      }),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/variants",
      component: lazyRouteComponent(() => import("./variants/variants.tsx"), "Variants"),
      validateSearch: filtered,
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/cases",
      component: lazyRouteComponent(() => import("./cases/cases.tsx"), "Cases"),
      validateSearch: (search: Record<string, unknown>) => ({
        ...filtered(search),
        order: text(search["order"]),
        case:
          text(search["case"]) ?? (typeof search["case"] === "number" ? String(search["case"]) : undefined),
      }),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/people",
      component: lazyRouteComponent(() => import("./people/people.tsx"), "People"),
      validateSearch: filtered,
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/waiting",
      component: lazyRouteComponent(() => import("./waiting/waiting.tsx"), "Waiting"),
      validateSearch: filtered,
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/start-here",
      component: lazyRouteComponent(() => import("./workload/workload.tsx"), "StartHere"),
      validateSearch: filtered,
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/readiness",
      component: lazyRouteComponent(() => import("./readiness/readiness.tsx"), "ReadinessPage"),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/plan",
      component: lazyRouteComponent(() => import("./fix-first/fix-first.tsx"), "PlanPage"),
      validateSearch: (search: Record<string, unknown>) => ({ done: text(search["done"]) }),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/pressure",
      component: lazyRouteComponent(() => import("./what-if/what-if.tsx"), "PressurePage"),
      validateSearch: (search: Record<string, unknown>) => {
        const number = (name: string) => (typeof search[name] === "number" ? search[name] : undefined);
        return {
          form: text(search["form"]),
          ask: text(search["ask"]),
          person: number("person"),
          weeks: number("weeks"),
          more: number("more"),
          monthEnd: text(search["monthEnd"]) ?? (search["monthEnd"] === true ? "true" : undefined),
          from: text(search["from"]),
          to: text(search["to"]),
          step: text(search["step"]),
          share: number("share"),
          error: number("error"),
        };
      },
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/leaks",
      component: lazyRouteComponent(() => import("./findings/findings.tsx"), "Leaks"),
      validateSearch: (search: Record<string, unknown>) => ({ state: text(search["state"]) }),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/leaks/$finding",
      component: lazyRouteComponent(() => import("./findings/finding.tsx"), "Leak"),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/audit",
      component: lazyRouteComponent(() => import("./questions/questions.tsx"), "Audit"),
      validateSearch: (search: Record<string, unknown>) => ({
        q: typeof search["q"] === "number" ? search["q"] : undefined,
        view: search["view"] === "result" ? ("result" as const) : undefined,
      }),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/playbook",
      component: lazyRouteComponent(() => import("./description/description.tsx"), "Playbook"),
      validateSearch: (search: Record<string, unknown>) => ({
        version: typeof search["version"] === "number" ? search["version"] : undefined,
        edit: flag(search["edit"]),
      }),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/sources",
      component: lazyRouteComponent(() => import("./imports/imports.tsx"), "Sources"),
    }),
    createRoute({
      getParentRoute: () => process,
      path: "/settings",
      component: lazyRouteComponent(() => import("./settings/process-settings.tsx"), "ProcessSettingsPage"),
    }),
  ]),
]);

export const router = createRouter({
  routeTree: root.addChildren([home, page]),
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingMs: 300,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
