/** One session's events. */
import type { SessionEvent } from "../view/types.ts";
import type { Channel } from "./channel.ts";
import { fromServerSent, fromSocket } from "./frame.ts";

export function sessionChannel(id: string, deltas: boolean): Channel<SessionEvent> {
  const path = `/v1/sessions/${encodeURIComponent(id)}`;
  return {
    events: `${path}/events`,
    socket: `${path}/ws`,
    scope: id,
    query: "",
    streamQuery: deltas ? "deltas=true" : "",
    fromSocket,
    fromServerSent,
    isLast: (event) => event.type === "session.deleted",
  };
}
