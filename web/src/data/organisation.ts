/** What the settings of an organisation ask the server, one hook for each thing. */
import type { Page, PageQuery, Role } from "@agent-coordinator/client";
import { useQuery } from "@tanstack/react-query";
import { keys, queryClient } from "./client.ts";
import { coordinator } from "./coordinator.ts";
import { useMe } from "./queries.ts";

/** So many rows a page at most, and so many in all: lists here are short. */
const AT_ONCE = 200;
const MOST = 2_000;

/** All rows of a list, page by page. */
async function whole<Item>(read: (query: PageQuery) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read({ limit: AT_ONCE, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < MOST);
  return items;
}

/** The organisation that one works in; `undefined` until it is known which. */
function useOrganisationId(): string | undefined {
  return useMe().data?.organisation?.id;
}

const organisationQuery = (id: string | undefined) => ({
  queryKey: [...keys.organisation, id ?? ""],
  queryFn: ({ signal }: { signal: AbortSignal }) => coordinator.orgs.get(id ?? "", { signal }),
  enabled: id !== undefined,
  staleTime: 30_000,
});

/** With its name, one's role and, where it is going to be deleted, when. */
export function useOrganisation() {
  return useQuery(organisationQuery(useOrganisationId()));
}

/** All of one's organisations, newest first. */
export function useOrganisations() {
  return useQuery({
    queryKey: keys.organisations,
    queryFn: () => whole((query) => coordinator.orgs.list(query)),
  });
}

export function useMembers() {
  const id = useOrganisationId();
  return useQuery({
    queryKey: keys.members,
    queryFn: () => whole((query) => coordinator.orgs.members.list(id ?? "", query)),
    enabled: id !== undefined,
  });
}

export function useInvitations(allowed: boolean) {
  const id = useOrganisationId();
  return useQuery({
    queryKey: keys.invitations,
    queryFn: () => whole((query) => coordinator.orgs.invitations.list(id ?? "", query)),
    enabled: id !== undefined && allowed,
  });
}

export function useServiceAccounts() {
  return useQuery({
    queryKey: keys.serviceAccounts,
    queryFn: () => whole((query) => coordinator.serviceAccounts.list(query)),
  });
}

export function useApiKeys(allowed: boolean) {
  return useQuery({
    queryKey: keys.apiKeys,
    queryFn: () => whole((query) => coordinator.apiKeys.list(query)),
    enabled: allowed,
  });
}

export function useSecrets(allowed: boolean) {
  return useQuery({
    queryKey: keys.secrets,
    queryFn: () => whole((query) => coordinator.secrets.list(query)),
    enabled: allowed,
  });
}

/** What is in use now; asked again now and then while one looks. */
export function useLimits() {
  return useQuery({
    queryKey: keys.limits,
    queryFn: ({ signal }) => coordinator.limits.get({ signal }),
    refetchInterval: 10_000,
  });
}

/** Turns since `from`, by model. */
export function useUsageByModel(from: string) {
  return useQuery({
    queryKey: [...keys.limits, "usage", from],
    queryFn: ({ signal }) => coordinator.limits.usage({ group_by: "model", from }, { signal }),
    staleTime: 60_000,
  });
}

/** Who one is here: role, and whether the organisation is going to be deleted. */
export interface Standing {
  organisation: string;
  user: string;
  role: Role;
  closing: boolean;
}

export function useStanding(): Standing | undefined {
  const me = useMe().data;
  const { data: organisation, isPending } = useOrganisation();
  // What is refused while it waits to be deleted must not be asked for before that is known.
  if (!me?.organisation || isPending) return undefined;
  return {
    organisation: me.organisation.id,
    user: me.user.id,
    role: (organisation?.role ?? me.role) as Role,
    closing: Boolean(organisation?.deletion),
  };
}

/** Everything that says who one is and where. */
export async function refreshStanding(): Promise<void> {
  await Promise.all(
    [keys.me, keys.organisation, keys.organisations, keys.members].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
