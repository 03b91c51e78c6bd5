/** One line of a diff. Its text is from outside: shown as text, odd characters visible, length bounded. */
import { memo, type ReactNode } from "react";
import type { ColouredLine } from "~/conversation/markdown/highlight.ts";
import { cx, plainLines } from "~/ui/index.ts";
import { pieces } from "./pieces.ts";
import type { Row } from "./rows.ts";

/** Characters shown of a line. */
const MOST = 2000;
const SIGN = { context: " ", add: "+", del: "-", note: " " };

export const Line = memo(function Line({
  row,
  compact,
  colours,
}: {
  row: Row;
  compact: boolean;
  colours?: ColouredLine | undefined;
}) {
  if (row.kind === "gap")
    return <div className="p-gap">{row.text === "" ? "⋯" : `⋯ ${plainLines(row.text.slice(0, 200))}`}</div>;
  return (
    <div className={cx("p-line", row.kind === "add" && "p-add", row.kind === "del" && "p-del")}>
      {!compact && <span aria-hidden className="p-number" data-number={row.before ?? ""} />}
      <span
        aria-hidden
        className="p-number"
        data-number={(compact ? (row.after ?? row.before) : row.after) ?? ""}
      />
      <span className="p-sign">{SIGN[row.kind]}</span>
      <span className={cx("p-code", row.kind === "note" && "text-muted italic")}>
        {content(row, colours)}
      </span>
    </div>
  );
});

function content(row: Exclude<Row, { kind: "gap" }>, colours: ColouredLine | undefined): ReactNode {
  const text = row.text.endsWith("\r") ? row.text.slice(0, -1) : row.text;
  if (text.length > MOST) {
    return (
      <>
        {plainLines(text.slice(0, MOST))}
        <span className="text-muted"> … {(text.length - MOST).toLocaleString("en-US")} more characters</span>
      </>
    );
  }
  if (row.mark === null && colours === undefined) return plainLines(text);
  return pieces(text, colours, row.mark).map((piece, at) => {
    const shown = plainLines(piece.text);
    // biome-ignore-start lint/suspicious/noArrayIndexKey: pieces of a line have no other name
    if (piece.marked) return <mark key={at}>{shown}</mark>;
    return piece.kind === null ? (
      shown
    ) : (
      <span key={at} className={piece.kind}>
        {shown}
      </span>
    );
    // biome-ignore-end lint/suspicious/noArrayIndexKey: pieces of a line have no other name
  });
}
