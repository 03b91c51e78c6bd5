/** Set-up commands of repositories, as the organisation defined them. */
import type {
  Environment,
  EnvironmentCreate,
  EnvironmentPatch,
  EnvironmentPlan,
  Page,
  PageQuery,
  RepositoryInput,
} from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class Environments {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(query: PageQuery = {}): Promise<Page<Environment>> {
    return page(
      await this.#transport.ask(this.#transport.api.GET("/v1/environments", { params: { query } })),
    );
  }

  async get(id: string): Promise<Environment> {
    return this.#transport.ask(
      this.#transport.api.GET("/v1/environments/{id}", { params: { path: { id } } }),
    );
  }

  async create(body: EnvironmentCreate, call?: CallOptions): Promise<Environment> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(
      api.POST("/v1/environments", { body, headers: headers(call), signal: call?.signal }),
    );
  }

  /** What is absent stays; `repository: null` takes it away. */
  async update(id: string, body: EnvironmentPatch, call?: CallOptions): Promise<Environment> {
    const { api, headers } = this.#transport;
    const init = { params: { path: { id } }, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.PATCH("/v1/environments/{id}", init));
  }

  async delete(id: string): Promise<void> {
    const params = { path: { id } };
    await this.#transport.ask(this.#transport.api.DELETE("/v1/environments/{id}", { params }));
  }

  /** Looks at a repository, in a sandbox, and says how it would be set up. Nothing is installed. */
  async detect(repository: RepositoryInput, call?: CallOptions): Promise<EnvironmentPlan> {
    const init = { body: { repository }, signal: call?.signal };
    return this.#transport.ask(this.#transport.api.POST("/v1/environments/detect", init));
  }
}
