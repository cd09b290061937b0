import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { ask, type Answer, type Api, type Asked } from "./client.ts";

/** What a route answers, kept up to date; `keep` shows the last answer while the next is on its way. */
export function useAsk<R extends keyof Api>(
  route: R,
  asked: Asked<R>,
  { keep = false, enabled = true, every }: { keep?: boolean; enabled?: boolean; every?: number } = {},
): UseQueryResult<Answer<R>> {
  return useQuery({
    queryKey: [route, asked],
    queryFn: ({ signal }) => ask(route, asked, signal),
    enabled,
    refetchInterval: every,
    placeholderData: keep ? keepPreviousData : undefined,
  }) as UseQueryResult<Answer<R>>;
}

/**
 * Does something on the server, then reads anew what it may have changed: everything that is shown. `then`
 * may lead to another page, which is waited for: what the old one showed may be gone.
 */
export function useDo<I, O>(act: (input: I) => Promise<O>, then?: (output: O, input: I) => unknown) {
  const queries = useQueryClient();
  return useMutation<O, Error, I>({
    mutationFn: act,
    onSuccess: async (output, input) => {
      await then?.(output, input);
      await queries.invalidateQueries();
    },
  });
}
