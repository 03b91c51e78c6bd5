/** The lives that the server's own machine has written down. */
import { readdirSync, readFileSync } from "node:fs";
import type { SessionEvent, SessionView, Tokens, TurnError, Why } from "../src/index.ts";

export interface Seen {
  head: number;
  status: string;
  why: Why | null;
  title: string | null;
  agent: string;
  model: string;
  permissions: string;
  repository: { url: string; ref?: string | null } | null;
  queue: string[];
  running_prompt_id: string | null;
  pending: { permissions: string[]; questions: string[] };
  tokens: Tokens;
  cost_micro_usd: number | null;
  sandbox: { id: string; generation: number; phase: string | null } | null;
  prompts: SeenPrompt[];
}

interface SeenPrompt {
  id: string;
  status: string;
  text: string;
  model: string | null;
  queued_at: string;
  started_at: string | null;
  ended_at: string | null;
  tokens: Tokens | null;
  cost_micro_usd: number | null;
  error: TurnError | null;
}

export interface Fixture {
  name: string;
  events: SessionEvent[];
  views: Seen[];
}

const folder = new URL("../fixtures/", import.meta.url);

export const fixtures: Fixture[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Fixture);

/** The part of a view that the machine knows, in its words. */
export function asSeen(view: SessionView): Seen {
  const { sandbox } = view;
  return {
    head: view.head,
    status: view.status,
    why: view.why && present(view.why),
    title: view.title,
    agent: view.agent,
    model: view.model,
    permissions: view.permissions,
    repository: view.repository && present(view.repository),
    queue: view.queue,
    running_prompt_id: view.runningPromptId,
    // The machine keeps them by name, the view in the order in which they were asked.
    pending: {
      permissions: [...view.pending.permissions].sort(),
      questions: [...view.pending.questions].sort(),
    },
    tokens: view.tokens,
    cost_micro_usd: view.costMicroUsd,
    sandbox:
      sandbox === null || sandbox.phase === "gone"
        ? null
        : { id: sandbox.id, generation: sandbox.generation, phase: sandbox.phase },
    prompts: view.turns.map((turn) => ({
      id: turn.promptId,
      status: turn.status,
      text: turn.text,
      model: turn.startedAt === null ? null : turn.model,
      queued_at: turn.queuedAt,
      started_at: turn.startedAt,
      ended_at: turn.endedAt,
      tokens: turn.tokens,
      cost_micro_usd: turn.costMicroUsd,
      error: turn.error && present(turn.error),
    })),
  };
}

/** The server leaves out what is null. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null)) as T;
}
