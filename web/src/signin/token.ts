/** Secrets in the fragment of an address: taken out at once, so that no history, bookmark or copy keeps them. */
import { useEffect, useState } from "react";

const PAGES = ["/sign-in", "/verify-email", "/reset", "/invitation"] as const;

/** The pages that links with a token lead to. */
export type TokenPage = (typeof PAGES)[number];

const taken = new Map<TokenPage | "challenge", string>();

/** Reads `#token=`, and on the sign-in page `#challenge=`, and clears the fragment. */
export function takeToken(): void {
  const page = PAGES.find((one) => one === location.pathname);
  const kind = /^#(token|challenge)=/.exec(location.hash)?.[1];
  if (!page || !kind || (kind === "challenge" && page !== "/sign-in")) return;
  const value = new URLSearchParams(location.hash.slice(1)).get(kind) ?? "";
  history.replaceState(history.state, "", location.pathname + location.search);
  // One that doesn't look like a token is sent too, as far as it goes: the server says what is wrong with it.
  const whole = /^[A-Za-z0-9._~-]{1,512}$/.test(value) ? value : "incomplete";
  taken.set(kind === "challenge" ? "challenge" : page, whole);
}

/** Gives the token away; the second asks in vain. */
export function claimToken(what: TokenPage | "challenge" = "/sign-in"): string | null {
  const claimed = taken.get(what) ?? null;
  taken.delete(what);
  return claimed;
}

/** The token that came with the address of this page, also when a link is pasted into it later. */
export function useToken(page: TokenPage): { token: string | null; drop: () => void } {
  const [token, setToken] = useState(() => taken.get(page) ?? null);
  useEffect(() => {
    const look = () => {
      takeToken();
      const found = taken.get(page);
      if (found !== undefined) setToken(found);
    };
    look();
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [page]);
  const drop = () => {
    taken.delete(page);
    setToken(null);
  };
  return { token, drop };
}
