/** Events over a WebSocket. */
import type { WebSocketConstructor } from "../options.ts";
import type { Transport } from "../transport.ts";
import { address, type Channel, type Numbered } from "./channel.ts";
import type { Connection } from "./frame.ts";
import { Mailbox } from "./mailbox.ts";

/** From the first byte to the server's first frame. */
const HANDSHAKE_MS = 10_000;
/** Silence after which the server is asked whether it is there. */
const QUIET_MS = 20_000;
/** How long its answer may take. */
const ANSWER_MS = 10_000;

/**
 * Opens and subscribes. Rejects when there is no connection to be had; why is for the caller to find out, since a
 * browser does not tell.
 */
export async function openSocket<Event extends Numbered>(
  transport: Transport,
  make: WebSocketConstructor,
  channel: Channel<Event>,
  after: number,
  signal: AbortSignal,
): Promise<Connection<Event>> {
  const url = await socketAddress(transport, channel, signal);
  signal.throwIfAborted();
  const connection = new SocketConnection(channel, new make(url), after, signal);
  await connection.opened;
  return connection;
}

/** A browser's own page is known by its cookie; whoever has a key gets a one-use ticket for it. */
async function socketAddress<Event extends Numbered>(
  transport: Transport,
  channel: Channel<Event>,
  signal: AbortSignal,
): Promise<string> {
  const { server, apiKey } = transport.around;
  const url = `${server.replace(/^http/, "ws")}${channel.socket}`;
  if (apiKey === undefined) return address(url, channel.query);
  const body = { scope: channel.scope };
  const { ticket } = await transport.ask(
    transport.api.POST("/v1/tickets", { body, signal, fetch: transport.once }),
  );
  return address(url, channel.query, `ticket=${encodeURIComponent(ticket)}`);
}

class SocketConnection<Event extends Numbered> implements Connection<Event> {
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  readonly #mailbox = new Mailbox<Event>();
  readonly #signal: AbortSignal;
  readonly #abort = () => this.close();
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(channel: Channel<Event>, socket: WebSocket, after: number, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    signal.addEventListener("abort", this.#abort, { once: true });
    this.opened = new Promise((resolve, reject) => {
      this.#watch(HANDSHAKE_MS, () => this.close());
      socket.addEventListener("open", () => this.resubscribe(after));
      socket.addEventListener("message", (message) => {
        resolve();
        this.#heard();
        const frame = typeof message.data === "string" ? channel.fromSocket(message.data) : undefined;
        if (frame !== undefined && !this.#mailbox.push(frame)) this.close();
      });
      const over = () => {
        this.#release();
        reject(new Error("the socket did not open"));
      };
      socket.addEventListener("close", over);
      socket.addEventListener("error", over);
    });
    // A reader may be gone before it looks.
    this.opened.catch(() => {});
  }

  next() {
    return this.#mailbox.next();
  }

  resubscribe(after: number): boolean {
    if (this.#socket.readyState !== 1) return false;
    this.#socket.send(JSON.stringify({ type: "subscribe", after }));
    return true;
  }

  /** Whether the other side still answers, now: after a sleep or a change of network nobody tells. */
  check(): void {
    this.#ask();
  }

  close(): void {
    this.#release();
    this.#socket.close(1000);
  }

  #heard(): void {
    this.#watch(QUIET_MS, () => this.#ask());
  }

  #ask(): void {
    if (this.#socket.readyState !== 1) return;
    this.#socket.send('{"type":"ping"}');
    this.#watch(ANSWER_MS, () => this.close());
  }

  #watch(ms: number, then: () => void): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(then, ms);
  }

  /** Closing handshakes may hang for minutes: the reader does not wait for them. */
  #release(): void {
    clearTimeout(this.#watchdog);
    this.#signal.removeEventListener("abort", this.#abort);
    this.#mailbox.end();
  }
}
