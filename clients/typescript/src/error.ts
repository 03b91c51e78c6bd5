/** What goes wrong, typed: the server said no, or it could not be reached. */

/** The members of a problem document that are carried on. */
export interface ProblemWords {
  status: number;
  code: string;
  title: string;
  detail: string;
  field?: string | undefined;
  limit?: number | undefined;
  requestId?: string | null | undefined;
  retryAfterMs?: number | undefined;
}

/** The server refused, or failed, and said so in a problem document. */
export class CoordinatorError extends Error {
  override readonly name: string = "CoordinatorError";
  readonly status: number;
  /** Stable word, for example `not_found` or `queue_full`; each has a page in the server's documentation. */
  readonly code: string;
  /** The same for every occurrence of the code. */
  readonly title: string;
  /** What went wrong this time, and what to do about it. */
  readonly detail: string;
  /** The offending field, where there is one. */
  readonly field: string | undefined;
  /** The limit that was passed, where one was. */
  readonly limit: number | undefined;
  /** Names the request in the server's log; null when nothing was sent. */
  readonly requestId: string | null;
  readonly retryAfterMs: number | undefined;

  constructor(words: ProblemWords) {
    super(words.detail || words.title);
    this.status = words.status;
    this.code = words.code;
    this.title = words.title;
    this.detail = words.detail;
    this.field = words.field;
    this.limit = words.limit;
    this.requestId = words.requestId ?? null;
    this.retryAfterMs = words.retryAfterMs;
  }
}

/** No answer came: the server is down, the network is gone, or the answer was none of ours. */
export class NetworkError extends Error {
  override readonly name: string = "NetworkError";

  constructor(what: string, cause: unknown) {
    super(what, { cause });
  }
}

/** Whether the same request may succeed a little later without anybody doing anything. */
export function isTransient(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  if (!(error instanceof CoordinatorError)) return false;
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

/** The typed error of a response that is no success. */
export function problemOf(response: Response, body: unknown): CoordinatorError {
  const problem = isRecord(body) ? body : {};
  const type = text(problem.type);
  const code = type?.split("/").pop() || `http_${response.status}`;
  const title = text(problem.title) ?? response.statusText;
  const limit = problem.limit;
  return new CoordinatorError({
    status: response.status,
    code,
    title,
    detail: text(problem.detail) ?? (title || `The server answered with status ${response.status}.`),
    field: text(problem.field),
    limit: typeof limit === "number" ? limit : undefined,
    requestId: text(problem.request_id) ?? response.headers.get("coordinator-request-id"),
    retryAfterMs: retryAfter(response.headers.get("retry-after")),
  });
}

function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
