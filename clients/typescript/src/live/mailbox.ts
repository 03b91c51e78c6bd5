/** Frames between a socket that pushes and a reader that pulls. Bounded: a socket cannot be told to wait. */
import type { Frame } from "./frame.ts";

/** Frames that wait at most. A reader that is further behind reads the log again, at its own pace. */
const MOST = 10_000;

export class Mailbox<Event> {
  #frames: Frame<Event>[] = [];
  #at = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** False when there is no room: what comes from now on is lost, so the connection has to end. */
  push(frame: Frame<Event>): boolean {
    if (this.#ended) return false;
    if (this.#frames.length - this.#at >= MOST) {
      this.end();
      return false;
    }
    this.#frames.push(frame);
    this.#notify();
    return true;
  }

  /** What is in it can still be taken. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  async next(): Promise<Frame<Event> | null> {
    for (;;) {
      const frame = this.#frames[this.#at];
      if (frame !== undefined) {
        this.#at += 1;
        if (this.#at === this.#frames.length) {
          this.#frames = [];
          this.#at = 0;
        }
        return frame;
      }
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
