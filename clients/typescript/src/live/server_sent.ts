/** Events as server-sent events over plain HTTP: for platforms without WebSocket, and for old proxies. */
import type { Transport } from "../transport.ts";
import { address, type Channel, type Numbered } from "./channel.ts";
import type { Connection, Frame } from "./frame.ts";

const HANDSHAKE_MS = 10_000;
/** The server says something every 15 seconds. */
const QUIET_MS = 40_000;
/** A line may be as long as an event; longer than this it is none. */
const MOST_BUFFERED = 64 * 1024 * 1024;

export async function openServerSent<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  after: number,
  signal: AbortSignal,
): Promise<Connection<Event>> {
  const own = new AbortController();
  const abort = () => own.abort();
  signal.addEventListener("abort", abort, { once: true });
  const watchdog = setTimeout(abort, HANDSHAKE_MS);
  try {
    // How far the log goes now; it also says, typed, why there is nothing to be had.
    const head = await headOf(transport, channel, after, own.signal);
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const path = address(channel.events, channel.query, `after=${after}`, channel.streamQuery);
    const response = await transport.raw(path, { headers, signal: own.signal, tries: 1 });
    if (response.body === null) throw new Error("the answer has no body");
    return new ServerSentConnection(channel, response.body, { after, head }, signal);
  } finally {
    signal.removeEventListener("abort", abort);
    clearTimeout(watchdog);
  }
}

async function headOf<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  after: number,
  signal: AbortSignal,
): Promise<number> {
  const response = await transport.raw(address(channel.events, channel.query, `after=${after}`, "limit=1"), {
    signal,
    tries: 1,
  });
  const { head } = (await response.json()) as { head?: unknown };
  return typeof head === "number" ? head : after;
}

class ServerSentConnection<Event extends Numbered> implements Connection<Event> {
  readonly #channel: Channel<Event>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #lines = new Lines();
  readonly #signal: AbortSignal;
  readonly #abort = () => this.close();
  readonly #frames: Frame<Event>[] = [];
  #catchUpAt: number | undefined;

  constructor(
    channel: Channel<Event>,
    body: ReadableStream<Uint8Array>,
    place: { after: number; head: number },
    signal: AbortSignal,
  ) {
    this.#channel = channel;
    this.#reader = body.getReader();
    this.#signal = signal;
    signal.addEventListener("abort", this.#abort, { once: true });
    this.#catchUpAt = place.head;
    this.#caughtUp(place.after);
  }

  async next(): Promise<Frame<Event> | null> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      const text = await this.#read();
      if (text === null) return null;
      for (const { name, data } of this.#lines.add(text)) {
        const found = this.#channel.fromServerSent(name, data);
        if (found === undefined) continue;
        this.#frames.push(found);
        if (found.kind === "event") this.#caughtUp(found.event.seq);
      }
    }
  }

  resubscribe(): boolean {
    return false;
  }

  /** By the body, not by the request's signal: in Node that one is forgotten together with its request. */
  close(): void {
    this.#signal.removeEventListener("abort", this.#abort);
    this.#reader.cancel().catch(() => {});
  }

  #caughtUp(seq: number): void {
    if (this.#catchUpAt === undefined || seq < this.#catchUpAt) return;
    this.#catchUpAt = undefined;
    this.#frames.push({ kind: "caught_up", head: seq });
  }

  async #read(): Promise<string | null> {
    const watchdog = setTimeout(this.#abort, QUIET_MS);
    try {
      const { done, value } = await this.#reader.read();
      if (done || this.#lines.size > MOST_BUFFERED) return null;
      return this.#decoder.decode(value, { stream: true });
    } catch {
      return null;
    } finally {
      clearTimeout(watchdog);
    }
  }
}

/** The lines of an event stream, as far as they are complete, as events. */
export class Lines {
  #pieces: string[] = [];
  #name = "";
  #data: string[] = [];
  size = 0;

  *add(text: string): Generator<{ name: string; data: string }> {
    this.size += text.length;
    const lines = text.split("\n");
    for (const [at, piece] of lines.entries()) {
      this.#pieces.push(piece);
      if (at === lines.length - 1) return;
      const line = this.#pieces.join("").replace(/\r$/, "");
      this.#pieces = [];
      if (line !== "") {
        this.#field(line);
        continue;
      }
      const event = { name: this.#name, data: this.#data.join("\n") };
      const any = this.#data.length > 0;
      this.#name = "";
      this.#data = [];
      this.size = 0;
      if (any) yield event;
    }
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#name = value;
    if (name === "data") this.#data.push(value);
  }
}
