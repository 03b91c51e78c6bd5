/** Organisations: each a tenant of its own, with members, invitations, keys and sessions that nobody else can see. */
import type { OrganisationCreate, OrganisationInfo, Page, PageQuery } from "./api/types.ts";
import { Invitations } from "./invitations.ts";
import { Members } from "./members.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class Orgs {
  readonly members: Members;
  readonly invitations: Invitations;
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.members = new Members(transport);
    this.invitations = new Invitations(transport);
  }

  /** Those of the caller; an API key sees its own alone. */
  async list(query: PageQuery = {}): Promise<Page<OrganisationInfo>> {
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/orgs", { params: { query } })));
  }

  /** `deletion` says until when it can be restored, where it is going to be deleted. */
  async get(id: string, call?: CallOptions): Promise<OrganisationInfo> {
    return this.#transport.ask(this.#transport.api.GET("/v1/orgs/{id}", this.#at(id, call)));
  }

  /** The person who is signed in owns it. In browsers: an API key is tied to one organisation. */
  async create(body: OrganisationCreate, call?: CallOptions): Promise<OrganisationInfo> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(api.POST("/v1/orgs", { body, headers: headers(call), signal: call?.signal }));
  }

  /** The slug stays. */
  async rename(id: string, name: string, call?: CallOptions): Promise<OrganisationInfo> {
    const init = { ...this.#at(id, call), body: { name } };
    return this.#transport.ask(this.#transport.api.PATCH("/v1/orgs/{id}", init));
  }

  /** Nothing new begins in it from now on; it is erased when the time of grace is over. */
  async delete(id: string, call?: CallOptions): Promise<OrganisationInfo> {
    return this.#transport.ask(this.#transport.api.DELETE("/v1/orgs/{id}", this.#at(id, call)));
  }

  /** Takes the deletion back, while the time of grace lasts. */
  async restore(id: string, call?: CallOptions): Promise<OrganisationInfo> {
    return this.#transport.ask(this.#transport.api.POST("/v1/orgs/{id}/restore", this.#at(id, call)));
  }

  /** One's own API keys of it are revoked with it. The only owner can't: `last_owner` (409). In browsers. */
  async leave(id: string, call?: CallOptions): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/orgs/{id}/leave", this.#at(id, call)));
  }

  /** The other becomes an owner and oneself an admin, in one step. In browsers. */
  async transfer(id: string, user: string, call?: CallOptions): Promise<void> {
    const init = { ...this.#at(id, call), body: { user_id: user } };
    await this.#transport.ask(this.#transport.api.POST("/v1/orgs/{id}/transfer", init));
  }

  #at(id: string, call: CallOptions | undefined) {
    return { params: { path: { id } }, headers: this.#transport.headers(call), signal: call?.signal };
  }
}
