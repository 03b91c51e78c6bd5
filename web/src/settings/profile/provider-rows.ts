/** Providers and what is linked with them, as one list. */
import type { IdentityInfo, SignInProvider } from "@agent-coordinator/client";

export interface ProviderRow {
  key: string;
  name: string;
  /** Absent when the server offers it no more. */
  provider?: SignInProvider;
  identity?: IdentityInfo;
}

/** Each provider once, or once for each account that is linked; at the end those that are offered no more. */
export function providerRows(
  providers: readonly SignInProvider[],
  identities: readonly IdentityInfo[],
): ProviderRow[] {
  const offered = providers.flatMap((provider): ProviderRow[] => {
    const linked = identities.filter((identity) => identity.provider === provider.id);
    if (linked.length === 0) return [{ key: provider.id, name: provider.name, provider }];
    return linked.map((identity) => ({ key: identity.id, name: provider.name, provider, identity }));
  });
  const known = new Set(providers.map(({ id }) => id));
  const gone = identities
    .filter((identity) => !known.has(identity.provider))
    .map((identity) => ({ key: identity.id, name: identity.provider, identity }));
  return [...offered, ...gone];
}
