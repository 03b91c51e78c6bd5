/** What the app asks the server, one hook for each thing. */
import type { Page, SessionSummary } from "@agent-coordinator/client";
import {
  type InfiniteData,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { keys, queryClient } from "./client.ts";
import { coordinator, rememberUser } from "./coordinator.ts";
import { isDropped } from "./patch.ts";

const WORKING = new Set(["queued", "starting", "running"]);
/** How many sessions a page of the rail has. */
const PAGE = 50;

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }) => {
    const me = await coordinator.me({ signal });
    rememberUser(me);
    return me;
  },
  staleTime: 60_000,
});

/** Who is signed in, in which organisation. */
export function useMe() {
  return useQuery(meQuery);
}

/** Sessions, newest first; with `search`, those whose title or repository has it. */
export function useSessions(search = "") {
  return useSessionList(search.trim(), false);
}

/**
 * Keeps the list of sessions fresh: every 2 s while one works, else every 10 s, also in the background, where the
 * tab's title counts. For one place in the page: each caller asks on its own.
 */
export function useSessionsPolled() {
  return useSessionList("", pace);
}

type Pages = InfiniteData<Page<SessionSummary>, string>;

function pace({ state }: { state: { data: Pages | undefined } }): number {
  const works = state.data?.pages.some((page) => page.items.some((item) => WORKING.has(item.status)));
  return works ? 2_000 : 10_000;
}

function useSessionList(q: string, refetchInterval: false | typeof pace) {
  const query = useInfiniteQuery({
    queryKey: q ? [...keys.sessions, q] : keys.sessions,
    queryFn: ({ pageParam }) =>
      coordinator.sessions.list({
        limit: PAGE,
        ...(pageParam ? { cursor: pageParam } : {}),
        // The rail is about what is under way; whoever searches may mean what was put away.
        ...(q ? { q, include_archived: true } : {}),
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval,
    refetchIntervalInBackground: true,
  });
  const sessions = useMemo(() => unique(query.data?.pages.flatMap((page) => page.items) ?? []), [query.data]);
  return { ...query, sessions };
}

/** One that moved between two pages while they were read stands in both. */
function unique(items: SessionSummary[]): SessionSummary[] {
  const seen = new Set<string>();
  return items.filter((item) => !isDropped(item.id) && !seen.has(item.id) && seen.add(item.id));
}

/** One session in full, as the server last told it. What changes by the second is in `useLiveSelect`. */
export function useSession(id: string) {
  return useQuery({
    queryKey: keys.session(id),
    queryFn: ({ signal }) => coordinator.sessions.get(id, { signal }),
  });
}

/** Models, usable or not, and the state of their providers. */
export function useModels() {
  return useQuery({
    queryKey: keys.models,
    queryFn: ({ signal }) => coordinator.models({ signal }),
    staleTime: 30_000,
  });
}

export function useAgents() {
  return useQuery({
    queryKey: keys.agents,
    queryFn: ({ signal }) => coordinator.agents({ signal }),
    staleTime: 30_000,
  });
}

export function useModelProviders() {
  return useQuery({
    queryKey: keys.modelProviders,
    queryFn: () => coordinator.modelProviders.list({ limit: 200 }),
  });
}

export function useApiKeys() {
  return useQuery({ queryKey: keys.apiKeys, queryFn: () => coordinator.apiKeys.list({ limit: 200 }) });
}

export function useEnvironments() {
  return useQuery({
    queryKey: keys.environments,
    queryFn: () => coordinator.environments.list({ limit: 200 }),
  });
}

/** Asks again, now, for what a change of ours has touched. */
export function refresh(...which: (readonly string[])[]): void {
  for (const queryKey of which) void queryClient.invalidateQueries({ queryKey });
}
