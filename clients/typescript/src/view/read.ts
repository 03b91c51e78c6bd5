/**
 * Reading an event's data. It may come from a newer runner or a broken agent, so nothing is taken for granted: what
 * has another shape reads as absent.
 */
import type {
  AttachmentMeta,
  Author,
  PlanItem,
  Question,
  SessionStatus,
  Tokens,
  TurnError,
  Why,
} from "./types.ts";

export type Data = Record<string, unknown>;

export function record(value: unknown): Data | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : null;
}

export function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function list<Item>(value: unknown, item: (value: unknown) => Item | null): Item[] {
  if (!Array.isArray(value)) return [];
  return value.map(item).filter((read): read is Item & {} => read !== null);
}

export function author(value: unknown): Author | null {
  const data = record(value);
  const user_id = text(data?.user_id);
  if (data === null || user_id === null) return null;
  return { user_id, api_key_id: text(data.api_key_id), name: text(data.name) };
}

const STATUSES: readonly string[] = [
  "idle",
  "queued",
  "starting",
  "running",
  "waiting",
  "hibernated",
  "failed",
  "archived",
] satisfies SessionStatus[];

export function status(value: unknown): SessionStatus | null {
  return typeof value === "string" && STATUSES.includes(value) ? (value as SessionStatus) : null;
}

export function why(value: unknown): Why | null {
  const data = record(value);
  const cause = text(data?.cause);
  if (data === null || cause === null) return null;
  return {
    cause,
    message: text(data.message) ?? "",
    actor: text(data.actor) ?? "system",
    next_step: text(data.next_step),
    deadline: text(data.deadline),
  };
}

export function tokens(value: unknown): Tokens {
  const data = record(value) ?? {};
  return {
    input: number(data.input) ?? 0,
    output: number(data.output) ?? 0,
    cached: number(data.cached) ?? 0,
    reasoning: number(data.reasoning) ?? 0,
  };
}

export function turnError(value: unknown): TurnError {
  const data = record(value) ?? {};
  return {
    code: text(data.code) ?? "unknown",
    message: text(data.message) ?? "",
    next_step: text(data.next_step) ?? "",
    detail: text(data.detail),
  };
}

export function attachment(value: unknown): AttachmentMeta | null {
  const data = record(value);
  const name = text(data?.name);
  if (data === null || name === null) return null;
  return { name, media_type: text(data.media_type) ?? "", size_bytes: number(data.size_bytes) ?? 0 };
}

export function planItem(value: unknown): PlanItem | null {
  const data = record(value);
  const content = text(data?.content);
  if (data === null || content === null) return null;
  return { content, status: text(data.status) ?? "pending", priority: text(data.priority) };
}

export function question(value: unknown): Question | null {
  const data = record(value);
  if (data === null) return null;
  return {
    header: text(data.header) ?? "",
    question: text(data.question) ?? "",
    options: list(data.options, option),
    multiple: data.multiple === true,
  };
}

function option(value: unknown): Question["options"][number] | null {
  const data = record(value);
  const label = text(data?.label);
  if (data === null || label === null) return null;
  return { label, description: text(data.description) ?? "" };
}

export function answers(value: unknown): string[][] {
  return list(value, (one) => list(one, text));
}

export function repository(value: unknown): { url: string; ref?: string | null } | null {
  const data = record(value);
  const url = text(data?.url);
  if (data === null || url === null) return null;
  return { url, ref: text(data.ref) };
}
