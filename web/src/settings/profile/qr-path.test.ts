import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { qrPath } from "./qr-path.ts";

/** Draws the boxes as a camera would see them. */
function seen({ size, path }: { size: number; path: string }, scale = 4) {
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, left = 0, top = 0, width = 0] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let y = Number(top) * scale; y < (Number(top) + 1) * scale; y += 1) {
      for (let x = Number(left) * scale; x < (Number(left) + Number(width)) * scale; x += 1) {
        data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
  }
  return { width: side, height: side, data };
}

test("what is drawn is read back by another part of the library", () => {
  const uri =
    "otpauth://totp/agent-coordinator:ana%2Bx@example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" +
    "&issuer=agent-coordinator&algorithm=SHA1&digits=6&period=30";
  const drawn = qrPath(uri);
  expect(decodeQR(seen(drawn))).toBe(uri);
  expect(drawn.path).not.toMatch(/M[0-3] /);
});
