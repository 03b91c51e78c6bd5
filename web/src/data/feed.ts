/**
 * What happens in the organisation, for the list of sessions: one connection for the page, whatever is on it. Each event
 * brings the whole row, so the list is right without asking, also after a break; it is asked once when following begins,
 * because it may have been read before that.
 */
import { CoordinatorError, type FeedItem, rowOf } from "@agent-coordinator/client";
import { createStore } from "zustand/vanilla";
import { hearAudit } from "./audit.ts";
import { keys } from "./client.ts";
import { coordinator } from "./coordinator.ts";
import { dropSession, hearSession } from "./patch.ts";
import { refresh } from "./queries.ts";

/** True while every change is told at once. */
export const feedState = createStore<{ follows: boolean }>(() => ({ follows: false }));

type Open = (signal: AbortSignal) => AsyncIterable<FeedItem>;

const openFeed: Open = (signal) => coordinator.feed({ signal });

/** Before following begins anew, where that may help. */
const ANEW_MS = 15_000;

interface Follower {
  open: Open;
  stop: AbortController;
}

const followers = new Set<Follower>();

/** Follows until the returned function is called. */
export function followFeed(open: Open = openFeed): () => void {
  const follower: Follower = { open, stop: new AbortController() };
  followers.add(follower);
  void follow(open, follower.stop.signal);
  return () => {
    followers.delete(follower);
    follower.stop.abort();
    feedState.setState({ follows: false });
  };
}

/**
 * Lets go of the connections because somebody signs out: the server will close them, and asking it why would only be
 * refused. The returned function takes them up again.
 */
export function pauseFeed(): () => void {
  for (const follower of followers) follower.stop.abort();
  feedState.setState({ follows: false });
  return () => {
    for (const follower of followers) {
      follower.stop = new AbortController();
      void follow(follower.open, follower.stop.signal);
    }
  };
}

async function follow(open: Open, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let pauseMs = ANEW_MS;
    try {
      await read(open(signal), signal);
    } catch (error) {
      // Nobody is signed in: whoever signs in begins anew.
      if (error instanceof CoordinatorError && error.status === 401) return;
      // It was away for longer than events are kept: the list is asked as soon as it follows again.
      if (error instanceof CoordinatorError && (error.status === 410 || error.code === "invalid_cursor"))
        pauseMs = 0;
    }
    if (signal.aborted) return;
    feedState.setState({ follows: false });
    await wait(pauseMs, signal);
  }
}

async function read(items: AsyncIterable<FeedItem>, signal: AbortSignal): Promise<void> {
  let first = true;
  for await (const item of items) {
    if (signal.aborted) return;
    if (item.kind === "connection") {
      if (item.state === "lost") feedState.setState({ follows: false });
    } else if (item.kind === "caught_up") {
      feedState.setState({ follows: true });
      if (first) refresh(keys.sessions);
      first = false;
    } else take(item.event);
  }
}

function take(event: Extract<FeedItem, { kind: "event" }>["event"]): void {
  const row = rowOf(event);
  if (row) hearSession(row);
  else if (event.type === "session.deleted" && event.session_id) dropSession(event.session_id);
  else if (event.type === "environment.changed") refresh(keys.environments);
  else if (event.type === "audit.event") hearAudit(event.data);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
