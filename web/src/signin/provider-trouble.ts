/** Why signing in with a provider's account did not work, by the code in the address. The address gives no words. */

export interface Trouble {
  title: string;
  text: string;
}

const TROUBLES: Record<string, Trouble> = {
  conflict: {
    title: "This address has an account already",
    text: "Sign in as you did before, then link the provider in Settings, under Profile and security.",
  },
  forbidden: {
    title: "This account is not let in here",
    text: "The operator of this server takes accounts of certain domains or organisations alone.",
  },
  link_expired: {
    title: "This took too long",
    text: "Signing in has to be finished within some minutes, in the browser that began it. Try again.",
  },
  not_found: {
    title: "This server does not know that provider",
    text: "Choose another way to sign in.",
  },
  rate_limited: {
    title: "Too many attempts",
    text: "Wait some minutes and try again.",
  },
  sign_in_failed: {
    title: "The provider did not confirm who you are",
    text: "You may have refused there, or the request was broken off. Try again, or sign in another way.",
  },
  sign_up_closed: {
    title: "There is no account for you here yet",
    text: "This server does not take new people that way. Ask somebody of your organisation for an invitation.",
  },
  unavailable: {
    title: "The provider can't be reached",
    text: "Try again in a moment, or sign in another way.",
  },
};

const SOME: Trouble = {
  title: "Signing in with the provider did not work",
  text: "Try again, or sign in another way.",
};

/** Words for a code; null when there is none. */
export function providerTrouble(code: string | undefined): Trouble | null {
  if (code === undefined) return null;
  if (code === "upstream_failed") return TROUBLES.unavailable ?? SOME;
  return Object.hasOwn(TROUBLES, code) ? (TROUBLES[code] ?? SOME) : SOME;
}
