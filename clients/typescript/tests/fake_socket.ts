/** Sockets that a test plays the server of. */
import type { SessionEvent, WebSocketConstructor } from "../src/index.ts";

export class FakeSocket extends EventTarget {
  readyState = 0;
  readonly url: string;
  readonly sent: Record<string, unknown>[] = [];

  constructor(url: string) {
    super();
    this.url = url;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.end();
  }

  /** As the server accepts: open, then its first frame. */
  accept(): this {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    return this.frame({ type: "hello", session_id: "ses_1", status: "idle", head: 0, version: "1" });
  }

  frame(frame: unknown): this {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
    return this;
  }

  event(seq: number, type = "file.changed"): this {
    const event: SessionEvent = { seq, type, at: "2026-01-01T00:00:00.000Z", data: {} };
    return this.frame({ type: "event", event });
  }

  caughtUp(head: number): this {
    return this.frame({ type: "caught_up", head });
  }

  end(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}

/** Every socket that was opened, in order. */
export class Sockets {
  readonly all: FakeSocket[] = [];
  #waiting: ((socket: FakeSocket) => void)[] = [];
  #taken = 0;

  readonly make: WebSocketConstructor = this.#kind();

  /** The next one that is opened. */
  async next(): Promise<FakeSocket> {
    const there = this.all[this.#taken];
    this.#taken += 1;
    if (there !== undefined) return there;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #kind(): WebSocketConstructor {
    const opened = (socket: FakeSocket) => {
      this.all.push(socket);
      // As with a real one: whoever makes it has added its listeners by then.
      queueMicrotask(() => this.#waiting.shift()?.(socket));
    };
    return class extends FakeSocket {
      constructor(url: string) {
        super(url);
        opened(this);
      }
    } as unknown as WebSocketConstructor;
  }
}
