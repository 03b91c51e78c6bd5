/**
 * Requests: credentials, idempotency keys, retries and typed errors, in one place for every endpoint.
 *
 * What changes something carries an idempotency key, so the server does it once however often it is sent; that is
 * what makes a retry after a lost answer safe.
 */
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./api/schema.ts";
import { CoordinatorError, isTransient, NetworkError, problemOf } from "./error.ts";
import { type CoordinatorOptions, type Surroundings, settle } from "./options.ts";
import { backoff, pause } from "./pause.ts";
import { randomKey } from "./random.ts";

/** What the caller may say about one call. */
export interface CallOptions {
  signal?: AbortSignal;
  /** The same key again is the same request; a new one by default. */
  idempotencyKey?: string;
}

/** How often a request is sent at most. */
const TRIES = 4;
/** A server that asks for more patience than this is told to the caller instead. */
const PATIENCE_MS = 10_000;

/** Node forgets a request's signal together with the request: as long as the answer is read, both are kept. */
const requests = new WeakMap<Response, Request>();

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

export class Transport {
  readonly around: Surroundings;
  readonly api: Client<paths>;
  readonly #options: CoordinatorOptions;
  #csrf: string | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.around = settle(options);
    this.api = createClient<paths>({
      baseUrl: this.around.server,
      fetch: (request) => this.#send(request, TRIES),
    });
  }

  /** For requests that must not be sent twice: a one-use token may be spent although the answer was lost. */
  readonly once = (request: Request): Promise<Response> => this.#send(request, 1);

  /** The organisation that was asked for, where the credential gives a choice. */
  get org(): string | undefined {
    const { org } = this.#options;
    return typeof org === "function" ? org() : org;
  }

  /** Remembers the token that a sign-in brought, unless the options give another way to know it. */
  rememberCsrf(token: string | null | undefined): void {
    this.#csrf = token ?? undefined;
  }

  /** The data of an answer, or its typed error. */
  async ask<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
    const { data, error, response } = await answer.catch((failure: unknown) => {
      throw asError(failure);
    });
    if (!response.ok) throw problemOf(response, error);
    return data as Data;
  }

  /** A request outside the description's JSON: streams and bytes. Throws what is no success. */
  async raw(path: string, init: RequestInit & { tries?: number } = {}): Promise<Response> {
    const { tries = TRIES, ...rest } = init;
    const response = await this.#send(new Request(this.around.server + path, rest), tries);
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => undefined);
    throw problemOf(response, body);
  }

  /** Headers of one call. */
  headers(call: CallOptions | undefined): Record<string, string> {
    return call?.idempotencyKey === undefined ? {} : { "Idempotency-Key": call.idempotencyKey };
  }

  async #send(request: Request, tries: number): Promise<Response> {
    this.#dress(request);
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= tries;
      // The body can be read once: all but the last attempt send a copy.
      const sent = last ? request : request.clone();
      const outcome = await this.around.fetch(sent).catch((failure: unknown) => asError(failure));
      const waitMs = last ? undefined : wait(outcome, attempt);
      if (waitMs === undefined || sent.signal.aborted) {
        if (outcome instanceof Response) {
          requests.set(outcome, sent);
          return outcome;
        }
        throw outcome;
      }
      if (outcome instanceof Response) await outcome.body?.cancel();
      await pause(waitMs, request.signal);
    }
  }

  #dress(request: Request): void {
    const { headers } = request;
    if (this.around.apiKey !== undefined) headers.set("Authorization", `Bearer ${this.around.apiKey}`);
    const { org } = this;
    if (org !== undefined) headers.set("Coordinator-Org", org);
    if (request.method === "GET" || request.method === "HEAD") return;
    if (!headers.has("Idempotency-Key")) headers.set("Idempotency-Key", randomKey());
    const csrf = this.#options.csrfToken?.() ?? this.#csrf;
    if (csrf !== undefined && this.around.apiKey === undefined) headers.set("Coordinator-CSRF", csrf);
  }
}

/** How long to wait before it is tried again; undefined when that would not help. */
function wait(outcome: Response | Error, attempt: number): number | undefined {
  if (!(outcome instanceof Response)) return isTransient(outcome) ? backoff(attempt - 1) : undefined;
  if (![429, 502, 503, 504].includes(outcome.status)) return undefined;
  const asked = problemOf(outcome, undefined).retryAfterMs ?? 0;
  return asked > PATIENCE_MS ? undefined : Math.max(asked, backoff(attempt - 1));
}

function asError(failure: unknown): Error {
  if (failure instanceof CoordinatorError || failure instanceof NetworkError) return failure;
  if (failure instanceof Error && failure.name === "AbortError") return failure;
  if (failure instanceof SyntaxError)
    return new NetworkError("The answer is not the server's: it is no JSON.", failure);
  return new NetworkError("The server could not be reached.", failure);
}
