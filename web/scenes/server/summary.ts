/** What lists and single answers say of a session, read off its log. Only as much as the app asks for. */
import type { SessionEvent } from "@agent-coordinator/client";
import type { SceneSession } from "../scene.ts";

type Data = Record<string, unknown>;

interface Prompt extends Data {
  id: string;
  status: string;
}

export interface Summary {
  session: Data;
  row: Data;
  prompts: Prompt[];
}

const NEVER = { cause: "never_started", message: "No prompt has been sent yet.", actor: "user" };

export function summary(session: SceneSession): Summary {
  const first = session.events[0];
  const created = (first?.data ?? {}) as Data;
  let title: unknown = created.title ?? null;
  let status = "idle";
  let why: Data = NEVER;
  let cost: number | null = 0;
  let sandbox: Data | null = null;
  const tokens = { input: 0, output: 0, cached: 0, reasoning: 0 };
  const prompts = new Map<string, Prompt>();
  const permissions = new Set<unknown>();
  const questions = new Set<unknown>();
  for (const event of session.events) {
    const { type, data } = event;
    if (type === "session.status_changed") {
      status = String(data.status);
      why = data.why as Data;
    } else if (type === "session.renamed") title = data.title;
    else if (type === "session.archived") status = "archived";
    else if (type === "permission.requested") permissions.add(data.permission_id);
    else if (type === "permission.resolved") permissions.delete(data.permission_id);
    else if (type === "question.asked") questions.add(data.question_id);
    else if (type === "question.answered") questions.delete(data.question_id);
    else if (type === "sandbox.requested")
      sandbox = { id: data.sandbox_id, generation: data.generation, phase: "starting" };
    else if (type === "sandbox.connected" && sandbox)
      Object.assign(sandbox, { phase: "ready", isolation: data.isolation });
    else if (type === "sandbox.stopped" || type === "sandbox.lost") sandbox = null;
    else if (type.startsWith("prompt.")) prompt(prompts, event);
    if (type === "prompt.completed" || type === "prompt.failed") {
      const spent = data.tokens as typeof tokens;
      for (const kind of ["input", "output", "cached", "reasoning"] as const) tokens[kind] += spent[kind];
      const price = data.cost_micro_usd;
      cost = cost === null || typeof price !== "number" ? null : cost + price;
      permissions.clear();
      questions.clear();
    }
  }
  const all = [...prompts.values()];
  const common = {
    id: session.id,
    title,
    status,
    agent: created.agent,
    model: created.model,
    ...(created.repository ? { repository: created.repository } : {}),
    created_by: created.created_by,
    created_at: first?.at,
    updated_at: session.events.at(-1)?.at,
    tokens,
    cost_micro_usd: cost,
  };
  return {
    prompts: all,
    row: {
      ...common,
      why: { cause: why.cause, message: why.message },
      pending: { permissions: permissions.size, questions: questions.size },
      queued: all.filter((each) => each.status === "queued").length,
    },
    session: {
      ...common,
      why,
      head: session.events.length,
      pending: { permissions: [...permissions], questions: [...questions] },
      permissions: created.permissions,
      queue: all.filter((each) => each.status === "queued").map((each) => each.id),
      running_prompt_id: all.find((each) => each.status === "running")?.id ?? null,
      sandbox,
      setup: [],
    },
  };
}

function prompt(prompts: Map<string, Prompt>, event: SessionEvent): void {
  const key = event.prompt_id ?? "";
  if (event.type === "prompt.queued") {
    const { text, author, attachments, model } = event.data;
    prompts.set(key, {
      id: key,
      seq: event.seq,
      status: "queued",
      text,
      author,
      attachments: attachments ?? [],
      model: model ?? null,
      queued_at: event.at,
    });
    return;
  }
  const known = prompts.get(key);
  if (!known) return;
  if (event.type === "prompt.started") Object.assign(known, { status: "running", started_at: event.at });
  else
    Object.assign(known, { status: event.type.slice("prompt.".length), ended_at: event.at, ...event.data });
}
