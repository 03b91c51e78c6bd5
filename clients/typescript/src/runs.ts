/** Finished turns of the organisation. */
import type { Page, PageQuery, RunRecord } from "./api/types.ts";
import { NetworkError } from "./error.ts";
import { page } from "./page.ts";
import type { Transport } from "./transport.ts";

export interface RunQuery extends PageQuery {
  session?: string;
  user?: string;
  /** Id of the API key that gave the prompt. */
  key?: string;
  model?: string;
  /** Ended at or after, RFC 3339. */
  from?: string;
  /** Ended before. */
  until?: string;
}

export class Runs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(query: RunQuery = {}): Promise<Page<RunRecord>> {
    const found = await this.#transport.ask(this.#transport.api.GET("/v1/runs", { params: { query } }));
    // The same address gives CSV to those who ask for it.
    if (typeof found === "string")
      throw new NetworkError("The answer is not the server's: it is no JSON.", found);
    return page(found);
  }

  async get(id: string): Promise<RunRecord> {
    return this.#transport.ask(this.#transport.api.GET("/v1/runs/{id}", { params: { path: { id } } }));
  }
}
