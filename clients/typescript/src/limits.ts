/** What an organisation may ask for, how much of it is in use, and what its turns have cost. */
import type { OrgLimits, UsageReport } from "./api/types.ts";
import { NetworkError } from "./error.ts";
import type { CallOptions, Transport } from "./transport.ts";

export interface UsageQuery {
  /** `day`, `hour`, `user`, `api_key`, `model`, `session`, several with commas between; `day` when absent. */
  group_by?: string;
  session?: string;
  user?: string;
  /** Id of the API key that gave the prompt. */
  key?: string;
  model?: string;
  /** Ended at or after, RFC 3339. */
  from?: string;
  /** Ended before. */
  until?: string;
  /** Groups, 1 to 10,000; 200 when absent. */
  limit?: number;
}

export class Limits {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Quotas and how many requests are left. */
  async get(call?: CallOptions): Promise<OrgLimits> {
    return this.#transport.ask(this.#transport.api.GET("/v1/limits", { signal: call?.signal }));
  }

  /** Turns with their tokens and cost, in groups. */
  async usage(query: UsageQuery = {}, call?: CallOptions): Promise<UsageReport> {
    const init = { params: { query }, signal: call?.signal };
    const found = await this.#transport.ask(this.#transport.api.GET("/v1/usage", init));
    // The same address gives CSV to those who ask for it.
    if (typeof found === "string")
      throw new NetworkError("The answer is not the server's: it is no JSON.", found);
    return found;
  }
}
