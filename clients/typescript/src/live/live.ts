/**
 * The stream that does not end: connect, subscribe after the last event that was handed out, hand out what comes,
 * and after any break do the same again. What is handed out has no gap and no double, whatever the network does.
 */
import { CoordinatorError, isTransient, NetworkError } from "../error.ts";
import { backoff, pause } from "../pause.ts";
import type { Transport } from "../transport.ts";
import { address, type Channel, type Numbered } from "./channel.ts";
import type { Connection, Frame } from "./frame.ts";
import type { LiveItem, LiveOptions } from "./item.ts";
import { openServerSent } from "./server_sent.ts";
import { openSocket } from "./socket.ts";
import { onWake } from "./wake.ts";

interface Place {
  /** `seq` of the last event handed out. */
  last: number;
  /** That one was the last there is. */
  over: boolean;
}

type Item<Event> = Exclude<Frame<Event>, { kind: "refused" }> | Extract<LiveItem, { kind: "connection" }>;

export async function* live<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  options: LiveOptions = {},
): AsyncGenerator<Item<Event>, void, undefined> {
  const place: Place = { last: options.after ?? 0, over: false };
  const stop = new AbortController();
  const abort = () => stop.abort();
  if (options.signal?.aborted) return;
  options.signal?.addEventListener("abort", abort, { once: true });
  let connection: Connection<Event> | undefined;
  let sleeping = new AbortController();
  const forget = onWake(() => {
    sleeping.abort();
    connection?.check?.();
  });
  try {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      yield { kind: "connection", state: "connecting", attempt };
      const opened = await connect(transport, channel, place.last, stop.signal).catch(failed);
      if (stop.signal.aborted) return;
      if (!(opened instanceof Error)) {
        connection = opened;
        yield { kind: "connection", state: "open", attempt };
        for await (const item of items(channel, connection, place)) {
          // Only a connection that was good for something lets the next one begin without delay.
          if (item.kind === "caught_up" || item.kind === "event") attempt = 0;
          yield item;
        }
        connection.close();
        connection = undefined;
        if (stop.signal.aborted) return;
      }
      const retryInMs = backoff(attempt);
      yield { kind: "connection", state: "lost", attempt, retryInMs };
      if (await isOver(transport, channel, place, opened instanceof Error ? opened : undefined, stop.signal))
        return;
      sleeping = new AbortController();
      await pause(retryInMs, AbortSignal.any([sleeping.signal, stop.signal]));
    }
  } finally {
    forget();
    options.signal?.removeEventListener("abort", abort);
    stop.abort();
    connection?.close();
  }
}

function connect<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  after: number,
  signal: AbortSignal,
): Promise<Connection<Event>> {
  const make = transport.around.WebSocket;
  if (make === undefined) return openServerSent(transport, channel, after, signal);
  return openSocket(transport, make, channel, after, signal);
}

/** What one connection brings, in order; ends with the connection, or when it cannot be trusted any more. */
async function* items<Event extends Numbered>(
  channel: Channel<Event>,
  connection: Connection<Event>,
  place: Place,
): AsyncGenerator<Item<Event>, void, undefined> {
  let askedAgainAt = -1;
  for (;;) {
    const frame = await connection.next();
    if (frame === null || frame.kind === "refused") return;
    // All there was has been sent, and some of it never came.
    if (frame.kind === "caught_up" && frame.head > place.last) {
      if (!channel.sparse) return;
      place.last = frame.head;
    }
    if (frame.kind !== "event") {
      yield frame;
      continue;
    }
    const { seq } = frame.event;
    if (seq <= place.last) continue;
    if (seq > place.last + 1 && !channel.sparse) {
      // Something is missing. Ask for it once; what is on its way meanwhile is thrown away.
      if (askedAgainAt === place.last) continue;
      askedAgainAt = place.last;
      if (!connection.resubscribe(place.last)) return;
      continue;
    }
    place.last = seq;
    // Once told, it stays: what is said after the last word changes nothing.
    place.over ||= channel.isLast(frame.event);
    yield frame;
  }
}

/**
 * Looks why there is no connection: a socket's end does not say. True when the session was deleted and everything
 * about it has been told.
 *
 * @throws CoordinatorError when coming back cannot help: not signed in, not there, not allowed, a cursor of another log.
 */
async function isOver<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  place: Place,
  failure: Error | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (failure instanceof NetworkError) return false;
  const known =
    failure instanceof CoordinatorError ? failure : await look(transport, channel, place.last, signal);
  if (signal.aborted || known === undefined || isTransient(known)) return false;
  if (place.over && known instanceof CoordinatorError && known.status === 404) return true;
  throw known;
}

/** The smallest request that meets the same obstacles. */
async function look<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  after: number,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const path = address(channel.events, channel.query, `after=${after}`, "limit=1");
  const limited = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const outcome = await transport.raw(path, { signal: limited, tries: 1 }).catch(failed);
  if (outcome instanceof CoordinatorError) return outcome;
  return undefined;
}

function failed(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
