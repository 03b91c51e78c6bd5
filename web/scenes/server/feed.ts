/** The organisation's feed of a scene: tells each change of a session's row, as far as a list shows it. */
import type { ServerResponse } from "node:http";
import type { OrgEvent } from "@agent-coordinator/client";
import type { SceneSession } from "../scene.ts";
import { ME } from "./house.ts";
import type { Socket } from "./socket.ts";
import { summary } from "./summary.ts";

export class Feed {
  readonly #events: OrgEvent[] = [];
  readonly #told = new Map<string, string>();
  readonly #sockets = new Set<Socket>();
  readonly #readers = new Set<Socket>();

  answer(url: URL, response: ServerResponse): void {
    const after = Number(url.searchParams.get("after") ?? 0);
    const events = this.#events.slice(after);
    const head = this.#events.length;
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify({ events, next_after: head, head, oldest: 1 }));
  }

  enter(socket: Socket): void {
    this.#sockets.add(socket);
    socket.onClose = () => {
      this.#sockets.delete(socket);
      this.#readers.delete(socket);
    };
    const head = this.#events.length;
    socket.send({ type: "hello", org_id: ME.organisation?.id, head, oldest: 1, version: "0.1.0" });
    socket.onText = (raw) => {
      const frame = JSON.parse(raw) as Record<string, unknown>;
      if (frame.type === "ping") socket.send({ type: "pong" });
      if (frame.type !== "subscribe") return;
      for (const event of this.#events.slice(Number(frame.after))) socket.send({ type: "event", event });
      socket.send({ type: "caught_up", head: this.#events.length });
      this.#readers.add(socket);
    };
  }

  tell(session: SceneSession): void {
    const { row } = summary(session);
    const shown = JSON.stringify([row.status, row.title, row.pending, row.queued]);
    if (this.#told.get(session.id) === shown) return;
    this.#told.set(session.id, shown);
    const event: OrgEvent = {
      seq: this.#events.length + 1,
      type: "session.status_changed",
      at: new Date().toISOString(),
      session_id: session.id,
      data: { ...row, previous: row.status },
    };
    this.#events.push(event);
    for (const socket of this.#readers) socket.send({ type: "event", event });
  }

  drop(): void {
    for (const socket of this.#sockets) socket.drop();
  }
}
