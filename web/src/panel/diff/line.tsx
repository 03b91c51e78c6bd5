/** One line of a diff. Its text is from outside: shown as text, odd characters visible, length bounded. */
import { memo, type ReactNode } from "react";
import { cx, plainLines } from "~/ui/index.ts";
import type { Row } from "./rows.ts";

/** Characters shown of a line. */
const MOST = 2000;
const SIGN = { context: " ", add: "+", del: "-", note: " " };

export const Line = memo(function Line({ row, compact }: { row: Row; compact: boolean }) {
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
      <span className={cx("p-code", row.kind === "note" && "text-muted italic")}>{content(row)}</span>
    </div>
  );
});

function content(row: Exclude<Row, { kind: "gap" }>): ReactNode {
  const { mark } = row;
  const text = row.text.endsWith("\r") ? row.text.slice(0, -1) : row.text;
  if (text.length > MOST) {
    return (
      <>
        {plainLines(text.slice(0, MOST))}
        <span className="text-muted"> … {(text.length - MOST).toLocaleString("en-US")} more characters</span>
      </>
    );
  }
  if (mark === null || mark.to <= mark.from) return plainLines(text);
  return (
    <>
      {plainLines(text.slice(0, mark.from))}
      <mark>{plainLines(text.slice(mark.from, mark.to))}</mark>
      {plainLines(text.slice(mark.to))}
    </>
  );
}
