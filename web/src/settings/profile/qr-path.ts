/** A QR code as one path of an SVG: each run of dark modules in a row is one box. */
import encodeQR from "qr";

/** Modules of light around it, as the standard asks for. */
const QUIET = 4;

export interface QrPath {
  /** Modules along a side, the quiet ones too. */
  size: number;
  path: string;
}

export function qrPath(text: string): QrPath {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      path += `M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`;
    }
  });
  return { size: rows.length, path };
}
