/** The live session on screen, for components. The socket is open while somebody looks; the view of the last few stays. */
import { useEffect, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { type LiveState, Stream } from "./stream.ts";

export type { Connection, LiveState } from "./stream.ts";

interface Held {
  stream: Stream;
  readers: number;
  closing: ReturnType<typeof setTimeout> | undefined;
}

/** Sessions that keep their view after they were left. */
const KEPT = 6;
/** A change of pages lets go of a session and takes it again within this time. */
const GRACE_MS = 400;

const held = new Map<string, Held>();

function hold(id: string): Held {
  const found = held.get(id);
  if (found) return found;
  const fresh: Held = { stream: new Stream(id), readers: 0, closing: undefined };
  held.set(id, fresh);
  return fresh;
}

function watch(id: string): () => void {
  const session = hold(id);
  held.delete(id);
  held.set(id, session);
  clearTimeout(session.closing);
  session.readers += 1;
  session.stream.start();
  return () => {
    session.readers -= 1;
    if (session.readers > 0) return;
    session.closing = setTimeout(() => {
      session.stream.end();
      forgetOldest();
    }, GRACE_MS);
  };
}

function forgetOldest(): void {
  for (const [id, session] of held) {
    if (held.size <= KEPT) return;
    if (session.readers === 0 && !session.stream.running) held.delete(id);
  }
}

/** A part of what is live about a session: renders when the part changes. Objects and lists are compared by member. */
export function useLiveSelect<Part>(sessionId: string, select: (state: LiveState) => Part): Part {
  useEffect(() => watch(sessionId), [sessionId]);
  return useStore(hold(sessionId).stream.store, useShallow(select));
}

/** The state now, for handlers. */
export function liveState(sessionId: string): LiveState {
  return hold(sessionId).stream.store.getState();
}

/** Starts again after an error that ended the stream. */
export function retryLive(sessionId: string): void {
  hold(sessionId).stream.start();
}

/** Lets go of every connection, for somebody who signs out; the returned function takes them up again. */
export function pauseLive(): () => void {
  const open = [...held.values()].filter(({ stream }) => stream.running);
  for (const { stream } of open) stream.end();
  return () => {
    for (const { stream } of open) stream.start();
  };
}

/** Forgets every session: somebody signed out. */
export function forgetLive(): void {
  for (const session of held.values()) session.stream.end();
  held.clear();
}

/** Whether the browser itself thinks it has a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener("online", changed);
      addEventListener("offline", changed);
      return () => {
        removeEventListener("online", changed);
        removeEventListener("offline", changed);
      };
    },
    () => navigator.onLine,
  );
}
