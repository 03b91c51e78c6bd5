/** The feed of an organisation: from where it is followed, what is handed out, and when it gives up. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Coordinator, type CoordinatorOptions, type FeedItem, rowOf } from "../src/index.ts";
import { Sockets } from "./fake_socket.ts";
import { json, problem } from "./problem.ts";

let sockets: Sockets;
let answers: ((request: Request) => Response | Promise<Response>)[];
let asked: string[];

/** Answers in order; the last one goes on for ever. */
async function fetch(request: RequestInfo | URL): Promise<Response> {
  const sent = request as Request;
  const { pathname, search } = new URL(sent.url);
  asked.push(`${sent.method} ${pathname}${search}`);
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  return answer?.(sent) ?? json({ events: [], next_after: 7, head: 7, oldest: 1 });
}

function client(options: CoordinatorOptions = {}): Coordinator {
  return new Coordinator({ server: "http://server", fetch, WebSocket: sockets.make, ...options });
}

function reading(items: AsyncIterable<FeedItem>) {
  const got: FeedItem[] = [];
  const seqs = () => got.flatMap((item) => (item.kind === "event" ? [item.event.seq] : []));
  const states = () => got.flatMap((item) => (item.kind === "connection" ? [item.state] : []));
  const end = (async () => {
    for await (const item of items) got.push(item);
  })();
  end.catch(() => {});
  return { got, seqs, states, end };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  sockets = new Sockets();
  answers = [];
  asked = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe("following", () => {
  test("begins now, and resumes after what was handed out", async () => {
    const stop = new AbortController();
    const { seqs, states, got, end } = reading(client().feed({ signal: stop.signal }));
    const first = (await sockets.next()).accept();
    expect(asked).toEqual(["GET /v1/events?limit=1"]);
    expect(first.url).toBe("ws://server/v1/events");
    expect(first.sent).toEqual([{ type: "subscribe", after: 7 }]);
    first.caughtUp(7).event(8, "moon.landed").event(8, "moon.landed");
    await settle();
    first.end();
    await vi.advanceTimersByTimeAsync(300);
    const second = (await sockets.next()).accept();
    expect(second.sent).toEqual([{ type: "subscribe", after: 8 }]);
    // What this reader may not see is passed over, and not asked for.
    second.event(10).event(9).caughtUp(11);
    await settle();
    expect(second.sent).toEqual([{ type: "subscribe", after: 8 }]);
    expect(seqs()).toEqual([8, 10]);
    expect(states()).toEqual(["connecting", "open", "lost", "connecting", "open"]);
    expect(got.at(-1)).toEqual({ kind: "caught_up", head: 11 });
    second.end();
    await vi.advanceTimersByTimeAsync(300);
    expect((await sockets.next()).accept().sent).toEqual([{ type: "subscribe", after: 11 }]);
    stop.abort();
    await end;
  });

  test("begins after an event, in an organisation, with a ticket of its own", async () => {
    answers = [async (request) => json(await ticketFor(request))];
    reading(client({ apiKey: "ack_1", org: "org_2" }).feed({ after: 3 }));
    const socket = (await sockets.next()).accept();
    expect(asked).toEqual(["POST /v1/tickets"]);
    expect(socket.url).toBe("ws://server/v1/events?org=org_2&ticket=events-1");
    expect(socket.sent).toEqual([{ type: "subscribe", after: 3 }]);
  });

  test("waits for a server that is not there yet", async () => {
    answers = [
      () => {
        throw new TypeError("refused");
      },
      () => problem(503, "unavailable"),
      () => json({ events: [], next_after: 2, head: 2, oldest: 1 }),
    ];
    const { states } = reading(client().feed());
    await vi.advanceTimersByTimeAsync(2_000);
    const socket = (await sockets.next()).accept();
    expect(socket.sent).toEqual([{ type: "subscribe", after: 2 }]);
    expect(states().slice(0, 3)).toEqual(["lost", "lost", "connecting"]);
  });
});

describe("giving up", () => {
  test("a cursor whose successors are not kept is thrown, typed", async () => {
    answers = [() => problem(410, "cursor_expired")];
    const { end } = reading(client().feed({ after: 3 }));
    (await sockets.next()).accept().frame({ type: "error", code: "cursor_expired", message: "m" });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(end).rejects.toMatchObject({ status: 410, code: "cursor_expired" });
    expect(asked).toEqual(["GET /v1/events?after=3&limit=1"]);
  });

  test("so is that nobody is signed in", async () => {
    answers = [() => problem(401, "unauthenticated")];
    await expect(reading(client().feed()).end).rejects.toMatchObject({ status: 401 });
  });
});

test("an event brings its session's row, if it does", () => {
  const row = { id: "ses_1", status: "idle", updated_at: "2026-01-01T00:00:00.000Z", title: "t" };
  const event = (type: string, data: Record<string, unknown>) => ({ seq: 1, at: "", type, data });
  expect(rowOf(event("session.status_changed", { ...row, previous: "running" }))).toEqual(row);
  expect(rowOf(event("session.created", row))).toEqual(row);
  // A deleted session's events are empty.
  expect(rowOf(event("session.created", {}))).toBeUndefined();
  expect(rowOf(event("session.deleted", {}))).toBeUndefined();
  expect(rowOf(event("run.recorded", row))).toBeUndefined();
});

async function ticketFor(request: Request): Promise<unknown> {
  const { scope } = (await request.json()) as { scope: string };
  return { ticket: `${scope}-1`, scope, expires_at: "2026-01-01T00:00:00.000Z" };
}
