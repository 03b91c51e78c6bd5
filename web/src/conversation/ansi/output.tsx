/** Output of a command: colours from the tokens, long outputs folded, very long lines cut until asked for. */
import { memo, useMemo, useState } from "react";
import { Scrollable } from "../scrollable.tsx";
import { countLines, firstLines, grouped, lastLines } from "./lines.ts";
import { type Line, type Piece, parseAnsi, type Style } from "./parse.ts";

/** Lines shown before "Show all". */
const FOLD = 24;
/** Lines added by one "Show more" beyond that. */
const PAGE = 5000;
/** Characters of a line before it is cut. */
const LINE = 4000;

interface OutputProps {
  text: string;
  /** Shows the end of it while it grows. */
  tail?: boolean;
  label?: string;
}

export const Output = memo(function Output({ text, tail = false, label = "Output" }: OutputProps) {
  const [limit, setLimit] = useState(FOLD);
  const total = useMemo(() => countLines(text), [text]);
  // A few lines over the fold are shown rather than hidden behind a button of the same height.
  const shown = total <= limit + 4 ? total : limit;
  const lines = useMemo(
    () => parseAnsi(tail ? lastLines(text, 8) : firstLines(text, shown)),
    [text, tail, shown],
  );
  if (text === "") return null;
  return (
    <div className="min-w-0">
      <Screen lines={lines} label={label} />
      {!tail && shown < total && (
        <button
          type="button"
          className="mt-1 min-h-7 rounded-control px-1.5 text-small text-muted hover:bg-hover hover:text-text max-md:min-h-10"
          onClick={() => setLimit(limit === FOLD && total <= PAGE ? total : limit + PAGE)}
        >
          {total <= limit + PAGE
            ? `Show all ${grouped(total)} lines`
            : `Show ${grouped(PAGE)} more of ${grouped(total)} lines`}
        </button>
      )}
    </div>
  );
});

function Screen({ lines, label }: { lines: Line[]; label: string }) {
  return (
    <Scrollable label={label} className="c-screen max-h-[60vh]">
      <pre className="w-max min-w-full">
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines only grow at their end and have no other name
          <Row key={at} line={line} last={at === lines.length - 1} />
        ))}
      </pre>
    </Scrollable>
  );
}

const Row = memo(function Row({ line, last }: { line: Line; last: boolean }) {
  const [limit, setLimit] = useState(LINE);
  let left = limit;
  let cut = 0;
  const out: Piece[] = [];
  for (const piece of line) {
    if (left <= 0) cut += piece.text.length;
    else if (piece.text.length > left) {
      out.push({ text: piece.text.slice(0, left), style: piece.style });
      cut += piece.text.length - left;
    } else out.push(piece);
    left -= piece.text.length;
  }
  return (
    <span dir="ltr" className="block min-h-[1.45em]">
      {out.map((piece, at) =>
        piece.style === null ? (
          piece.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
          <span key={at} className={classes(piece.style)}>
            {piece.text}
          </span>
        ),
      )}
      {cut > 0 && (
        <button type="button" className="c-more" onClick={() => setLimit(limit * 8)}>
          Show more ({grouped(cut)} characters)
        </button>
      )}
      {!last && "\n"}
    </span>
  );
});

function classes(style: Style): string {
  const fg = style.inverse ? style.bg : style.fg;
  const bg = style.inverse ? (style.fg ?? 16) : style.bg;
  return [
    fg !== undefined && `c-fg-${fg}`,
    bg !== undefined && `c-bg-${bg}`,
    style.inverse && style.bg === undefined && style.fg === undefined && "c-inverse",
    style.bold && "font-semibold",
    // Grey rather than see-through: that would fall below the contrast one can read.
    style.dim && fg === undefined && "text-muted",
    style.italic && "italic",
    style.underline && "underline",
    style.strike && "line-through",
  ]
    .filter(Boolean)
    .join(" ");
}
