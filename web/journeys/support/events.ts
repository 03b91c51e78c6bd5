/** A session's events as the API lists them, and what the SDK's fold makes of them. */
import {
  applyAll,
  emptyView,
  type SessionEvent,
  type SessionView,
} from "../../../clients/typescript/src/index.ts";
import type { Person } from "./journey.ts";

export async function eventsOf(person: Person, session: string): Promise<SessionEvent[]> {
  const { head } = await person.api.sessions.get(session);
  const events: SessionEvent[] = [];
  for await (const event of person.api.sessions
    .open(session)
    .events({ signal: AbortSignal.timeout(30_000) })) {
    events.push(event);
    if (event.seq >= head) break;
  }
  return events;
}

export function fold(events: SessionEvent[]): SessionView {
  return applyAll(
    emptyView(),
    events.map((event) => ({ kind: "event", event })),
  );
}

/** 1, 2, 3 ... */
export function dense(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}
