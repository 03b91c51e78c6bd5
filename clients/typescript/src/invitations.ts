/** Links that make somebody a member, once. */
import type {
  InvitationCreate,
  InvitationCreated,
  InvitationInfo,
  InvitationPreview,
  OrganisationInfo,
  Page,
  PageQuery,
} from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class Invitations {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Open ones, and for 30 days those that are over; never their links. */
  async list(org: string, query: PageQuery = {}): Promise<Page<InvitationInfo>> {
    const params = { path: { id: org }, query };
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/orgs/{id}/invitations", { params })));
  }

  /** `link` is shown this one time; null in an answer that is repeated. */
  async create(org: string, body: InvitationCreate, call?: CallOptions): Promise<InvitationCreated> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id: org } }, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.POST("/v1/orgs/{id}/invitations", init));
  }

  /** From now on the link leads nowhere. */
  async revoke(org: string, invitation: string, call?: CallOptions): Promise<void> {
    const { api, headers } = this.#transport;
    const params = { path: { id: org, invitation_id: invitation } };
    const init = { params, headers: headers(call), signal: call?.signal };
    await this.#transport.ask(api.DELETE("/v1/orgs/{id}/invitations/{invitation_id}", init));
  }

  /** Where a link leads, for whoever has its token: what follows `#token=`. Nobody needs to be signed in. */
  async preview(token: string, call?: CallOptions): Promise<InvitationPreview> {
    const init = { body: { token }, signal: call?.signal };
    return this.#transport.ask(this.#transport.api.POST("/v1/invitations/preview", init));
  }

  /** The person who is signed in becomes a member, and the link works no more. In browsers. */
  async accept(token: string, call?: CallOptions): Promise<OrganisationInfo> {
    const { api, headers } = this.#transport;
    const init = { body: { token }, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.POST("/v1/invitations/accept", init));
  }
}
