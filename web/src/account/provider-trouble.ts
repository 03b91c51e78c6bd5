/** Why signing in with a provider's account did not work, by the code in the address. The address gives no words. */

export interface Trouble {
  title: string;
  text: string;
}

const INVITE = "Ask somebody of your organisation for an invitation.";

const TROUBLES: Record<string, Trouble> = {
  email_not_verified: {
    title: "The provider does not vouch for your address",
    text: "Confirm your e-mail address there first, then try again.",
  },
  identity_not_allowed: {
    title: "This account is not let in here",
    text: "This server takes accounts of certain domains or organisations alone. Its operator knows which.",
  },
  identity_not_linked: {
    title: "This address has an account already",
    text: "Sign in as you did before. Then link the provider in Settings, under Profile and security.",
  },
  identity_taken: {
    title: "That account signs somebody else in",
    text: "It can be linked with one person alone. Unlink it there first, or choose another account.",
  },
  invitation_expired: {
    title: "The invitation does not work any more",
    text: "Ask whoever invited you for another one.",
  },
  no_organisation: { title: "You belong to no organisation", text: INVITE },
  not_found: { title: "This server does not know that provider", text: "Choose another way to sign in." },
  provider_sign_in_expired: {
    title: "This took too long",
    text: "It has to be finished within ten minutes, in the browser that began it. Try again.",
  },
  provider_sign_in_failed: {
    title: "The provider did not confirm who you are",
    text: "You may have refused there, or it was broken off. Try again, or sign in another way.",
  },
  provider_unreachable: {
    title: "The provider can't be reached",
    text: "Try again in a moment, or sign in another way.",
  },
  rate_limited: { title: "Too many attempts", text: "Wait some minutes and try again." },
  sign_up_closed: {
    title: "There is no account for you here yet",
    text: `This server does not take new people that way. ${INVITE}`,
  },
};

const SOME: Trouble = {
  title: "That did not work with the provider",
  text: "Try again, or sign in another way.",
};

/** Words for a code; null when there is none. */
export function providerTrouble(code: string | undefined): Trouble | null {
  if (code === undefined) return null;
  return Object.hasOwn(TROUBLES, code) ? (TROUBLES[code] ?? SOME) : SOME;
}
