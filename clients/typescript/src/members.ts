/** Who belongs to an organisation, with which role. */
import type { MemberInfo, Page, PageQuery, Role } from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class Members {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The newest account first. */
  async list(org: string, query: PageQuery = {}): Promise<Page<MemberInfo>> {
    const params = { path: { id: org }, query };
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/orgs/{id}/members", { params })));
  }

  /**
   * At most one's own role; only owners touch owners. Where the member may do less afterwards, their API keys of this
   * organisation are revoked in the same moment. An organisation keeps an owner: `last_owner` (409).
   */
  async setRole(org: string, user: string, role: Role, call?: CallOptions): Promise<MemberInfo> {
    const { api, headers } = this.#transport;
    const params = { path: { id: org, user_id: user } };
    const init = { params, body: { role }, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.PATCH("/v1/orgs/{id}/members/{user_id}", init));
  }

  /** Their API keys of this organisation are revoked with it; their sessions stay. */
  async remove(org: string, user: string, call?: CallOptions): Promise<void> {
    const { api, headers } = this.#transport;
    const params = { path: { id: org, user_id: user } };
    const init = { params, headers: headers(call), signal: call?.signal };
    await this.#transport.ask(api.DELETE("/v1/orgs/{id}/members/{user_id}", init));
  }
}
