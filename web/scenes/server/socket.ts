/** The server's half of a WebSocket (RFC 6455), as much as JSON text frames need. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const MOST = 16 * 1024 * 1024;

export class Socket {
  readonly #stream: Duplex;
  #buffer: Buffer = Buffer.alloc(0);
  #pieces: Buffer[] = [];
  #closed = false;
  onText: (text: string) => void = () => {};
  onClose: () => void = () => {};

  constructor(request: IncomingMessage, stream: Duplex, head: Buffer) {
    this.#stream = stream;
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}${MAGIC}`)
      .digest("base64");
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    stream.on("close", () => this.#end());
    stream.on("error", () => this.#end());
    if (head.length > 0) this.#take(head);
  }

  send(frame: unknown): void {
    if (!this.#closed) this.#write(1, Buffer.from(JSON.stringify(frame)));
  }

  close(code = 1000): void {
    if (this.#closed) return;
    const reason = Buffer.alloc(2);
    reason.writeUInt16BE(code);
    this.#write(8, reason);
    this.#stream.end();
  }

  /** As if the cable were pulled. */
  drop(): void {
    this.#stream.destroy();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose();
  }

  #write(opcode: number, payload: Buffer): void {
    const size = payload.length;
    const header = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
    header[0] = 0x80 | opcode;
    header[1] = size < 126 ? size : size < 65_536 ? 126 : 127;
    if (header.length === 4) header.writeUInt16BE(size, 2);
    if (header.length === 10) header.writeBigUInt64BE(BigInt(size), 2);
    this.#stream.write(header);
    this.#stream.write(payload);
  }

  #take(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const frame = read(this.#buffer);
      if (frame === null) {
        if (this.#buffer.length > MOST) this.drop();
        return;
      }
      this.#buffer = this.#buffer.subarray(frame.size);
      this.#frame(frame);
    }
  }

  #frame({ opcode, last, payload }: Frame): void {
    if (opcode === 8) this.close();
    else if (opcode === 9) this.#write(10, payload);
    else if (opcode <= 2) {
      this.#pieces.push(payload);
      if (!last) return;
      const text = Buffer.concat(this.#pieces).toString();
      this.#pieces = [];
      this.onText(text);
    }
  }
}

interface Frame {
  opcode: number;
  last: boolean;
  payload: Buffer;
  /** Bytes taken. */
  size: number;
}

/** The first whole frame of a buffer. */
function read(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const first = buffer.readUInt8(0);
  const second = buffer.readUInt8(1);
  let length = second & 0x7f;
  let at = 2;
  if (length === 126) {
    if (buffer.length < 4) return null;
    length = buffer.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return null;
    length = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  const mask = (second & 0x80) === 0 ? null : buffer.subarray(at, at + 4);
  if (mask) at += 4;
  if (buffer.length < at + length) return null;
  const payload = Buffer.from(buffer.subarray(at, at + length));
  if (mask) for (let i = 0; i < payload.length; i += 1) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return { opcode: first & 0x0f, last: (first & 0x80) !== 0, payload, size: at + length };
}
