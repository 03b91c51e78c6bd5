/** Sessions of the organisation. */

import type {
  Page,
  PageQuery,
  PermissionMode,
  RepositoryInput,
  Session,
  SessionSummary,
} from "./api/types.ts";
import { type AttachmentInput, checkPrompt, encodeAttachments } from "./attachments.ts";
import { SessionHandle } from "./handle.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { SessionStatus } from "./view/types.ts";

export interface SessionCreate {
  /** One of `coordinator.agents()`, for example `opencode`. */
  agent: string;
  /** `provider/model`. There is no default. */
  model: string;
  repository?: RepositoryInput;
  /** Not together with `setup`. */
  environment_id?: string;
  /** Commands that run after the clone. */
  setup?: string[];
  title?: string;
  /** First prompt; reaches the agent as it is. */
  prompt?: string;
  /** Files for the first prompt. */
  attachments?: readonly AttachmentInput[];
  /** `allow` (the default: the sandbox is the boundary) or `ask`. */
  permissions?: PermissionMode;
}

export interface SessionQuery extends PageQuery {
  /** Occurs in title or repository. */
  q?: string;
  status?: SessionStatus;
  /** Id of the user who made them. */
  created_by?: string;
  include_archived?: boolean;
}

export class Sessions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async create(input: SessionCreate, call?: CallOptions): Promise<SessionHandle> {
    const { attachments, ...rest } = input;
    if (input.prompt !== undefined) checkPrompt(input.prompt);
    const body = attachments?.length ? { ...rest, attachments: await encodeAttachments(attachments) } : rest;
    const { api, headers } = this.#transport;
    const init = { body, headers: headers(call), signal: call?.signal };
    const session = await this.#transport.ask(api.POST("/v1/sessions", init));
    return new SessionHandle(this.#transport, session.id, session);
  }

  async list(query: SessionQuery = {}): Promise<Page<SessionSummary>> {
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/sessions", { params: { query } })));
  }

  async get(id: string, call?: CallOptions): Promise<Session> {
    const init = { params: { path: { id } }, signal: call?.signal };
    return this.#transport.ask(this.#transport.api.GET("/v1/sessions/{id}", init));
  }

  /** A handle without a request: whether the session is there shows with the first call. */
  open(id: string): SessionHandle {
    return new SessionHandle(this.#transport, id);
  }
}
