/** The live stream as server-sent events: for platforms without WebSocket. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Coordinator, type LiveItem } from "../src/index.ts";
import { Lines } from "../src/live/server_sent.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Coordinator> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const { port } = started.address() as AddressInfo;
  return new Coordinator({ server: `http://127.0.0.1:${port}`, apiKey: "ack_1", WebSocket: false });
}

function event(seq: number): string {
  const body = {
    seq,
    type: "message.text",
    at: "2026-01-01T00:00:00.000Z",
    prompt_id: "prm_1",
    data: { text: "Größe" },
  };
  return `id: ${seq}\ndata: ${JSON.stringify(body)}\n\n`;
}

test("replays, goes on live, and resumes after a break", async () => {
  const asked: string[] = [];
  let streams = 0;
  const coordinator = await serve((request, response) => {
    asked.push(`${request.url} ${request.headers["last-event-id"] ?? ""} ${request.headers.authorization}`);
    if (request.headers.accept !== "text/event-stream") {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ events: [], next_after: 0, head: 2 }));
      return;
    }
    response.setHeader("Content-Type", "text/event-stream");
    streams += 1;
    if (streams === 1) {
      const delta = { message_id: "m", part_id: "p", kind: "text", offset: 0, text: "Grö" };
      const all = `: heartbeat\n\n${event(1)}event: delta\ndata: ${JSON.stringify({ prompt_id: "prm_1", delta })}\n\n${event(2)}`;
      // Cut within a character.
      const bytes = Buffer.from(all);
      const at = bytes.indexOf(Buffer.from("ö")) + 1;
      response.write(bytes.subarray(0, at));
      response.write(bytes.subarray(at));
      response.end(event(3).slice(0, 20));
    } else response.write(event(2) + event(3));
  });
  const items: LiveItem[] = [];
  for await (const item of coordinator.sessions.open("ses_1").live({ after: 0 })) {
    items.push(item);
    if (item.kind === "event" && item.event.seq === 3) break;
  }
  const told = items.map((item) => {
    if (item.kind === "connection") return item.state;
    return item.kind === "event" ? `${item.event.seq} ${item.event.data.text}` : item.kind;
  });
  expect(told).toEqual([
    "connecting",
    "open",
    "1 Größe",
    "delta",
    "2 Größe",
    "caught_up",
    "lost",
    "connecting",
    "open",
    "caught_up",
    "3 Größe",
  ]);
  expect(asked.filter((one) => one.includes("deltas=true"))).toEqual([
    "/v1/sessions/ses_1/events?after=0&deltas=true 0 Bearer ack_1",
    "/v1/sessions/ses_1/events?after=2&deltas=true 2 Bearer ack_1",
  ]);
});

test("a refusal is thrown, typed", async () => {
  const coordinator = await serve((_request, response) => {
    response.statusCode = 404;
    response.end(JSON.stringify({ type: "/problems/not_found", title: "t", status: 404, detail: "d" }));
  });
  const read = async () => {
    for await (const _ of coordinator.sessions.open("ses_1").events()) break;
  };
  await expect(read()).rejects.toMatchObject({ status: 404, code: "not_found" });
});

test("leaving closes the connection, and so does a signal, even after garbage was collected", async () => {
  for (const leave of ["break", "abort"]) {
    let closed: Promise<void> | undefined;
    const coordinator = await serve((request, response) => {
      if (request.headers.accept !== "text/event-stream") {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ events: [], next_after: 0, head: 1 }));
        return;
      }
      closed = new Promise((resolve) => response.on("close", resolve));
      response.setHeader("Content-Type", "text/event-stream");
      response.write(event(1));
    });
    const stop = new AbortController();
    for await (const _ of coordinator.sessions.open("ses_1").events({ signal: stop.signal })) {
      for (let round = 0; round < 3; round += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        globalThis.gc?.();
      }
      if (leave === "break") break;
      setImmediate(() => stop.abort());
    }
    await closed;
    server?.closeAllConnections();
    server?.close();
  }
  expect(globalThis.gc).toBeDefined();
});

test("lines come in any pieces", () => {
  const text = "event: a\r\ndata: 1\r\ndata: 2\r\n\r\n: comment\n\ndata:x\n\nid: 4\n\nevent: b\ndata\n\n";
  for (let size = 1; size < 9; size += 1) {
    const lines = new Lines();
    const got = [];
    for (let at = 0; at < text.length; at += size) got.push(...lines.add(text.slice(at, at + size)));
    expect(got, `pieces of ${size}`).toEqual([
      { name: "a", data: "1\n2" },
      { name: "", data: "x" },
      { name: "b", data: "" },
    ]);
  }
});
