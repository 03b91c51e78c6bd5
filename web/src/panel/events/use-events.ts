/** The session's events as they came, for as long as one looks at them. They are not kept anywhere else in the page. */
import type { SessionEvent } from "@agent-coordinator/client";
import { useEffect, useState } from "react";
import { coordinator } from "~/data/index.ts";

/** Events kept at most: the newest. */
const MOST = 50_000;
const EVERY_MS = 150;

export interface RawEvents {
  events: SessionEvent[];
  caughtUp: boolean;
  error: unknown;
}

const NONE: RawEvents = { events: [], caughtUp: false, error: null };

export function useEvents(sessionId: string): RawEvents {
  const [state, setState] = useState<RawEvents>(NONE);
  useEffect(() => {
    const stop = new AbortController();
    let fresh: SessionEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let caughtUp = false;
    const flush = (): void => {
      timer = undefined;
      const more = fresh;
      fresh = [];
      setState((before) => ({ events: [...before.events, ...more].slice(-MOST), caughtUp, error: null }));
    };
    const read = async (): Promise<void> => {
      for await (const item of coordinator.sessions.open(sessionId).live({ signal: stop.signal })) {
        if (item.kind === "event") fresh.push(item.event);
        else if (item.kind === "caught_up") caughtUp = true;
        else continue;
        timer ??= setTimeout(flush, EVERY_MS);
      }
    };
    read().catch((error: unknown) => {
      if (!stop.signal.aborted) setState((before) => ({ ...before, error }));
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
      setState(NONE);
    };
  }, [sessionId]);
  return state;
}
