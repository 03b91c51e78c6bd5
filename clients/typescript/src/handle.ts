/** One session: what can be asked of it, told to it and watched in it. */
import type {
  Artifact,
  FileEntry,
  Page,
  PageQuery,
  PermissionReply,
  PromptAccepted,
  PromptInfo,
  Session,
} from "./api/types.ts";
import { type ArtifactInput, asUpload } from "./artifacts.ts";
import { type AttachmentInput, checkPrompt, encodeAttachments } from "./attachments.ts";
import type { LiveItem, LiveOptions } from "./live/item.ts";
import { live } from "./live/live.ts";
import { sessionChannel } from "./live/session.ts";
import { page } from "./page.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type { SessionEvent } from "./view/types.ts";

export interface PromptOptions extends CallOptions {
  attachments?: readonly AttachmentInput[];
  /** `provider/model` for this prompt; the session's when absent. */
  model?: string;
  /** Where it goes: `queue` (default), `steer` (before others that wait), `interrupt` (ends the running turn, runs next). */
  mode?: "queue" | "steer" | "interrupt";
}

export class SessionHandle {
  readonly id: string;
  /** As it was created; undefined for a handle that was opened by id. */
  readonly created: Session | undefined;
  readonly #transport: Transport;

  constructor(transport: Transport, id: string, created?: Session) {
    this.#transport = transport;
    this.id = id;
    this.created = created;
  }

  async get(call?: CallOptions): Promise<Session> {
    return this.#transport.ask(this.#transport.api.GET("/v1/sessions/{id}", this.#at(call)));
  }

  /** Oldest first. */
  async prompts(query: PageQuery = {}): Promise<Page<PromptInfo>> {
    const params = { path: { id: this.id }, query };
    return page(await this.#transport.ask(this.#transport.api.GET("/v1/sessions/{id}/prompts", { params })));
  }

  /** Queues a prompt. The text reaches the agent as it is. */
  async prompt(text: string, options: PromptOptions = {}): Promise<PromptAccepted> {
    checkPrompt(text);
    const { attachments, model, mode } = options;
    const body = {
      text,
      ...(attachments?.length ? { attachments: await encodeAttachments(attachments) } : {}),
      ...(model === undefined ? {} : { model }),
      ...(mode === undefined ? {} : { mode }),
    };
    return this.#transport.ask(
      this.#transport.api.POST("/v1/sessions/{id}/prompts", { ...this.#at(options), body }),
    );
  }

  /** Takes a prompt out of the queue. */
  async cancel(promptId: string, call?: CallOptions): Promise<void> {
    const params = { path: { id: this.id, prompt_id: promptId } };
    const init = { ...this.#at(call), params };
    await this.#transport.ask(this.#transport.api.DELETE("/v1/sessions/{id}/prompts/{prompt_id}", init));
  }

  /** Ends the turn that runs; what waits follows. */
  async interrupt(call?: CallOptions): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/sessions/{id}/interrupt", this.#at(call)));
  }

  /** Stops the sandbox; workspace and conversation stay. */
  async hibernate(call?: CallOptions): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/sessions/{id}/hibernate", this.#at(call)));
  }

  async wake(call?: CallOptions): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/sessions/{id}/wake", this.#at(call)));
  }

  /** Closes the session: it can be read, not continued. */
  async archive(call?: CallOptions): Promise<void> {
    await this.#transport.ask(this.#transport.api.POST("/v1/sessions/{id}/archive", this.#at(call)));
  }

  async rename(title: string, call?: CallOptions): Promise<void> {
    await this.#transport.ask(
      this.#transport.api.PATCH("/v1/sessions/{id}", { ...this.#at(call), body: { title } }),
    );
  }

  async delete(call?: CallOptions): Promise<void> {
    await this.#transport.ask(this.#transport.api.DELETE("/v1/sessions/{id}", this.#at(call)));
  }

  /** `message` is told to the agent along with a `reject`. */
  async answerPermission(
    permissionId: string,
    reply: PermissionReply,
    message?: string,
    call?: CallOptions,
  ): Promise<void> {
    const params = { path: { id: this.id, permission_id: permissionId } };
    const body = message === undefined ? { reply } : { reply, message };
    const init = { ...this.#at(call), params, body };
    await this.#transport.ask(
      this.#transport.api.POST("/v1/sessions/{id}/permissions/{permission_id}", init),
    );
  }

  /** One list of chosen labels, or own words, for each question. */
  async answerQuestion(questionId: string, answers: string[][], call?: CallOptions): Promise<void> {
    await this.#question(questionId, { answers, rejected: false }, call);
  }

  async rejectQuestion(questionId: string, call?: CallOptions): Promise<void> {
    await this.#question(questionId, { answers: [], rejected: true }, call);
  }

  /** The work so far as a git patch; empty when there is none. */
  async diff(call?: CallOptions): Promise<string> {
    return (await this.#raw("/diff", call)).text();
  }

  /** A file's bytes, or what a directory holds; the workspace itself for an empty path. */
  async file(path: string, call?: CallOptions): Promise<Uint8Array | FileEntry[]> {
    const response = await this.#raw(`/files?path=${encodeURIComponent(path)}`, call);
    if (response.headers.get("content-type")?.startsWith("application/json")) {
      return (await response.json()) as FileEntry[];
    }
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The workspace as a tar archive, as it comes. */
  async archiveStream(options: CallOptions & { git?: boolean } = {}): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#raw(`/archive${options.git ? "?git=true" : ""}`, options);
    return body ?? empty();
  }

  /** Where the file that came along with a prompt is; 0 is the first. Needs the caller's credential, as everything. */
  attachmentUrl(promptId: string, index: number): string {
    return `${this.#transport.around.server}${this.#path}/prompts/${encodeURIComponent(promptId)}/attachments/${index}`;
  }

  /** Files that the session has left behind, oldest first. */
  async artifacts(query: PageQuery = {}): Promise<Page<Artifact>> {
    const params = { path: { id: this.id }, query };
    return page(
      await this.#transport.ask(this.#transport.api.GET("/v1/sessions/{id}/artifacts", { params })),
    );
  }

  /** Keeps a file with the session. */
  async uploadArtifact(input: ArtifactInput, call?: CallOptions): Promise<Artifact> {
    const { name, mediaType, body } = asUpload(input);
    const response = await this.#transport.raw(`${this.#path}/artifacts?name=${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { ...this.#transport.headers(call), "Content-Type": mediaType },
      body,
      signal: call?.signal ?? null,
    });
    return (await response.json()) as Artifact;
  }

  /** An artifact's content as it comes; `range` in bytes, its end not included. */
  async artifactStream(
    artifactId: string,
    options: CallOptions & { range?: { start: number; end?: number } } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { range, signal } = options;
    if (range?.end !== undefined && range.end <= range.start) return empty();
    const last = range?.end === undefined ? "" : range.end - 1;
    const headers: HeadersInit = range === undefined ? {} : { Range: `bytes=${range.start}-${last}` };
    const path = `${this.#path}/artifacts/${encodeURIComponent(artifactId)}`;
    const { body } = await this.#transport.raw(path, { headers, signal: signal ?? null });
    return body ?? empty();
  }

  /** An artifact's whole content. */
  async artifact(artifactId: string, call?: CallOptions): Promise<Uint8Array> {
    const stream = await this.artifactStream(artifactId, call);
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** Where an artifact's content is. Needs the caller's credential, as everything. */
  artifactUrl(artifactId: string): string {
    return `${this.#transport.around.server}${this.#path}/artifacts/${encodeURIComponent(artifactId)}`;
  }

  async deleteArtifact(artifactId: string, call?: CallOptions): Promise<void> {
    const params = { path: { id: this.id, artifact_id: artifactId } };
    const init = { ...this.#at(call), params };
    await this.#transport.ask(this.#transport.api.DELETE("/v1/sessions/{id}/artifacts/{artifact_id}", init));
  }

  /**
   * Every event after `after` (0: from the start), then what happens from now on, for ever. It resumes by itself
   * after any break, without a gap and without a double. It ends quietly when the signal fires or the session is
   * deleted, and throws a `CoordinatorError` when coming back cannot help.
   */
  async *events(options: LiveOptions = {}): AsyncGenerator<SessionEvent, void, undefined> {
    for await (const item of live(this.#transport, sessionChannel(this.id, false), options)) {
      if (item.kind === "event") yield item.event;
    }
  }

  /** The same with text in the making, who else looks, and how the connection is. */
  live(options: LiveOptions = {}): AsyncGenerator<LiveItem, void, undefined> {
    return live(this.#transport, sessionChannel(this.id, true), options);
  }

  get #path(): string {
    return `/v1/sessions/${encodeURIComponent(this.id)}`;
  }

  #raw(path: string, call: CallOptions | undefined): Promise<Response> {
    return this.#transport.raw(this.#path + path, { signal: call?.signal ?? null });
  }

  async #question(
    id: string,
    body: { answers: string[][]; rejected: boolean },
    call?: CallOptions,
  ): Promise<void> {
    const params = { path: { id: this.id, question_id: id } };
    const init = { ...this.#at(call), params, body };
    await this.#transport.ask(this.#transport.api.POST("/v1/sessions/{id}/questions/{question_id}", init));
  }

  #at(call: CallOptions | undefined) {
    return {
      params: { path: { id: this.id } },
      headers: this.#transport.headers(call),
      signal: call?.signal,
    };
  }
}

function empty(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}
