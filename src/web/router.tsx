import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Home, NotFound } from "./home.tsx";
import { movedTo, ORGANISATION_PAGES, PROCESS_PAGES, type Page } from "./pages.ts";
import { OrganisationFrame, ProcessFrame } from "./shell.tsx";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  beforeLoad: ({ location }) => {
    const now = movedTo(location.pathname);
    if (now !== undefined) throw redirect({ href: now + location.searchStr, replace: true });
  },
});
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

// a page's module and export are named apart, so that the list of pages needs none of them
const componentOf = ({ load, component }: Page) => lazyRouteComponent(load as never, component as never);

const organisationRoute = <Path extends string, Read>(page: Page<Path, Read>) =>
  createRoute({
    getParentRoute: () => organisation,
    path: page.path,
    component: componentOf(page),
    validateSearch: page.search,
  });
const processRoute = <Path extends string, Read>(page: Page<Path, Read>) =>
  createRoute({
    getParentRoute: () => process,
    path: page.path,
    component: componentOf(page),
    validateSearch: page.search,
  });

/** The routes of a list of pages, each with the types of its own path and address. */
type OrganisationRoutes<Pages> = {
  [Key in keyof Pages]: Pages[Key] extends Page<infer Path, infer Read>
    ? ReturnType<typeof organisationRoute<Path, Read>>
    : never;
};
type ProcessRoutes<Pages> = {
  [Key in keyof Pages]: Pages[Key] extends Page<infer Path, infer Read>
    ? ReturnType<typeof processRoute<Path, Read>>
    : never;
};
const drawn = (pages: Readonly<Record<string, Page>>, route: (page: Page) => unknown) =>
  Object.fromEntries(Object.entries(pages).map(([key, page]) => [key, route(page)]));

const tree = root.addChildren({
  home,
  organisation: organisation.addChildren({
    ...(drawn(ORGANISATION_PAGES, organisationRoute) as unknown as OrganisationRoutes<
      typeof ORGANISATION_PAGES
    >),
    process: process.addChildren({
      first: createRoute({
        getParentRoute: () => process,
        path: "/",
        beforeLoad: ({ params }) => {
          throw redirect({ to: "/o/$org/p/$process/summary", params: params as never, replace: true });
        },
      }),
      ...(drawn(PROCESS_PAGES, processRoute) as unknown as ProcessRoutes<typeof PROCESS_PAGES>),
    }),
  }),
});

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingMs: 300,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
