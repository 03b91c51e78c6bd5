/** The feed of an organisation. */
import type { OrgEvent } from "../feed.ts";
import type { Channel } from "./channel.ts";
import { type Frame, isRecord, parse } from "./frame.ts";

export function feedChannel(org: string | undefined): Channel<OrgEvent> {
  return {
    events: "/v1/events",
    socket: "/v1/events",
    scope: "events",
    query: org === undefined ? "" : `org=${encodeURIComponent(org)}`,
    streamQuery: "",
    sparse: true,
    fromSocket,
    fromServerSent: (_name, data) => {
      const event = asOrgEvent(parse(data));
      return event && { kind: "event", event };
    },
    isLast: () => false,
  };
}

function fromSocket(text: string): Frame<OrgEvent> | undefined {
  const frame = parse(text);
  switch (frame?.type) {
    case "event": {
      const event = asOrgEvent(frame.event);
      return event && { kind: "event", event };
    }
    case "caught_up":
      return typeof frame.head === "number" ? { kind: "caught_up", head: frame.head } : undefined;
    case "error":
      return { kind: "refused" };
    default:
      return undefined;
  }
}

function asOrgEvent(value: unknown): OrgEvent | undefined {
  if (!isRecord(value)) return undefined;
  const { seq, type, at, session_id, data } = value;
  if (typeof seq !== "number" || typeof type !== "string" || typeof at !== "string") return undefined;
  const event: OrgEvent = { seq, type, at, data: isRecord(data) ? data : {} };
  if (typeof session_id === "string") event.session_id = session_id;
  return event;
}
