/** The live stream over a socket: what is handed out has no gap and no double, whatever the network does. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Coordinator, type CoordinatorError, type LiveItem } from "../src/index.ts";
import { Sockets } from "./fake_socket.ts";
import { json, problem } from "./problem.ts";

let sockets: Sockets;
let answers: ((request: Request) => Response)[];
let asked: string[];

/** Answers in order; the last one goes on for ever. */
async function fetch(request: RequestInfo | URL): Promise<Response> {
  const sent = request as Request;
  asked.push(`${sent.method} ${new URL(sent.url).pathname}${new URL(sent.url).search}`);
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  return answer?.(sent) ?? json({ events: [], next_after: 0, head: 0 });
}

function open(apiKey?: string) {
  const options = apiKey === undefined ? {} : { apiKey };
  return new Coordinator({
    server: "http://server",
    fetch,
    WebSocket: sockets.make,
    ...options,
  }).sessions.open("ses_1");
}

/** Reads on its own, so that a test can look at what came. */
function reading(items: AsyncIterable<LiveItem>) {
  const got: LiveItem[] = [];
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
  vi.unstubAllGlobals();
});

describe("a break", () => {
  test("is mended after the last event that was handed out", async () => {
    const stop = new AbortController();
    const { seqs, states, end, got } = reading(open().live({ after: 2, signal: stop.signal }));
    const first = (await sockets.next()).accept();
    expect(first.url).toBe("ws://server/v1/sessions/ses_1/ws");
    expect(first.sent).toEqual([{ type: "subscribe", after: 2 }]);
    first.event(3).event(4).caughtUp(4);
    await settle();
    first.end();
    await vi.advanceTimersByTimeAsync(300);
    const second = (await sockets.next()).accept();
    expect(second.sent).toEqual([{ type: "subscribe", after: 4 }]);
    second.event(4).event(5).event(5).caughtUp(5);
    await settle();
    expect(seqs()).toEqual([3, 4, 5]);
    expect(states()).toEqual(["connecting", "open", "lost", "connecting", "open"]);
    expect(got.filter((item) => item.kind === "caught_up")).toEqual([
      { kind: "caught_up", head: 4 },
      { kind: "caught_up", head: 5 },
    ]);
    stop.abort();
    await end;
    expect(second.readyState).toBe(3);
  });

  test("waits longer each time, up to ten seconds", async () => {
    const { got } = reading(open().live());
    for (let attempt = 0; attempt < 9; attempt += 1) {
      (await sockets.next()).end();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    const waits = got.flatMap((item) => (item.kind === "connection" ? (item.retryInMs ?? []) : []));
    expect(waits[0]).toBe(250);
    for (const [at, wait] of waits.entries()) {
      const most = Math.min(10_000, 250 * 2 ** at);
      expect(wait).toBeGreaterThanOrEqual(Math.min(most, Math.max(250, most / 2)));
      expect(wait).toBeLessThanOrEqual(most);
    }
    expect(waits.at(-1)).toBeGreaterThanOrEqual(5_000);
  });

  test("is mended at once when the page is shown again or the network is back", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    const scope = new EventTarget();
    vi.stubGlobal("document", page);
    vi.stubGlobal("addEventListener", scope.addEventListener.bind(scope));
    vi.stubGlobal("removeEventListener", scope.removeEventListener.bind(scope));
    reading(open().live());
    for (const wake of [
      () => scope.dispatchEvent(new Event("online")),
      () => page.dispatchEvent(new Event("visibilitychange")),
    ]) {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        (await sockets.next()).end();
        await vi.advanceTimersByTimeAsync(10_000);
      }
      (await sockets.next()).end();
      await settle();
      const before = sockets.all.length;
      wake();
      await settle();
      expect(sockets.all.length).toBe(before + 1);
    }
    // A connection that stands is asked whether it still does.
    const standing = (await sockets.next()).accept();
    await settle();
    page.dispatchEvent(new Event("visibilitychange"));
    expect(standing.sent.at(-1)).toEqual({ type: "ping" });
  });
});

describe("a connection that cannot be trusted", () => {
  test("a gap is asked for again, and nothing behind it is handed out before", async () => {
    const { seqs } = reading(open().live());
    const socket = (await sockets.next()).accept();
    socket.event(1).event(3).event(4);
    await settle();
    expect(seqs()).toEqual([1]);
    expect(socket.sent).toEqual([
      { type: "subscribe", after: 0 },
      { type: "subscribe", after: 1 },
    ]);
    socket.event(2).event(3).event(4).event(5).caughtUp(5);
    await settle();
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
    expect(sockets.all).toHaveLength(1);
  });

  test("a gap that stays ends the connection", async () => {
    const { seqs } = reading(open().live());
    const socket = (await sockets.next()).accept();
    socket.event(1).event(3).caughtUp(3);
    await vi.advanceTimersByTimeAsync(300);
    const next = (await sockets.next()).accept();
    next.event(2).event(3).caughtUp(3);
    await settle();
    expect(seqs()).toEqual([1, 2, 3]);
    expect(socket.readyState).toBe(3);
  });

  test("a handshake that hangs is given up after ten seconds", async () => {
    const { states } = reading(open().live());
    const socket = await sockets.next();
    socket.readyState = 1;
    socket.dispatchEvent(new Event("open"));
    await vi.advanceTimersByTimeAsync(10_300);
    expect(socket.readyState).toBe(3);
    expect(states()).toEqual(["connecting", "lost", "connecting"]);
  });

  test("silence is looked into, and ends the connection when nothing answers", async () => {
    const { states } = reading(open().live());
    const socket = (await sockets.next()).accept();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(socket.sent.at(-1)).toEqual({ type: "ping" });
    socket.frame({ type: "pong" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(socket.readyState).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(socket.readyState).toBe(3);
    expect(states()).toContain("lost");
  });

  test("a reader that does not read loses nothing and holds no more than a bounded number of frames", async () => {
    const stream = open().live();
    await stream.next();
    const opened = stream.next();
    const first = (await sockets.next()).accept();
    await opened;
    for (let seq = 1; seq <= 10_500; seq += 1) first.event(seq);
    expect(first.readyState).toBe(3);
    const { seqs } = reading(stream);
    await vi.advanceTimersByTimeAsync(300);
    const second = (await sockets.next()).accept();
    expect(second.sent).toEqual([{ type: "subscribe", after: 10_000 }]);
    second.event(10_001);
    await settle();
    expect(seqs()).toEqual(Array.from({ length: 10_001 }, (_, at) => at + 1));
  });

  test("frames that are none are passed over", async () => {
    const { got } = reading(open().live());
    const socket = (await sockets.next()).accept();
    socket.dispatchEvent(new MessageEvent("message", { data: "{" }));
    socket.dispatchEvent(new MessageEvent("message", { data: new ArrayBuffer(3) }));
    socket
      .frame([1])
      .frame({ type: "event", event: { seq: "1" } })
      .frame({ type: "delta" })
      .frame({ type: "news" });
    socket.frame({ type: "presence", people: [{ user_id: "usr_1", name: "Ada" }, { odd: 1 }] });
    await settle();
    expect(got.slice(2)).toEqual([{ kind: "presence", people: [{ user_id: "usr_1", name: "Ada" }] }]);
  });
});

describe("an end", () => {
  test.each([
    [401, "unauthenticated"],
    [404, "not_found"],
    [410, "cursor_expired"],
  ])("%i is thrown, typed", async (status, code) => {
    answers = [() => problem(status, code)];
    const { end } = reading(open().live({ after: 7 }));
    (await sockets.next()).end();
    await expect(end).rejects.toMatchObject({ name: "CoordinatorError", status, code });
    expect(asked).toEqual(["GET /v1/sessions/ses_1/events?after=7&limit=1"]);
  });

  test("a server that fails is waited for", async () => {
    answers = [() => problem(503, "unavailable")];
    const { states } = reading(open().live());
    (await sockets.next()).end();
    await vi.advanceTimersByTimeAsync(300);
    expect(states()).toEqual(["connecting", "lost", "connecting"]);
  });

  test("of a deleted session is no error", async () => {
    answers = [() => problem(404, "not_found")];
    const { seqs, end } = reading(open().live());
    (await sockets.next()).accept().event(1, "session.deleted").end();
    await vi.advanceTimersByTimeAsync(300);
    await end;
    expect(seqs()).toEqual([1]);
  });

  test("a signal ends it quietly, whatever it waits for", async () => {
    const stop = new AbortController();
    const waiting = reading(open().live({ signal: stop.signal }));
    await sockets.next();
    stop.abort();
    await waiting.end;
    const done = new AbortController();
    done.abort();
    await reading(open().live({ signal: done.signal })).end;
    expect(sockets.all).toHaveLength(1);
  });

  test("leaving the loop closes the socket", async () => {
    const left = (async () => {
      for await (const event of open().events()) return event.seq;
    })();
    const socket = (await sockets.next()).accept().event(1);
    expect(await left).toBe(1);
    expect(socket.readyState).toBe(3);
  });
});

describe("a key", () => {
  test("gets a one-use ticket for each socket and is in no address", async () => {
    answers = [() => json({ ticket: "tkt/1", scope: "ses_1", expires_at: "" }, 201)];
    reading(open("ack_secret").live());
    const socket = (await sockets.next()).accept();
    expect(socket.url).toBe("ws://server/v1/sessions/ses_1/ws?ticket=tkt%2F1");
    expect(asked).toEqual(["POST /v1/tickets"]);
    await settle();
    socket.end();
    await vi.advanceTimersByTimeAsync(300);
    await sockets.next();
    expect(asked.filter((one) => one === "POST /v1/tickets")).toHaveLength(2);
  });

  test("that is refused ends the stream", async () => {
    answers = [() => problem(401, "unauthenticated")];
    const failed = await reading(open("ack_secret").live()).end.catch((error: CoordinatorError) => error);
    expect(failed).toMatchObject({ status: 401, code: "unauthenticated", requestId: "req_1" });
  });
});
