/**
 * Makes a PNG of a page smaller without a change to any point of it. Browsers filter every row, which is good for
 * photographs; flat colours and letters that come again pack better as they are.
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE_BYTES = 8;
/** Bytes of a point: red, green, blue. */
const POINT = 3;

export function packed(png: Buffer): Buffer {
  const data: Buffer[] = [];
  let head: Buffer = Buffer.alloc(0);
  for (let at = SIGNATURE_BYTES; at < png.length; at += png.readUInt32BE(at) + 12) {
    const name = png.toString("latin1", at + 4, at + 8);
    const content = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (name === "IHDR") head = content;
    if (name === "IDAT") data.push(content);
  }
  // Depth 8, colour type 2: red, green and blue without transparency, as pages are photographed.
  if (head[8] !== 8 || head[9] !== 2) return png;
  const rows = unfiltered(inflateSync(Buffer.concat(data)), head.readUInt32BE(0) * POINT);
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Every row without its filter; the byte before a row says which one it has. */
function unfiltered(raw: Buffer, width: number): Buffer {
  const out = Buffer.alloc(raw.length);
  const stride = width + 1;
  for (let row = 0; row < raw.length; row += stride) {
    for (let at = row + 1; at < row + stride; at += 1) {
      const inside = at - row > POINT;
      const left = inside ? (out[at - POINT] ?? 0) : 0;
      const above = row > 0 ? (out[at - stride] ?? 0) : 0;
      const corner = inside && row > 0 ? (out[at - stride - POINT] ?? 0) : 0;
      out[at] = ((raw[at] ?? 0) + predicted(raw[row] ?? 0, left, above, corner)) & 0xff;
    }
  }
  return out;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(guess - value));
  if ((toLeft ?? 0) <= (toAbove ?? 0) && (toLeft ?? 0) <= (toCorner ?? 0)) return left;
  return (toAbove ?? 0) <= (toCorner ?? 0) ? above : corner;
}

function chunk(name: string, content: Buffer): Buffer {
  const out = Buffer.alloc(content.length + 12);
  out.writeUInt32BE(content.length, 0);
  out.write(name, 4, "latin1");
  content.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + content.length)), 8 + content.length);
  return out;
}
