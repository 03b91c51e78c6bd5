/** Leaving: by one's own will, or because the server says that nobody is signed in. */

import { rememberUser } from "../data/coordinator.ts";
import { pauseFeed } from "../data/feed.ts";
import { coordinator, queryClient } from "../data/index.ts";
import { forgetLive, pauseLive } from "../data/live.ts";
import { forgetRows } from "../data/patch.ts";
import { toast } from "../ui/index.ts";
import { isOutside } from "./outside.ts";

type Leave = (returnTo: string | undefined) => void;

let leave: Leave | undefined;

/** How to get to the sign-in page; the router says so when it is made. */
export function onLeave(then: Leave): void {
  leave = then;
}

/** Forgets everything that was read in somebody's name. */
export function forgetEverything(): void {
  rememberUser(undefined);
  forgetLive();
  forgetRows();
  queryClient.clear();
}

/** `how` ends this browser's session, alone or with others. */
export async function signOut(how = () => coordinator.auth.signOut()): Promise<void> {
  const resume = [pauseFeed(), pauseLive()];
  try {
    await how();
  } catch (error) {
    for (const each of resume) each();
    toast.error(error, { title: "You are still signed in" });
    return;
  }
  leave?.(undefined);
}

/** To the sign-in page, and back here afterwards. */
export function signedOut(): void {
  leave?.(location.pathname + location.search);
}

/** A path of this app, or its first page: what stands in an address must not lead elsewhere. */
export function safeReturn(path: unknown): string {
  if (typeof path !== "string" || !/^\/(?![/\\])/.test(path) || leadsOutside(path)) return "/";
  try {
    const url = new URL(path, "http://app.invalid");
    return url.host === "app.invalid" ? url.pathname + url.search : "/";
  } catch {
    return "/";
  }
}

/** The page of an invitation is one to come back to; the others are on the way in. */
function leadsOutside(path: string): boolean {
  const page = path.split(/[?#]/, 1)[0] ?? "";
  return page !== "/invitation" && (isOutside(page) || page.startsWith("/sign-in"));
}
