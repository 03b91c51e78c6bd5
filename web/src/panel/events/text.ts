/** Events as text: one line that says the most, and the whole of it as JSON, bounded. */
import type { SessionEvent } from "@agent-coordinator/client";

/** Characters of JSON drawn; "Copy event" has all. */
const MOST = 20_000;

/** Fields that say most about an event, best first. */
const TELLING = [
  "title",
  "path",
  "text",
  "status",
  "phase",
  "host",
  "message",
  "cause",
  "tool",
  "output_delta",
  "model",
  "decision",
];

export function inShort(event: SessionEvent): string {
  for (const name of TELLING) {
    const value = event.data[name];
    if (typeof value === "string" && value !== "") return value.slice(0, 200);
  }
  return "";
}

export function json(event: SessionEvent): string {
  return JSON.stringify(event, null, 2);
}

export function boundedJson(event: SessionEvent): { text: string; more: number } {
  // Long texts are cut before they are written out: an event may be megabytes.
  const whole = JSON.stringify(
    event,
    (_, value: unknown) =>
      typeof value === "string" && value.length > MOST ? `${value.slice(0, MOST)}…` : value,
    2,
  );
  return whole.length > MOST
    ? { text: whole.slice(0, MOST), more: whole.length - MOST }
    : { text: whole, more: 0 };
}
