/** What the server said lately, kept by TanStack Query. Live sessions are not in here: they have their own store. */
import { CoordinatorError } from "@agent-coordinator/client";
import { QueryClient } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The SDK has tried several times before it gives up.
      retry: false,
      refetchOnWindowFocus: true,
      throwOnError: false,
    },
  },
});

/** The names under which answers are kept. */
export const keys = {
  me: ["me"] as const,
  sessions: ["sessions"] as const,
  anySession: ["any-session"] as const,
  session: (id: string) => ["session", id] as const,
  models: ["models"] as const,
  agents: ["agents"] as const,
  modelProviders: ["model-providers"] as const,
  apiKeys: ["api-keys"] as const,
  environments: ["environments"] as const,
  organisation: ["organisation"] as const,
  organisations: ["organisations"] as const,
  members: ["members"] as const,
  invitations: ["invitations"] as const,
  serviceAccounts: ["service-accounts"] as const,
  secrets: ["secrets"] as const,
  audit: ["audit"] as const,
  limits: ["limits"] as const,
};

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof CoordinatorError && error.status === status;
}
