/** The token of a sign-in link: taken out of the address at once, so that no history, bookmark or copy keeps it. */

let token: string | null = null;

/** Reads `#token=` on the sign-in page and clears it. */
export function takeToken(): void {
  if (location.pathname !== "/sign-in") return;
  const found = /^#token=([A-Za-z0-9._~-]{1,512})$/.exec(location.hash);
  if (!location.hash.startsWith("#token=")) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  // One that doesn't look like a token is sent too, as far as it goes: the server says what is wrong with it.
  token = found?.[1] ?? "incomplete";
}

/** Gives the token away; the second asks in vain. */
export function claimToken(): string | null {
  const claimed = token;
  token = null;
  return claimed;
}
