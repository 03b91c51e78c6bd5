/** An authenticator (RFC 6238: SHA-1, 30 seconds, six digits). It gives no code twice. */
import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export class Authenticator {
  readonly #secret: Buffer;
  #last = 0;

  /** The secret in base32, as it is typed in; blanks are for people. */
  constructor(secret: string) {
    this.#secret = unbase32(secret);
  }

  /** The code of now, or of the half minute after when that of now was given away: the server takes both. */
  code(): string {
    const step = Math.max(Math.floor(Date.now() / STEP_MS), this.#last + 1);
    this.#last = step;
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const hash = createHmac("sha1", this.#secret).update(counter).digest();
    const at = (hash.at(-1) ?? 0) & 15;
    return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }
}

function unbase32(text: string): Buffer {
  let bits = "";
  for (const letter of text.replace(/\s/g, "").toUpperCase()) {
    bits += LETTERS.indexOf(letter).toString(2).padStart(5, "0");
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
