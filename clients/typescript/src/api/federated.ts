/** Signing in with other parties' accounts. */

/** One that vouches for people here. */
export interface SignInProvider {
  /** Its name in addresses: `google`. */
  id: string;
  /** Its name for people: `Google`. */
  name: string;
  kind: "oidc" | "github";
}

/** How one can sign in, and who may sign up. */
export interface SignInWays {
  /** Whether a password does. */
  password: boolean;
  sign_up: "closed" | "invite_only" | "open";
  providers: SignInProvider[];
}

/** A provider's account that signs in to one's own. */
export interface Identity {
  id: string;
  /** The `id` of its provider. */
  provider: string;
  name: string | null;
  email: string | null;
  linked_at: string;
  last_used_at: string | null;
}

export interface ProviderLink {
  /** Where the browser has to go. */
  url: string;
}
