/** Leaving: by one's own will, or because the server says that nobody is signed in. */

import { rememberUser } from "../data/coordinator.ts";
import { pauseFeed } from "../data/feed.ts";
import { coordinator, queryClient } from "../data/index.ts";
import { forgetLive, pauseLive } from "../data/live.ts";
import { forgetRows } from "../data/patch.ts";
import { toast } from "../ui/index.ts";

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

export async function signOut(): Promise<void> {
  const resume = [pauseFeed(), pauseLive()];
  try {
    await coordinator.auth.signOut();
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
  if (typeof path !== "string" || !/^\/(?![/\\])/.test(path) || path.startsWith("/sign-in")) return "/";
  try {
    const url = new URL(path, "http://app.invalid");
    return url.host === "app.invalid" ? url.pathname + url.search : "/";
  } catch {
    return "/";
  }
}
