/** What the app asks the server, one hook for each thing. */
import type { Me, SessionSummary } from "@agent-coordinator/client";
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { chooseOrganisation, chosenOrganisation } from "./chosen.ts";
import { isStatus, keys, queryClient } from "./client.ts";
import { coordinator, rememberUser } from "./coordinator.ts";
import { feedState, followFeed } from "./feed.ts";
import { freshest, isDropped } from "./patch.ts";

/** How often the list is asked while the feed tells of every change, and while it cannot be followed. */
const FOLLOWED_MS = 60_000;
const ALONE_MS = 10_000;
/** How many sessions a page of the rail has. */
const PAGE = 50;

/** Somebody in an organisation: whom the app is for. */
export type Member = Omit<Me, "organisation" | "role"> & {
  organisation: NonNullable<Me["organisation"]>;
  role: NonNullable<Me["role"]>;
};

/** Whoever is signed in belongs to no organisation, or not any more. */
export class Nowhere extends Error {
  override readonly name = "Nowhere";
}

export function isMember(me: Me): me is Member {
  return Boolean(me.organisation && me.role);
}

/** Who is signed in, wherever they belong. */
export async function whoIs(signal?: AbortSignal): Promise<Me> {
  const call = signal ? { signal } : {};
  const me = await coordinator.me(call).catch((error: unknown) => {
    // The organisation that was chosen is gone, or no longer theirs.
    if (!isStatus(error, 404) || chosenOrganisation() === undefined) throw error;
    chooseOrganisation(undefined);
    return coordinator.me(call);
  });
  rememberUser(me);
  return me;
}

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }): Promise<Member> => {
    const me = await whoIs(signal);
    if (!isMember(me)) throw new Nowhere("You belong to no organisation.");
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
 * Keeps the list of sessions fresh by the organisation's feed, also in the background, where the tab's title counts;
 * where that cannot be followed, by asking now and then. For one place in the page: each caller follows on its own.
 */
export function useSessionsFollowed() {
  useEffect(() => followFeed(), []);
  const follows = useStore(feedState, (state) => state.follows);
  return useSessionList("", follows ? FOLLOWED_MS : ALONE_MS);
}

/** Whether there is any session, archived ones too; undefined until it is known. Asked where the list is empty. */
export function useAnySession(asks: boolean): boolean | undefined {
  const { data } = useQuery({
    queryKey: [...keys.anySession],
    queryFn: () => coordinator.sessions.list({ limit: 1, include_archived: true }),
    enabled: asks,
  });
  return data && data.items.length > 0;
}

function useSessionList(q: string, refetchInterval: false | number) {
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
  const sessions = useMemo(
    () => shown(query.data?.pages.flatMap((page) => page.items.map(freshest)) ?? [], q !== ""),
    [query.data, q],
  );
  return { ...query, sessions };
}

/**
 * One that moved between two pages while they were read stands in both; one that was archived or deleted just now may
 * still be in an answer that was on its way.
 */
export function shown(items: SessionSummary[], archived: boolean): SessionSummary[] {
  const seen = new Set<string>();
  return items.filter(
    (item) =>
      (archived || item.status !== "archived") &&
      !isDropped(item.id) &&
      !seen.has(item.id) &&
      seen.add(item.id),
  );
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
