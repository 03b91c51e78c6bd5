/** Variables for sandboxes: values go in and never come out again. */
import type { Page, PageQuery, SecretCreate, SecretInfo, SecretPatch } from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export interface SecretQuery extends PageQuery {
  /** Those of this environment alone. */
  environment_id?: string;
}

export class Secrets {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(query: SecretQuery = {}): Promise<Page<SecretInfo>> {
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/secrets", { params: { query } })));
  }

  async get(id: string, call?: CallOptions): Promise<SecretInfo> {
    const init = { params: { path: { id } }, signal: call?.signal };
    return this.#transport.ask(this.#transport.api.GET("/v1/secrets/{id}", init));
  }

  /** `value` has 6 to 16,384 bytes. */
  async create(body: SecretCreate, call?: CallOptions): Promise<SecretInfo> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(
      api.POST("/v1/secrets", { body, headers: headers(call), signal: call?.signal }),
    );
  }

  /** What is absent stays. Sandboxes that run keep what they were given; the next one gets what is new. */
  async update(id: string, body: SecretPatch, call?: CallOptions): Promise<SecretInfo> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.PATCH("/v1/secrets/{id}", init));
  }

  async delete(id: string, call?: CallOptions): Promise<void> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, headers: headers(call), signal: call?.signal };
    await this.#transport.ask(api.DELETE("/v1/secrets/{id}", init));
  }
}
