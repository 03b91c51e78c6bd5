/** Users that are programs: they can't sign in, and their keys outlive whoever made them. */
import type {
  Page,
  PageQuery,
  ServiceAccount,
  ServiceAccountCreate,
  ServiceAccountPatch,
} from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class ServiceAccounts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(query: PageQuery = {}): Promise<Page<ServiceAccount>> {
    return page(
      await this.#transport.ask(this.#transport.api.GET("/v1/service-accounts", { params: { query } })),
    );
  }

  /** Its keys are made with `apiKeys.create({ service_account })`. */
  async create(body: ServiceAccountCreate, call?: CallOptions): Promise<ServiceAccount> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(
      api.POST("/v1/service-accounts", { body, headers: headers(call), signal: call?.signal }),
    );
  }

  /** What is absent stays. Its keys may do at once what a new role lets them. */
  async update(id: string, body: ServiceAccountPatch, call?: CallOptions): Promise<ServiceAccount> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.PATCH("/v1/service-accounts/{id}", init));
  }

  /** Revokes its keys at once. What it made stays. */
  async delete(id: string, call?: CallOptions): Promise<void> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, headers: headers(call), signal: call?.signal };
    await this.#transport.ask(api.DELETE("/v1/service-accounts/{id}", init));
  }
}
