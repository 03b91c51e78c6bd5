/** What went wrong, in words for a person, with what to do next. */
import { CoordinatorError, NetworkError } from "@agent-coordinator/client";
import { plain } from "./plain.ts";

export interface Explanation {
  title: string;
  detail: string | null;
  next: string | null;
  requestId: string | null;
}

const NEXT: Record<string, string> = {
  agent_unavailable: "Choose another agent.",
  already_answered: "Someone was faster; nothing is left to do.",
  conflict: "Look at the newest state and try again.",
  csrf_failed: "Reload the page.",
  forbidden: "Ask an owner or admin of the organisation.",
  internal: "Try again. If it stays, give the operator the request's id.",
  last_owner: "Make somebody else an owner first.",
  link_expired: "Sign in with your password, or ask for a new link: coordinator bootstrap --sign-in-link.",
  model_unavailable: "Choose another model, or add a key in Settings → Model providers.",
  not_found: "It may have been deleted. Go back to your sessions.",
  organisation_closing: "An owner can restore it in Settings → General.",
  organisation_limit: "Delete one that is not needed any more.",
  prompt_not_cancellable: "It has begun already: stop it instead.",
  prompt_too_large: "Make it shorter, or attach the text as a file.",
  queue_full: "Wait until one has been worked on, or cancel one that waits.",
  quota_exceeded: "Delete what is not needed, or ask the operator for more: Settings → Limits and usage.",
  repository_unreachable: "Check the address, and that the server may reach it.",
  session_archived: "Start a new session.",
  storage_full: "Ask the operator to make room on the server.",
  unauthenticated: "Sign in again.",
  unavailable: "Try again in a moment.",
  upstream_failed: "Try again in a moment.",
};

export function explain(error: unknown): Explanation {
  if (error instanceof CoordinatorError) {
    return {
      title: plain(error.title, 200),
      detail: error.detail ? plain(error.detail, 1000) : null,
      next: error.code === "rate_limited" ? waiting(error.retryAfterMs) : (NEXT[error.code] ?? null),
      requestId: error.requestId ?? null,
    };
  }
  if (error instanceof NetworkError) {
    return {
      title: "The server can't be reached",
      detail: null,
      next: "Check that it runs and that you are online, then try again.",
      requestId: null,
    };
  }
  if (error instanceof Error && /module script|dynamically imported|preload CSS/i.test(error.message)) {
    return {
      title: "A part of the page could not be loaded",
      detail: null,
      next: "Reload the page: the server may have been updated, or is away for a moment.",
      requestId: null,
    };
  }
  return {
    title: "Something went wrong in this page",
    detail: error instanceof Error ? plain(error.message, 500) : null,
    next: "Try again. If it stays, reload the page.",
    requestId: null,
  };
}

/** "Try again in 40 s." */
function waiting(ms: number | undefined | null): string {
  if (!ms) return "Wait a little and try again.";
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `Try again in ${seconds} s.` : `Try again in ${Math.ceil(seconds / 60)} min.`;
}
