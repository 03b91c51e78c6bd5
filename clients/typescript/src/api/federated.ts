/** Signing in with accounts that people have elsewhere. */

/** One that vouches for people here. */
export interface SignInProvider {
  /** Its name in addresses: `google`. */
  id: string;
  /** Its name for people: `Google`. */
  name: string;
  /** `oidc` or `github`. */
  kind: string;
}

/** How one can sign in, and who may sign up. */
export interface SignInWays {
  /** Whether a password does. */
  password: boolean;
  /** Who may sign up with a password: `closed`, `invite_only` or `open`. */
  sign_up: string;
  providers: SignInProvider[];
}

/** A provider's account that signs in to one's own. */
export interface IdentityInfo {
  id: string;
  /** The `id` of its provider. */
  provider: string;
  name: string | null;
  email: string | null;
  linked_at: string;
  last_used_at: string | null;
}

export interface ProviderStarted {
  /** Where the browser has to go; works once. */
  url: string;
}
