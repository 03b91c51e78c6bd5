/** A model provider on the loopback that speaks OpenAI's dialect: one good key, one model, answers with usage. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const GOOD_KEY = "sk-journey-good-0123456789";
export const MODEL = "parrot-1";
/** What it answers, whatever is asked. */
export const ANSWER = "A heron stands in the reeds and waits.";
const USAGE = { prompt_tokens: 1200, completion_tokens: 300, total_tokens: 1500 };

export class ModelHost {
  readonly #server: Server = createServer((request, response) => void serve(request, response));

  static async start(): Promise<ModelHost> {
    const host = new ModelHost();
    await new Promise<void>((resolve) => host.#server.listen(0, "127.0.0.1", resolve));
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  if (request.headers.authorization !== `Bearer ${GOOD_KEY}`) {
    const error = {
      message: "Incorrect API key provided.",
      type: "invalid_request_error",
      code: "invalid_api_key",
    };
    return json(response, 401, { error });
  }
  if (request.method === "GET" && request.url === "/v1/models") {
    return json(response, 200, {
      object: "list",
      data: [{ id: MODEL, object: "model", created: 0, owned_by: "journey" }],
    });
  }
  if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
    return json(response, 404, { error: { message: "No such address.", type: "invalid_request_error" } });
  }
  const body = JSON.parse(Buffer.concat(parts).toString()) as { stream?: boolean };
  const head = { id: "chatcmpl-1", created: 0, model: MODEL };
  if (!body.stream) {
    const choices = [{ index: 0, message: { role: "assistant", content: ANSWER }, finish_reason: "stop" }];
    return json(response, 200, { ...head, object: "chat.completion", choices, usage: USAGE });
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const chunk = (delta: object, end: string | null, more: object = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: end }], ...more })}\n\n`,
    );
  chunk({ role: "assistant", content: "" }, null);
  for (const word of ANSWER.split(/(?<= )/)) chunk({ content: word }, null);
  chunk({}, "stop");
  response.write(
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [], usage: USAGE })}\n\n`,
  );
  response.end("data: [DONE]\n\n");
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
