/** Prompts: queued, run, ended. */
import type { Draft } from "./draft.ts";
import * as read from "./read.ts";
import type { Steps } from "./step.ts";
import type { Entry, SessionEvent, Turn } from "./types.ts";

export const prompts: Steps = {
  "prompt.queued": (draft, event, data) => {
    const promptId = event.prompt_id;
    const author = read.author(data.author);
    const text = read.text(data.text);
    if (promptId === null || promptId === undefined || author === null || text === null) return false;
    if (draft.peek(promptId) !== undefined) return true;
    draft.addTurn({
      promptId,
      text,
      author,
      model: read.text(data.model),
      attachments: read.list(data.attachments, read.attachment),
      status: "queued",
      queuedAt: event.at,
      startedAt: null,
      endedAt: null,
      tokens: null,
      costMicroUsd: null,
      durationMs: null,
      error: null,
      cause: null,
      cancelledBy: null,
      entries: [],
    });
    const queue = draft.list("queue");
    // Steering prompts go before others that wait.
    queue.splice(read.number(data.position) ?? queue.length, 0, promptId);
    return true;
  },
  "prompt.started": (draft, event, data) => {
    const turn = draft.turn(event.prompt_id);
    if (turn === undefined) return false;
    // Whatever the turn before it still had to say has been said by now.
    settleLast(draft, turn);
    turn.status = "running";
    turn.startedAt = event.at;
    turn.model = read.text(data.model) ?? turn.model;
    leaveQueue(draft, turn.promptId);
    draft.replace("runningPromptId", turn.promptId);
    return true;
  },
  "prompt.completed": (draft, event, data) => {
    const turn = end(draft, event, "completed");
    if (turn === undefined) return false;
    spend(turn, data);
    settle(draft, turn.promptId);
    return true;
  },
  "prompt.failed": (draft, event, data) => {
    const turn = end(draft, event, "failed");
    if (turn === undefined) return false;
    spend(turn, data);
    turn.error = read.turnError(data.error);
    settle(draft, turn.promptId);
    return true;
  },
  "prompt.cancelled": (draft, event, data) => {
    // The agent is still being stopped: what it wrote so far is committed a moment later.
    const turn = end(draft, event, "cancelled");
    if (turn === undefined) return false;
    turn.cause = read.text(data.cause);
    turn.cancelledBy = read.author(data.by);
    return true;
  },
};

function end(
  draft: Draft,
  event: SessionEvent,
  status: "completed" | "failed" | "cancelled",
): Turn | undefined {
  const turn = draft.turn(event.prompt_id);
  if (turn === undefined) return undefined;
  turn.status = status;
  turn.endedAt = event.at;
  leaveQueue(draft, turn.promptId);
  if (draft.view.runningPromptId === turn.promptId) {
    draft.replace("runningPromptId", null);
    draft.replace("pending", { permissions: [], questions: [] });
  }
  draft.rewrite(turn.promptId, stopped);
  return turn;
}

/** Nobody waits for anything in a turn that is over. */
function stopped(entry: Entry): Entry {
  if (entry.kind === "tool" && entry.status === "running") return { ...entry, status: "stopped" };
  if ((entry.kind === "permission" || entry.kind === "question") && !entry.resolved) {
    return { ...entry, resolved: true, cause: entry.cause ?? "turn_ended" };
  }
  return entry;
}

function spend(turn: Turn, data: read.Data): void {
  turn.tokens = read.tokens(data.tokens);
  turn.costMicroUsd = read.number(data.cost_micro_usd);
  turn.durationMs = read.number(data.duration_ms);
}

/** Everything worth keeping has been committed: what is still in the making was given up by the agent. */
function settle(draft: Draft, promptId: string | undefined): void {
  if (promptId === undefined) return;
  draft.rewrite(promptId, (entry) => ("committed" in entry && !entry.committed ? null : entry));
}

/** The turn that ran last; that need not be the one queued last. */
function settleLast(draft: Draft, before: Turn): void {
  const ran = draft.view.turns.filter((turn) => turn !== before && turn.startedAt !== null);
  const last = ran
    .map((turn) => turn.endedAt ?? "")
    .sort()
    .at(-1);
  for (const turn of ran) if (turn.endedAt === last) settle(draft, turn.promptId);
}

function leaveQueue(draft: Draft, promptId: string): void {
  const at = draft.view.queue.indexOf(promptId);
  if (at >= 0) draft.list("queue").splice(at, 1);
}
