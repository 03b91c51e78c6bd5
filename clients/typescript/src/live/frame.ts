/** What a connection brings, whichever way it travels. Frames come from the network: their shape is looked at. */
import type { Person } from "../api/types.ts";
import type { Delta, SessionEvent } from "../view/types.ts";

export type Frame<Event = SessionEvent> =
  | { kind: "event"; event: Event }
  | { kind: "delta"; promptId: string; delta: Delta }
  | { kind: "presence"; people: Person[] }
  | { kind: "caught_up"; head: number }
  /** The server refused something or cannot go on: what it is shows when one looks. */
  | { kind: "refused" };

/** One open connection, subscribed. */
export interface Connection<Event = SessionEvent> {
  /** The next frame; null at its end. */
  next(): Promise<Frame<Event> | null>;
  /** Asks again for everything after an event; false when that takes a new connection. */
  resubscribe(after: number): boolean;
  /** Finds out soon whether the other side is still there. */
  check?(): void;
  close(): void;
}

/** A frame of the session's socket; undefined for kinds that say nothing to a reader. */
export function fromSocket(text: string): Frame | undefined {
  const frame = parse(text);
  switch (frame?.type) {
    case "event": {
      const event = asEvent(frame.event);
      return event && { kind: "event", event };
    }
    case "delta":
      return asDelta(frame);
    case "presence":
      return { kind: "presence", people: asPeople(frame.people) };
    case "caught_up":
      return typeof frame.head === "number" ? { kind: "caught_up", head: frame.head } : undefined;
    case "error":
      return { kind: "refused" };
    default:
      return undefined;
  }
}

/** One server-sent event. */
export function fromServerSent(name: string, data: string): Frame | undefined {
  const body = parse(data);
  if (body === undefined) return undefined;
  if (name === "delta") return asDelta(body);
  const event = asEvent(body);
  return event && { kind: "event", event };
}

function asEvent(value: unknown): SessionEvent | undefined {
  if (!isRecord(value)) return undefined;
  const { seq, type, at, prompt_id, data } = value;
  if (typeof seq !== "number" || typeof type !== "string" || typeof at !== "string") return undefined;
  const event: SessionEvent = { seq, type, at, data: isRecord(data) ? data : {} };
  if (typeof prompt_id === "string") event.prompt_id = prompt_id;
  return event;
}

function asDelta(frame: Record<string, unknown>): Frame | undefined {
  const { prompt_id: promptId, delta } = frame;
  if (typeof promptId !== "string" || !isRecord(delta)) return undefined;
  const { message_id, part_id, kind, offset, text } = delta;
  if (kind !== "text" && kind !== "reasoning" && kind !== "tool_output") return undefined;
  if (typeof message_id !== "string" || typeof part_id !== "string") return undefined;
  if (typeof offset !== "number" || typeof text !== "string") return undefined;
  return { kind: "delta", promptId, delta: { message_id, part_id, kind, offset, text } };
}

function asPeople(value: unknown): Person[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (person): person is Person =>
      isRecord(person) && typeof person.user_id === "string" && typeof person.name === "string",
  );
}

export function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
