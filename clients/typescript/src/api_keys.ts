/** API keys of the organisation: one's own, those of service accounts, and for admins those of everybody. */
import type {
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyInfo,
  ApiKeyPatch,
  ApiKeyRotate,
  Page,
  PageQuery,
} from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class ApiKeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Revoked and outdated ones too; never their texts. */
  async list(query: PageQuery = {}): Promise<Page<ApiKeyInfo>> {
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/api-keys", { params: { query } })));
  }

  /** `key` is shown this one time; null in an answer that is repeated. Without `scopes` it may do what its user may. */
  async create(body: ApiKeyCreate, call?: CallOptions): Promise<ApiKeyCreated> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(
      api.POST("/v1/api-keys", { body, headers: headers(call), signal: call?.signal }),
    );
  }

  /** What is absent stays; so do the text, the user and the expiry. Scopes become fewer, or any that the caller has. */
  async update(id: string, body: ApiKeyPatch, call?: CallOptions): Promise<ApiKeyInfo> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.PATCH("/v1/api-keys/{id}", init));
  }

  /**
   * A key in the place of another, which goes on working for `overlap_s` seconds (a day when absent): both work until
   * whatever uses the old one has the new one. `key` is shown this one time. A key can be replaced once.
   */
  async rotate(id: string, body: ApiKeyRotate = {}, call?: CallOptions): Promise<ApiKeyCreated> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.POST("/v1/api-keys/{id}/rotate", init));
  }

  /** From now on it opens nothing. Revoking it again is fine. */
  async revoke(id: string, call?: CallOptions): Promise<void> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, headers: headers(call), signal: call?.signal };
    await this.#transport.ask(api.DELETE("/v1/api-keys/{id}", init));
  }
}
