/** The way in: one client for one server. */
import type { AgentInfo, Health, Me, ModelList } from "./api/types.ts";
import { ApiKeys } from "./api_keys.ts";
import { Audit } from "./audit.ts";
import { Auth } from "./auth.ts";
import { Environments } from "./environments.ts";
import { type FeedItem, type FeedOptions, feed } from "./feed.ts";
import { Limits } from "./limits.ts";
import { ModelProviders } from "./model_providers.ts";
import type { CoordinatorOptions } from "./options.ts";
import { Orgs } from "./orgs.ts";
import { Runs } from "./runs.ts";
import { Secrets } from "./secrets.ts";
import { ServiceAccounts } from "./service_accounts.ts";
import { Sessions } from "./sessions.ts";
import { type CallOptions, Transport } from "./transport.ts";

export class Coordinator {
  readonly auth: Auth;
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly modelProviders: ModelProviders;
  readonly apiKeys: ApiKeys;
  readonly environments: Environments;
  readonly orgs: Orgs;
  readonly serviceAccounts: ServiceAccounts;
  readonly secrets: Secrets;
  readonly audit: Audit;
  readonly limits: Limits;
  readonly #transport: Transport;

  constructor(options: CoordinatorOptions = {}) {
    const transport = new Transport(options);
    this.#transport = transport;
    this.auth = new Auth(transport);
    this.sessions = new Sessions(transport);
    this.runs = new Runs(transport);
    this.modelProviders = new ModelProviders(transport);
    this.apiKeys = new ApiKeys(transport);
    this.environments = new Environments(transport);
    this.orgs = new Orgs(transport);
    this.serviceAccounts = new ServiceAccounts(transport);
    this.secrets = new Secrets(transport);
    this.audit = new Audit(transport);
    this.limits = new Limits(transport);
  }

  /** Whom the credential stands for. */
  async me(call?: CallOptions): Promise<Me> {
    const me = await this.#transport.ask(this.#transport.api.GET("/v1/me", { signal: call?.signal }));
    this.#transport.rememberCsrf(me.csrf_token);
    return me;
  }

  /** Agents of this server, and why one cannot be used. */
  async agents(call?: CallOptions): Promise<AgentInfo[]> {
    const { items } = await this.#transport.ask(
      this.#transport.api.GET("/v1/agents", { signal: call?.signal }),
    );
    return items;
  }

  /** Models that the organisation can use now, and why one cannot be used. */
  async models(call?: CallOptions): Promise<ModelList> {
    return this.#transport.ask(this.#transport.api.GET("/v1/models", { signal: call?.signal }));
  }

  /** What happens in the organisation, from now on or after an event, for ever; see `FeedOptions`. */
  feed(options: FeedOptions = {}): AsyncGenerator<FeedItem, void, undefined> {
    return feed(this.#transport, options);
  }

  async health(call?: CallOptions): Promise<Health> {
    return this.#transport.ask(this.#transport.api.GET("/health", { signal: call?.signal }));
  }
}
