/** API keys of the organisation. */
import type { ApiKeyCreated, ApiKeyInfo, Page, PageQuery } from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class ApiKeys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(query: PageQuery = {}): Promise<Page<ApiKeyInfo>> {
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/api-keys", { params: { query } })));
  }

  /** `key` is shown this one time. */
  async create(
    body: { name: string; scopes?: string[]; expires_at?: string },
    call?: CallOptions,
  ): Promise<ApiKeyCreated> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(
      api.POST("/v1/api-keys", { body, headers: headers(call), signal: call?.signal }),
    );
  }

  async revoke(id: string): Promise<void> {
    const params = { path: { id } };
    await this.#transport.ask(this.#transport.api.DELETE("/v1/api-keys/{id}", { params }));
  }
}
