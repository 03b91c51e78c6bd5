/** The audit log of an organisation: who did what, or tried to. For admins, and keys with `audit:read`. */
import type { AuditLine, AuditOutcome, AuditRecord, Page, PageQuery } from "./api/types.ts";
import { NetworkError } from "./error.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";

/** Which records. */
export interface AuditQuery {
  /** Id of a user or of an API key, `operator` or `system`. */
  actor?: string;
  /** What the action begins with: `api_key.create`, or `api_key.` for all about keys. */
  action?: string;
  /** Id of what it was done to. */
  target?: string;
  outcome?: AuditOutcome;
  /** Made at or after, RFC 3339. */
  since?: string;
  /** Made before. */
  until?: string;
}

/** Records of one request while all of them are read. */
const AT_ONCE = 200;
/** A line of an export is far shorter; what is longer is none of the server's. */
const LONGEST_LINE = 1_000_000;

export class Audit {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A page, newest first. */
  async list(query: AuditQuery & PageQuery = {}, call?: CallOptions): Promise<Page<AuditRecord>> {
    const init = { params: { query }, signal: call?.signal };
    const found = await this.#transport.ask(this.#transport.api.GET("/v1/audit", init));
    // The same address gives tables to those who ask for them.
    if (typeof found === "string" || !("items" in found))
      throw new NetworkError("The answer is not the server's: it is no list.", found);
    return page(found);
  }

  /** Every record in question, newest first; the next page is asked for when it is needed. */
  async *records(query: AuditQuery = {}, call?: CallOptions): AsyncGenerator<AuditRecord, void, undefined> {
    let cursor: string | null = null;
    do {
      const asked = { ...query, limit: AT_ONCE, ...(cursor === null ? {} : { cursor }) };
      const found: Page<AuditRecord> = await this.list(asked, call);
      yield* found.items;
      cursor = found.next_cursor;
    } while (cursor !== null);
  }

  /** The records in question as a table (RFC 4180, with a head), as it comes. Noted in the log itself. */
  async csv(query: AuditQuery = {}, call?: CallOptions): Promise<ReadableStream<Uint8Array>> {
    return this.#export("csv", query, call);
  }

  /**
   * The whole chain in order, with its signed checkpoints, a line of JSON each, as it comes: what
   * `coordinator audit verify --file` takes. Noted in the log itself.
   */
  async ndjson(call?: CallOptions): Promise<ReadableStream<Uint8Array>> {
    return this.#export("ndjson", {}, call);
  }

  /** The same, line by line. An export that breaks off has no `head` as its last line. */
  async *chain(call?: CallOptions): AsyncGenerator<AuditLine, void, undefined> {
    for await (const line of lines(await this.ndjson(call))) yield parsed(line);
  }

  async #export(format: "csv" | "ndjson", query: AuditQuery, call: CallOptions | undefined) {
    const words = new URLSearchParams({ format, ...query });
    const { body } = await this.#transport.raw(
      `/v1/audit?${words}`,
      call?.signal ? { signal: call.signal } : {},
    );
    if (!body) throw new NetworkError("The answer is not the server's: it is empty.", null);
    return body;
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = stream
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((failure: unknown) => {
        throw new NetworkError("The export broke off.", failure);
      });
      if (done) break;
      const whole = (rest + value).split("\n");
      rest = whole.pop() ?? "";
      if (rest.length > LONGEST_LINE)
        throw new NetworkError("The answer is not the server's: it has no lines.", null);
      for (const line of whole) if (line !== "") yield line;
    }
    if (rest !== "") yield rest;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function parsed(line: string): AuditLine {
  try {
    return JSON.parse(line) as AuditLine;
  } catch (failure) {
    throw new NetworkError("The export broke off.", failure);
  }
}
