/**
 * The one client of the page. Here, and nowhere else, two things are noticed whoever asked: that nobody is signed in
 * any more, and that another tab signed in anew, so that the proof that a request comes from our page has changed.
 */
import { Coordinator, type Me } from "@agent-coordinator/client";
import { chosenOrganisation } from "./chosen.ts";

let left: (() => void) | undefined;
let current: string | undefined;

export const coordinator = new Coordinator({ fetch: watched, org: chosenOrganisation });

/** Calls `then` whenever the server says that nobody is signed in. */
export function onSignedOut(then: () => void): void {
  left = then;
}

/** Remembers who is signed in here; somebody else's page must not be continued in this one. */
export function rememberUser(me: Me | undefined): void {
  current = me?.user.id;
}

async function watched(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const changes = request.method !== "GET" && request.method !== "HEAD";
  const again = changes ? request.clone() : undefined;
  const response = await globalThis.fetch(request);
  const signingIn = new URL(request.url).pathname.startsWith("/v1/auth/");
  if (response.status === 401 && !signingIn) left?.();
  if (response.status !== 403) return response;
  const slug = await problem(response);
  // Their last membership ended while they were here: nothing on this page is theirs any more.
  if (slug === "no_organisation") globalThis.location.assign("/welcome");
  if (!again || slug !== "csrf_failed") return response;
  const me = await coordinator.me();
  if (current !== undefined && me.user.id !== current) {
    globalThis.location.assign("/");
    return response;
  }
  again.headers.set("Coordinator-CSRF", me.csrf_token ?? "");
  return globalThis.fetch(again);
}

/** The code of a refusal. */
async function problem(response: Response): Promise<string | undefined> {
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const type = typeof problem === "object" && problem !== null && "type" in problem ? problem.type : "";
  return typeof type === "string" ? type.split("/").pop() : undefined;
}
