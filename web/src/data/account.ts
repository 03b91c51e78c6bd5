/** What the app asks the server about a person's own account. */
import type { SignInWays } from "@agent-coordinator/client";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { isStatus, queryClient } from "./client.ts";
import { coordinator } from "./coordinator.ts";
import { whoIs } from "./queries.ts";

/** The names under which answers are kept. */
export const accountKeys = {
  ways: ["sign-in-ways"] as const,
  browsers: ["browsers"] as const,
  identities: ["identities"] as const,
};

/** A server that doesn't say how one can sign in knows passwords alone, and takes no sign-up. */
const PASSWORD_ALONE: SignInWays = { password: true, sign_up: "closed", providers: [] };

const waysQuery = queryOptions({
  queryKey: accountKeys.ways,
  queryFn: async ({ signal }) => {
    try {
      return await coordinator.auth.providers({ signal });
    } catch (error) {
      if (isStatus(error, 404)) return PASSWORD_ALONE;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** So long a page waits to be drawn as it stays. */
const PATIENCE_MS = 400;

/** Asks how one can sign in; comes back when it is known, or when a person would notice the waiting. */
export async function waysKnown(): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([queryClient.prefetchQuery(waysQuery), late]);
}

/** How one can sign in here; passwords alone until it is known. */
export function useWays(): SignInWays {
  return useQuery(waysQuery).data ?? PASSWORD_ALONE;
}

/** Where one is signed in. */
export function useBrowsers() {
  return useQuery({
    queryKey: accountKeys.browsers,
    queryFn: ({ signal }) => coordinator.auth.browsers({ signal }),
  });
}

/** The providers' accounts that sign in here; none where the server knows no providers. */
export function useIdentities(asks: boolean) {
  return useQuery({
    queryKey: accountKeys.identities,
    queryFn: ({ signal }) => coordinator.auth.identities({ signal }),
    enabled: asks,
  });
}

/** Where an invitation leads. */
export function usePreview(token: string | null) {
  return useQuery({
    queryKey: ["invitation-preview", token],
    queryFn: ({ signal }) => coordinator.orgs.invitations.preview(token ?? "", { signal }),
    enabled: token !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Who is signed in, asked where it may be nobody, or somebody who belongs nowhere. */
export function useWho() {
  return useQuery({
    queryKey: ["who"],
    queryFn: ({ signal }) =>
      whoIs(signal).catch((error: unknown) => {
        if (isStatus(error, 401)) return null;
        throw error;
      }),
  });
}
