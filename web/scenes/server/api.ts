/** The fake `/v1`: answers what the app asks, and writes into the log what a person does. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Scene, SceneSession } from "../scene.ts";
import { type Answer, accountAnswer } from "./account.ts";
import { AGENTS, ENVIRONMENTS, KEYS, ME, MODELS, PROVIDERS } from "./house.ts";
import { id } from "./ids.ts";
import { summary } from "./summary.ts";
import { tenantAnswer } from "./tenant.ts";

export interface Around {
  scene: Scene;
  /** Adds to a session's log and tells whoever looks. */
  event(session: SceneSession, type: string, data: Record<string, unknown>, promptId?: string): void;
}

const list = (items: unknown[]) => ({ items, next_cursor: null });
let prompts = 100_000;

export async function answer(
  around: Around,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { scene } = around;
  const method = request.method ?? "GET";
  const path = url.pathname.slice("/v1".length);
  const body = method === "GET" ? {} : await json(request);
  const send = async (value: unknown, status = 200): Promise<void> => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(value));
  };
  const account = accountAnswer(scene, method, path, body);
  if (account) return reply(response, account);
  if (scene.signedIn === false)
    return problem(response, 401, "unauthenticated", "Not signed in", "Sign in first.");
  if (path === "/me") return send(scene.me ?? ME);
  const tenant = tenantAnswer(scene, method, path, body, url);
  if (tenant) return reply(response, tenant);
  if (path === "/models") return send(scene.models ?? MODELS);
  if (path === "/agents") return send(list(scene.agents ?? AGENTS));
  if (path === "/environments/detect") return send((await import("../stories/story.ts")).PLAN);
  if (path === "/model-providers/test" || /^\/model-providers\/[^/]+\/test$/.test(path)) {
    return send({
      ok: true,
      message: "The provider takes the key.",
      models: ["claude-sonnet-4-5", "claude-opus-4-5"],
      duration_ms: 310,
      upstream_status: 200,
    });
  }
  if (path === "/model-providers") return send(list(scene.providers ?? PROVIDERS));
  if (path === "/api-keys" && method === "POST")
    return send({ ...KEYS[0], name: body.name, key: `ack_${"0123456789abcdefghijklmnop".repeat(2)}` }, 201);
  if (path === "/api-keys") return send(list(scene.keys ?? KEYS));
  if (path === "/environments") return send(list(scene.environments ?? ENVIRONMENTS));
  if (path === "/runs") return send(list([]));
  if (path === "/sessions" && method === "GET") return send(page(scene, url));
  const [, sessionId = "", rest = ""] = /^\/sessions\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const session = scene.sessions.find((each) => each.id === sessionId);
  if (!session) return problem(response, 404, "not_found", "Not found", "There is no such thing here.");
  return ofSession(around, session, { method, rest, url, body, response, send });
}

interface Call {
  method: string;
  rest: string;
  url: URL;
  body: Record<string, unknown>;
  response: ServerResponse;
  send: (value: unknown, status?: number) => Promise<void>;
}

async function ofSession(around: Around, session: SceneSession, call: Call): Promise<void> {
  const { method, rest, url, body, response, send } = call;
  const by = { user_id: id("usr", 1), name: "ada@acme.dev" };
  const state = () => summary(session);
  if (rest === "" && method === "PATCH") around.event(session, "session.renamed", { title: body.title, by });
  if (rest === "") return send(state().session);
  if (rest === "/prompts" && method === "GET") return send(list(state().prompts));
  if (rest === "/events") {
    const after = Number(url.searchParams.get("after") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 500);
    const events = session.events.slice(after, after + limit);
    return send({ events, next_after: events.at(-1)?.seq ?? after, head: session.events.length });
  }
  if (rest === "/diff") {
    response.writeHead(200, { "content-type": "text/x-diff; charset=utf-8" });
    response.end(session.diff ?? "");
    return;
  }
  if (rest === "/files") {
    const path = url.searchParams.get("path") ?? "";
    const file = session.files?.[path];
    if (file === undefined)
      return send(Object.keys(session.files ?? {}).map((name) => ({ kind: "file", name, size_bytes: 1 })));
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.end(file);
    return;
  }
  if (rest === "/archive" && method === "GET") {
    response.writeHead(200, { "content-type": "application/x-tar" });
    response.end(Buffer.alloc(1024));
    return;
  }
  if (rest === "/prompts") {
    prompts += 1;
    const prompt = id("pmt", prompts);
    const position = state().prompts.filter((each) => each.status === "queued").length;
    around.event(
      session,
      "prompt.queued",
      { text: body.text, author: by, position, attachments: [] },
      prompt,
    );
    return send({ id: prompt, position, status: "queued" }, 202);
  }
  const [, kind, name = ""] = /^\/(permissions|questions|prompts)\/([^/]+)$/.exec(rest) ?? [];
  if (kind === "permissions")
    around.event(session, "permission.resolved", { permission_id: name, ...body, by });
  if (kind === "questions") around.event(session, "question.answered", { question_id: name, ...body, by });
  if (kind === "prompts") around.event(session, "prompt.cancelled", { cause: "cancelled", by }, name);
  if (rest === "/archive") around.event(session, "session.archived", { by });
  await send({}, 200);
}

function page(scene: Scene, url: URL): unknown {
  const q = url.searchParams.get("q")?.toLowerCase() ?? "";
  const status = url.searchParams.get("status");
  const archived = url.searchParams.get("include_archived") === "true" || status === "archived";
  const limit = Number(url.searchParams.get("limit") ?? 50);
  const at = Number(url.searchParams.get("cursor") ?? 0);
  const rows = scene.sessions
    .map((session) => summary(session).row)
    .filter((row) => archived || row.status !== "archived")
    .filter((row) => status === null || row.status === status)
    .filter((row) => `${row.title} ${JSON.stringify(row.repository)}`.toLowerCase().includes(q))
    .sort((a, b) => String(b.updated_at).localeCompare(String(a.updated_at)));
  const next = at + limit < rows.length ? String(at + limit) : null;
  return { items: rows.slice(at, at + limit), next_cursor: next };
}

function reply(response: ServerResponse, answer: Answer): void {
  if ("slug" in answer) {
    if (answer.retryAfter) response.setHeader("retry-after", String(answer.retryAfter));
    problem(response, answer.status, answer.slug, answer.title, answer.detail);
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(answer.status === 204 ? undefined : JSON.stringify(answer.body));
}

export function problem(
  response: ServerResponse,
  status: number,
  slug: string,
  title: string,
  detail: string,
): void {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ type: `/problems/${slug}`, title, status, detail, request_id: "req_scene" }));
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
