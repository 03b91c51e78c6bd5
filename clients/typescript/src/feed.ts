/** What happens in an organisation: its sessions, runs and environments. */
import type { SessionSummary } from "./api/types.ts";
import { isTransient } from "./error.ts";
import { address } from "./live/channel.ts";
import { feedChannel } from "./live/feed.ts";
import type { LiveOptions } from "./live/item.ts";
import { live } from "./live/live.ts";
import { backoff, pause } from "./pause.ts";
import type { Transport } from "./transport.ts";

/** One event of an organisation. Types that this version does not know come as they are. */
export interface OrgEvent {
  /** 1, 2, 3 ... without gaps in an organisation. */
  seq: number;
  type: string;
  at: string;
  session_id?: string;
  data: Record<string, unknown>;
}

export type FeedItem =
  | { kind: "event"; event: OrgEvent }
  | { kind: "caught_up"; head: number }
  | { kind: "connection"; state: "connecting" | "open" | "lost"; attempt: number; retryInMs?: number };

export interface FeedOptions extends Pick<LiveOptions, "signal"> {
  /** `seq` of the last event that is known already. Without it: only what happens from now on. */
  after?: number;
  /** In a page: one of the user's organisations; that of the client's options, or of the credential, otherwise. */
  org?: string;
}

/**
 * The events of an organisation after `after`, then live, for ever. It resumes by itself after any break, without a gap
 * and without a double. It throws a `CoordinatorError` when coming back cannot help; `cursor_expired` (410) means that
 * events after the last one that was handed out are not kept any more: list anew and follow from now on.
 */
export async function* feed(
  transport: Transport,
  options: FeedOptions = {},
): AsyncGenerator<FeedItem, void, undefined> {
  const channel = feedChannel(options.org ?? transport.org);
  const signal = options.signal ?? new AbortController().signal;
  let after = options.after;
  for (let attempt = 0; after === undefined; attempt += 1) {
    const head = await headNow(transport, address(channel.events, channel.query, "limit=1"), signal);
    if (signal.aborted) return;
    if (typeof head === "number") {
      after = head;
      break;
    }
    if (!isTransient(head)) throw head;
    const retryInMs = backoff(attempt);
    yield { kind: "connection", state: "lost", attempt, retryInMs };
    await pause(retryInMs, signal);
    if (signal.aborted) return;
  }
  for await (const item of live(transport, channel, { after, signal })) {
    if (item.kind === "event" || item.kind === "caught_up" || item.kind === "connection") yield item;
  }
}

/** Where the feed stands, or why that is not known. */
async function headNow(transport: Transport, path: string, signal: AbortSignal): Promise<number | Error> {
  try {
    const { head } = (await (await transport.raw(path, { signal, tries: 1 })).json()) as { head?: unknown };
    return typeof head === "number" ? head : 0;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The session's row that an event brings, as lists have it; undefined for events that bring none. */
export function rowOf(event: OrgEvent): SessionSummary | undefined {
  const { data } = event;
  const whole =
    event.type.startsWith("session.") &&
    typeof data.id === "string" &&
    typeof data.status === "string" &&
    typeof data.updated_at === "string";
  if (!whole) return undefined;
  const { previous: _, ...row } = data;
  return row as unknown as SessionSummary;
}
