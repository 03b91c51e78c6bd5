/** Accounts at model providers: keys go in and never come out again. */
import type {
  ModelProviderCreate,
  ModelProviderInfo,
  ModelProviderPatch,
  ModelProviderTest,
  Page,
  PageQuery,
} from "./api/types.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

export class ModelProviders {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(query: PageQuery = {}): Promise<Page<ModelProviderInfo>> {
    return page(
      await this.#transport.ask(this.#transport.api.GET("/v1/model-providers", { params: { query } })),
    );
  }

  async create(body: ModelProviderCreate, call?: CallOptions): Promise<ModelProviderInfo> {
    const { api, headers } = this.#transport;
    return this.#transport.ask(
      api.POST("/v1/model-providers", { body, headers: headers(call), signal: call?.signal }),
    );
  }

  /** What is absent stays. */
  async update(id: string, body: ModelProviderPatch, call?: CallOptions): Promise<ModelProviderInfo> {
    const { api, headers } = this.#transport;
    const params = { path: { id } };
    const init = { params, body, headers: headers(call), signal: call?.signal };
    return this.#transport.ask(api.PATCH("/v1/model-providers/{id}", init));
  }

  async delete(id: string): Promise<void> {
    const params = { path: { id } };
    await this.#transport.ask(this.#transport.api.DELETE("/v1/model-providers/{id}", { params }));
  }

  /** Asks the provider itself whether the stored key works. */
  async test(id: string, call?: CallOptions): Promise<ModelProviderTest> {
    const params = { path: { id } };
    const init = { params, signal: call?.signal };
    return this.#transport.ask(this.#transport.api.POST("/v1/model-providers/{id}/test", init));
  }

  /** The same for a key that is not stored. */
  async testDraft(body: ModelProviderCreate, call?: CallOptions): Promise<ModelProviderTest> {
    const init = { body, signal: call?.signal };
    return this.#transport.ask(this.#transport.api.POST("/v1/model-providers/test", init));
  }
}
