/** What a page is told over its WebSockets: every event, over every connection, in the order of its coming. */
import type { Page } from "@playwright/test";

export class Frames {
  readonly seqs: number[] = [];
  connections = 0;

  constructor(page: Page) {
    page.on("websocket", (socket) => {
      if (!socket.url().includes("/v1/sessions/")) return;
      socket.on("framereceived", ({ payload }) => this.#take(String(payload)));
    });
  }

  #take(payload: string): void {
    const frame = JSON.parse(payload) as { type?: string; event?: { seq: number } };
    if (frame.type === "hello") this.connections += 1;
    if (frame.type === "event" && frame.event) this.seqs.push(frame.event.seq);
  }
}
