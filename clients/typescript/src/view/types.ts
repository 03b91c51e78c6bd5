/**
 * What a person sees of one session, folded from its public events. The fold is pure: the same events give the
 * same view, in the browser, in a program and on the server, whose own fold writes the fixtures that hold this
 * one to it.
 */

export type SessionStatus =
  | "idle"
  | "queued"
  | "starting"
  | "running"
  | "waiting"
  | "hibernated"
  | "failed"
  | "archived";

export type PromptStatus = "queued" | "running" | "completed" | "failed" | "cancelled";

/** Who did something. */
export interface Author {
  user_id: string;
  api_key_id?: string | null;
  name?: string | null;
}

/** Why a session is as it is, and what happens next by itself. */
export interface Why {
  cause: string;
  message: string;
  actor: string;
  next_step?: string | null;
  deadline?: string | null;
}

export interface Tokens {
  input: number;
  output: number;
  cached: number;
  reasoning: number;
}

export interface TurnError {
  code: string;
  message: string;
  next_step: string;
  detail?: string | null;
}

export interface AttachmentMeta {
  name: string;
  media_type: string;
  size_bytes: number;
}

/** One public event as it travels. `data` has the shape that `type` says. */
export interface SessionEvent<Data = Record<string, unknown>> {
  seq: number;
  type: string;
  at: string;
  prompt_id?: string | null;
  data: Data;
}

/** Text in flight; superseded by the committed event of the same part. */
export interface Delta {
  message_id: string;
  part_id: string;
  kind: "text" | "reasoning" | "tool_output";
  /** Bytes of UTF-8 before this piece. */
  offset: number;
  text: string;
}

/** One thing in a turn, in the order in which it began. `key` never changes while the entry lives. */
export type Entry = TextEntry | ToolEntry | PermissionEntry | QuestionEntry | NoticeEntry;

export interface TextEntry {
  kind: "text" | "reasoning";
  key: string;
  at: string;
  messageId: string;
  partId: string;
  text: string;
  /** False while it is made of deltas. */
  committed: boolean;
}

export interface ToolEntry {
  kind: "tool";
  key: string;
  at: string;
  toolCallId: string;
  tool: string;
  title: string | null;
  input: unknown;
  status: "running" | "completed" | "failed" | "stopped";
  /** Whole output once completed; the tail so far (at most 64 KiB) while running. */
  output: string;
  truncated: boolean;
  exitCode: number | null;
  durationMs: number | null;
  /** Unified diff of an edit. */
  diff: string | null;
}

export interface PermissionEntry {
  kind: "permission";
  key: string;
  at: string;
  permissionId: string;
  tool: string;
  title: string;
  patterns: string[];
  details: unknown;
  /** Null while it waits. */
  reply: "once" | "always" | "reject" | null;
  message: string | null;
  by: Author | null;
  /** Set when no person answered. */
  cause: string | null;
  /** True once it no longer waits, whoever ended it. */
  resolved: boolean;
}

export interface QuestionEntry {
  kind: "question";
  key: string;
  at: string;
  questionId: string;
  questions: Question[];
  /** Null while it waits. */
  answers: string[][] | null;
  rejected: boolean;
  by: Author | null;
  cause: string | null;
  resolved: boolean;
}

export interface Question {
  header: string;
  question: string;
  options: { label: string; description: string }[];
  multiple: boolean;
}

/** Something that happened to the session itself: a sandbox phase, a retry, an error, a push, an unknown event. */
export interface NoticeEntry {
  kind: "notice";
  key: string;
  at: string;
  /** The event's type. */
  type: string;
  level: "info" | "warning" | "error";
  /** One line for a person. */
  text: string;
  event: SessionEvent;
}

/** One prompt and what came of it. */
export interface Turn {
  promptId: string;
  text: string;
  author: Author;
  model: string | null;
  attachments: AttachmentMeta[];
  status: PromptStatus;
  queuedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  tokens: Tokens | null;
  /** Null when unknown or not ended. */
  costMicroUsd: number | null;
  durationMs: number | null;
  error: TurnError | null;
  /** Why it was cancelled. */
  cause: string | null;
  cancelledBy: Author | null;
  entries: Entry[];
}

/** One phase of preparing the sandbox, with its time. */
export interface Phase {
  /** `sandbox`, then `clone`, `checkout`, `setup`, `agent` ... */
  phase: string;
  state: "started" | "running" | "completed" | "failed";
  message: string | null;
  percent: number | null;
  startedAt: string;
  elapsedMs: number | null;
}

export interface PlanItem {
  content: string;
  status: string;
  priority: string | null;
}

export interface EgressRow {
  host: string;
  port: number;
  decision: string;
  reason: string;
  count: number;
  lastAt: string;
}

export interface SandboxView {
  id: string;
  generation: number;
  phase: "starting" | "preparing" | "ready" | "gone";
  provider: string;
  /** As the event tells it; null until it runs. */
  isolation: Record<string, unknown> | null;
  runnerVersion: string | null;
  requestedAt: string;
  connectedAt: string | null;
  /** Why it is gone. */
  cause: string | null;
}

export interface SessionView {
  /** `seq` of the last event folded in; 0 at the start. */
  head: number;
  status: SessionStatus;
  why: Why | null;
  title: string | null;
  agent: string;
  model: string;
  permissions: "allow" | "ask";
  repository: { url: string; ref?: string | null } | null;
  createdBy: Author | null;
  createdAt: string | null;
  updatedAt: string | null;
  /** In the order in which they were queued. */
  turns: Turn[];
  /** Ids of prompts that wait, next one first. */
  queue: string[];
  runningPromptId: string | null;
  pending: { permissions: string[]; questions: string[] };
  /** Of the newest preparation. */
  phases: Phase[];
  sandbox: SandboxView | null;
  agentReady: { agent: string; version: string; resumed: boolean; elapsedMs: number } | null;
  plan: PlanItem[];
  environment: Record<string, unknown> | null;
  egress: EgressRow[];
  /** Paths that `file.changed` or an edit named, newest last, each once. */
  changedFiles: string[];
  tokens: Tokens;
  /** Null once a price is unknown. */
  costMicroUsd: number | null;
  /** What happened outside any turn. */
  notices: NoticeEntry[];
}
