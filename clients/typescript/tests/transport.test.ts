/** Requests: credentials, idempotency keys, retries, typed errors. */
import { expect, test } from "vitest";
import { Coordinator, CoordinatorError, isTransient, NetworkError } from "../src/index.ts";
import { json, problem } from "./problem.ts";

type Step = (request: Request) => Response | Promise<Response>;

/** A client whose server answers step by step. */
function client(steps: Step[], options: ConstructorParameters<typeof Coordinator>[0] = {}) {
  const sent: { method: string; path: string; headers: Headers; body: string }[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    const { method, headers } = request;
    const url = new URL(request.url);
    sent.push({ method, path: url.pathname + url.search, headers, body: await request.clone().text() });
    const step = steps[Math.min(sent.length, steps.length) - 1];
    if (step === undefined) throw new Error("no step");
    return step(request);
  };
  return {
    coordinator: new Coordinator({ server: "http://server/", apiKey: "ack_1", fetch, ...options }),
    sent,
  };
}

const accepted = () => json({ id: "prm_1", status: "queued", position: 0 }, 202);
const unreachable = () => {
  throw new TypeError("fetch failed");
};

test("what changes something has a key of its own, and the same one when it is sent again", async () => {
  const { coordinator, sent } = client([unreachable, () => problem(503, "unavailable"), accepted]);
  const handle = coordinator.sessions.open("ses_1");
  expect(await handle.prompt("hi", { model: "a/b" })).toMatchObject({ id: "prm_1", position: 0 });
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(3).fill("POST /v1/sessions/ses_1/prompts"),
  );
  const keys = sent.map(({ headers }) => headers.get("Idempotency-Key"));
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(keys).size).toBe(1);
  expect(sent.map(({ body }) => body)).toEqual(Array(3).fill('{"text":"hi","model":"a/b"}'));
  expect(sent[0]?.headers.get("Authorization")).toBe("Bearer ack_1");
  await handle.prompt("hi");
  expect(sent[3]?.headers.get("Idempotency-Key")).not.toBe(keys[0]);
  await handle.prompt("hi", { idempotencyKey: "mine" });
  expect(sent[4]?.headers.get("Idempotency-Key")).toBe("mine");
});

test("a problem is a typed error", async () => {
  const { coordinator, sent } = client([() => problem(409, "queue_full", { limit: 32, field: "text" })]);
  const error = await coordinator.sessions
    .open("ses_1")
    .prompt("hi")
    .catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(CoordinatorError);
  expect(error).toMatchObject({
    status: 409,
    code: "queue_full",
    title: "queue_full",
    detail: "It is queue_full.",
    field: "text",
    limit: 32,
    requestId: "req_1",
    message: "It is queue_full.",
  });
  expect(isTransient(error)).toBe(false);
  expect(sent).toHaveLength(1);
});

test("an answer that is none of the server's is an error too", async () => {
  const html = () =>
    new Response("<h1>Bad gateway</h1>", {
      status: 418,
      statusText: "Teapot",
      headers: { "Coordinator-Request-Id": "req_9" },
    });
  const { coordinator } = client([html]);
  await expect(coordinator.me()).rejects.toMatchObject({
    status: 418,
    code: "http_418",
    detail: "Teapot",
    requestId: "req_9",
  });
  const { coordinator: other } = client([() => new Response("<h1>Sign in to the hotel</h1>")]);
  await expect(other.me()).rejects.toBeInstanceOf(NetworkError);
});

test("no answer after some tries is a network error, which names no key", async () => {
  const { coordinator, sent } = client([unreachable]);
  const error = await coordinator.agents().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(NetworkError);
  expect(isTransient(error)).toBe(true);
  expect(JSON.stringify(error) + String(error)).not.toContain("ack_1");
  expect(sent).toHaveLength(4);
});

test("a server that asks for patience gets it, within reason", async () => {
  const busy = (after: string) => () =>
    new Response(null, { status: 429, headers: { "Retry-After": after } });
  const { coordinator, sent } = client([busy("0"), () => json({ items: [], next_cursor: null })]);
  expect(await coordinator.sessions.list({ q: "a b", limit: 5 })).toEqual({ items: [], next_cursor: null });
  expect(sent[1]?.path).toBe("/v1/sessions?q=a%20b&limit=5");
  const { coordinator: other, sent: once } = client([busy("3600")]);
  await expect(other.sessions.list()).rejects.toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
  expect(once).toHaveLength(1);
});

test("what may be spent by being sent is sent once", async () => {
  const { coordinator, sent } = client([unreachable], { apiKey: undefined });
  await expect(coordinator.auth.redeemLink("token")).rejects.toBeInstanceOf(NetworkError);
  await expect(coordinator.auth.signIn({ email: "a@b", password: "p" })).rejects.toBeInstanceOf(NetworkError);
  expect(sent).toHaveLength(2);
});

test("a cookie session sends back the token that signing in brought", async () => {
  const me = { csrf_token: "csrf_2" };
  const steps = [
    () => json({ me, csrf_token: "csrf_1" }),
    () => new Response(null, { status: 204 }),
    () => json(me),
    () => new Response(null, { status: 204 }),
  ];
  const { coordinator, sent } = client(steps, { apiKey: undefined, org: "org_1" });
  await coordinator.auth.signIn({ email: "a@b", password: "p" });
  await coordinator.apiKeys.revoke("key_1");
  await coordinator.me();
  await coordinator.apiKeys.revoke("key_2");
  const tokens = sent.map(({ headers }) => headers.get("Coordinator-CSRF"));
  expect(tokens).toEqual([null, "csrf_1", null, "csrf_2"]);
  expect(sent.map(({ headers }) => headers.get("Coordinator-Org"))).toEqual(Array(4).fill("org_1"));
  expect(sent[0]?.headers.get("Authorization")).toBeNull();
});

test("a signal ends a request and its waiting", async () => {
  const stop = new AbortController();
  const { coordinator, sent } = client([
    () => {
      stop.abort();
      return unreachable();
    },
  ]);
  await expect(coordinator.me({ signal: stop.signal })).rejects.toThrow();
  expect(sent).toHaveLength(1);
});

test("ids cannot leave their place in the address", async () => {
  const { coordinator, sent } = client([() => new Response("patch")]);
  const handle = coordinator.sessions.open("../x?y#z");
  await handle.diff();
  await handle.file("a b/../c?d");
  expect(sent.map(({ path }) => path)).toEqual([
    "/v1/sessions/..%2Fx%3Fy%23z/diff",
    "/v1/sessions/..%2Fx%3Fy%23z/files?path=a%20b%2F..%2Fc%3Fd",
  ]);
  expect(handle.attachmentUrl("prm_1", 0)).toBe(
    "http://server/v1/sessions/..%2Fx%3Fy%23z/prompts/prm_1/attachments/0",
  );
});
