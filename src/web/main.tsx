import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { Refused } from "./client.ts";
import { router } from "./router.tsx";
import { applyScheme } from "./scheme.ts";
// oxlint-disable-next-line import/no-unassigned-import
import "./styles.css";

applyScheme();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // what the server refuses it refuses again; a lost connection may come back
      retry: (times, error) =>
        times < 2 && (!(error instanceof Refused) || error.status === 0 || error.status === 503),
      retryDelay: (times) => 400 * 2 ** times,
    },
  },
});

createRoot(document.querySelector("#root")!).render(
  <QueryClientProvider client={queries}>
    <RouterProvider router={router} />
  </QueryClientProvider>,
);
