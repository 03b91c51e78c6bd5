/** A QR code, drawn here: what is in it leaves the page for nobody. Dark on light in every theme, for cameras. */
import { useMemo } from "react";
import { qrPath } from "./qr-path.ts";

export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => qrPath(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-44 shrink-0 self-center rounded-control border border-line sm:self-start"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
