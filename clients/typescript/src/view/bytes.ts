/** Positions in streamed text count bytes of UTF-8, as the server does. */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes of a text. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return bytes;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** The text after its first bytes; undefined when that cuts a character in two. */
export function afterBytes(text: string, bytes: number): string | undefined {
  if (bytes === 0) return text;
  try {
    return decoder.decode(encoder.encode(text).subarray(bytes));
  } catch {
    return undefined;
  }
}

/** What is new in a piece that begins at `offset`, when `have` bytes are there; null when there is nothing or a gap. */
export function newIn(piece: string, offset: number, have: number): string | null {
  if (offset > have) return null;
  const known = have - offset;
  if (known === 0) return piece === "" ? null : piece;
  if (known >= byteLength(piece)) return null;
  return afterBytes(piece, known) ?? null;
}
