/** Files for a prompt: from what a program or a page has to what the server takes, measured before anything is sent. */
import type { Attachment } from "./api/types.ts";
import { CoordinatorError } from "./error.ts";

/** All attachments of a prompt together, bytes of content. */
export const MAX_ATTACHMENT_BYTES = 8 * 1024 * 1024;
export const MAX_ATTACHMENTS = 64;
/** Text of a prompt, bytes of UTF-8. */
export const MAX_PROMPT_BYTES = 64 * 1024;

const MAX_NAME = 255;
const ANYTHING = "application/octet-stream";

/** Bytes with a name. */
export interface NamedBytes {
  name: string;
  /** `application/octet-stream` when absent. */
  media_type?: string;
  data: Blob | Uint8Array | ArrayBuffer;
}

/** A file of a page, bytes with a name, or base64 as the server takes it. */
export type AttachmentInput = Blob | NamedBytes | Attachment;

/**
 * Reads and encodes.
 *
 * @throws CoordinatorError `prompt_too_large` or `invalid_request`, as the server would, before anything is sent.
 */
export async function encodeAttachments(inputs: readonly AttachmentInput[]): Promise<Attachment[]> {
  if (inputs.length > MAX_ATTACHMENTS) {
    throw refused(
      "invalid_request",
      `A prompt may have at most ${MAX_ATTACHMENTS} attachments.`,
      MAX_ATTACHMENTS,
    );
  }
  const total = inputs.reduce((sum, input) => sum + size(input), 0);
  if (total > MAX_ATTACHMENT_BYTES) {
    const detail = `The attachments have ${total} bytes together; the limit is ${MAX_ATTACHMENT_BYTES}.`;
    throw refused("prompt_too_large", detail, MAX_ATTACHMENT_BYTES);
  }
  return Promise.all(inputs.map(encode));
}

/** @throws CoordinatorError `prompt_too_large`. */
export function checkPrompt(text: string): void {
  // A UTF-16 unit becomes three bytes at most: short texts need no counting.
  if (text.length * 3 <= MAX_PROMPT_BYTES) return;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_PROMPT_BYTES) return;
  const detail = `The prompt has ${bytes} bytes; the limit is ${MAX_PROMPT_BYTES}. Put long material into an attachment.`;
  throw refused("prompt_too_large", detail, MAX_PROMPT_BYTES, "text");
}

async function encode(input: AttachmentInput): Promise<Attachment> {
  if (input instanceof Blob) {
    const name = "name" in input && typeof input.name === "string" ? input.name : "";
    return { name: fileName(name), media_type: mediaType(input.type), data: base64(await bytes(input)) };
  }
  const name = fileName(input.name);
  const media_type = mediaType(input.media_type);
  return {
    name,
    media_type,
    data: typeof input.data === "string" ? input.data : base64(await bytes(input.data)),
  };
}

function size(input: AttachmentInput): number {
  if (input instanceof Blob) return input.size;
  const { data } = input;
  if (typeof data === "string") return Math.floor((data.replace(/=+$/, "").length * 3) / 4);
  return data instanceof Blob ? data.size : data.byteLength;
}

async function bytes(data: Blob | Uint8Array | ArrayBuffer): Promise<Uint8Array> {
  if (data instanceof Blob) return new Uint8Array(await data.arrayBuffer());
  return data instanceof Uint8Array ? data : new Uint8Array(data);
}

/** The server takes a bare file name without what could be mistaken for a path or hide something. */
export function fileName(name: string): string {
  const last = name.split(/[/\\]/).pop() ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  const plain = last.replace(/[\u0000-\u001f\u007f-\u009f]/g, "").trim();
  if (plain === "" || plain === "." || plain === "..") return "attachment";
  return shortened(plain);
}

function shortened(name: string): string {
  let chars = [...name];
  if (chars.length <= MAX_NAME) return name;
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  chars = chars.slice(0, MAX_NAME - ending.length);
  return chars.join("") + ending;
}

export function mediaType(type: string | undefined): string {
  return type !== undefined && /^[!-~]+\/[ -~]+$/.test(type) && type.length <= 127 ? type : ANYTHING;
}

/** Standard alphabet, padded, on one line. */
export function base64(data: Uint8Array): string {
  // A multiple of three, so that pieces join without padding; small enough to be arguments of one call.
  const step = 0x6000;
  let out = "";
  for (let at = 0; at < data.length; at += step) {
    out += btoa(String.fromCharCode(...data.subarray(at, at + step)));
  }
  return out;
}

function refused(code: string, detail: string, limit: number, field = "attachments"): CoordinatorError {
  const tooLarge = code === "prompt_too_large";
  const title = tooLarge ? "The prompt is too large" : "The request is not valid";
  return new CoordinatorError({ status: tooLarge ? 413 : 400, code, title, detail, field, limit });
}
