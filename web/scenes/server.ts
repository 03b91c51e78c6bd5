/**
 * A scripted stand-in for the server, for states and loads that real parts cannot show on demand. It serves the
 * built app under the same headers, a fake API and a real socket; one server shows one scene.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Person } from "@agent-coordinator/client";
import type { Scene, SceneSession, Stage } from "./scene.ts";
import { answer, problem } from "./server/api.ts";
import { Feed } from "./server/feed.ts";
import { serveFile } from "./server/files.ts";
import { ME } from "./server/house.ts";
import { Socket } from "./server/socket.ts";
import { summary } from "./server/summary.ts";

export interface SceneServer {
  url: string;
  /** What browsers reported about the content security policy. */
  readonly cspReports: string[];
  /** Shuts every socket; `refuse` keeps new ones out too. */
  drop(refuse?: boolean): void;
  /** Lets sockets in again. */
  recover(): void;
  close(): Promise<void>;
}

interface Options {
  /** 0 takes a free one. */
  port?: number;
  dist?: string;
}

const DIST = process.env.SCENES_DIST ?? fileURLToPath(new URL("../dist", import.meta.url));

export async function serveScene(scene: Scene, options: Options = {}): Promise<SceneServer> {
  const feed = new Feed();
  const rooms = new Map(scene.sessions.map((session) => [session.id, new Room(session, feed)]));
  const cspReports: string[] = [];
  const ended = new AbortController();
  let refuses = false;
  const event = (
    session: SceneSession,
    type: string,
    data: Record<string, unknown>,
    promptId?: string,
  ): void => rooms.get(session.id)?.event(type, data, promptId);

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://scene");
    const done = async (): Promise<void> => {
      if (url.pathname === "/scene/csp") {
        cspReports.push(await text(request));
        response.writeHead(204).end();
      } else if (url.pathname === "/health") {
        response
          .writeHead(200, { "content-type": "application/json" })
          .end('{"status":"ok","version":"0.1.0"}');
      } else if (url.pathname === "/v1/events" && scene.signedIn !== false) feed.answer(url, response);
      else if (url.pathname.startsWith("/v1/")) await answer({ scene, event }, request, response, url);
      else await serveFile(options.dist ?? DIST, url.pathname, response);
    };
    done().catch((error: unknown) => {
      if (!response.headersSent) problem(response, 500, "internal", "Internal error", String(error));
      else response.destroy();
    });
  });

  server.on("upgrade", (request, stream, head) => {
    if (/^\/v1\/events(\?|$)/.test(request.url ?? "") && !refuses && scene.signedIn !== false) {
      feed.enter(new Socket(request, stream, head));
      return;
    }
    const room = rooms.get(/^\/v1\/sessions\/([^/]+)\/ws/.exec(request.url ?? "")?.[1] ?? "");
    if (!room || refuses || scene.signedIn === false) {
      stream.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    const socket = new Socket(request, stream, head);
    room.enter(socket, ended.signal, () => {
      if (scene.network !== "drops") return;
      refuses = true;
      setTimeout(() => socket.drop(), 150);
    });
  });

  const url = await listen(server, options.port ?? 0);
  const drop = (refuse = false): void => {
    refuses = refuse;
    for (const room of rooms.values()) room.drop();
    feed.drop();
  };
  return {
    url,
    cspReports,
    drop,
    recover: () => {
      refuses = false;
    },
    close: async () => {
      ended.abort();
      drop(true);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One session and everybody who looks at it. */
class Room {
  readonly #session: SceneSession;
  readonly #feed: Feed;
  /** Those that have subscribed. */
  readonly #readers = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  #people: Person[];
  #played = false;

  constructor(session: SceneSession, feed: Feed) {
    this.#session = session;
    this.#feed = feed;
    this.#people = session.people ?? [];
  }

  enter(socket: Socket, signal: AbortSignal, replayed: () => void): void {
    const { id, events } = this.#session;
    this.#sockets.add(socket);
    socket.onClose = () => {
      this.#sockets.delete(socket);
      this.#readers.delete(socket);
    };
    const { status } = summary(this.#session).session;
    socket.send({ type: "hello", session_id: id, status, head: events.length, version: "0.1.0" });
    this.#tellPeople(socket);
    socket.onText = (raw) => {
      const frame = JSON.parse(raw) as Record<string, unknown>;
      if (frame.type === "ping") socket.send({ type: "pong" });
      if (frame.type !== "subscribe") return;
      const after = Number(frame.after);
      for (const event of events.slice(after)) socket.send({ type: "event", event });
      socket.send({ type: "caught_up", head: events.length });
      this.#readers.add(socket);
      replayed();
      this.#play(signal);
    };
  }

  event(type: string, data: Record<string, unknown>, promptId?: string): void {
    const { events } = this.#session;
    const event = {
      seq: events.length + 1,
      type,
      at: new Date().toISOString(),
      data,
      ...(promptId ? { prompt_id: promptId } : {}),
    };
    events.push(event);
    this.#tell({ type: "event", event });
    this.#feed.tell(this.#session);
  }

  drop(): void {
    for (const socket of this.#sockets) socket.drop();
  }

  #tell(frame: unknown): void {
    for (const socket of this.#readers) socket.send(frame);
  }

  #tellPeople(socket: Socket): void {
    const me: Person = { user_id: ME.user.id, name: ME.user.email };
    socket.send({ type: "presence", people: [me, ...this.#people] });
  }

  #play(signal: AbortSignal): void {
    if (this.#played || !this.#session.live) return;
    this.#played = true;
    const stage: Stage = {
      signal,
      wait: (ms) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) return reject(signal.reason);
          const stop = (): void => {
            clearTimeout(timer);
            reject(signal.reason);
          };
          const timer = setTimeout(() => {
            signal.removeEventListener("abort", stop);
            resolve();
          }, ms);
          signal.addEventListener("abort", stop, { once: true });
        }),
      delta: (promptId, delta) => this.#tell({ type: "delta", prompt_id: promptId, delta }),
      event: (type, data, promptId) => this.event(type, data, promptId),
      people: (people) => {
        this.#people = people;
        for (const socket of this.#sockets) this.#tellPeople(socket);
      },
    };
    this.#session.live(stage).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
