/** One row of the terminal: a command, a line of its output, or how it ended. */
import type { ToolEntry } from "@agent-coordinator/client";
import { memo, type ReactNode } from "react";
import type { Style } from "~/conversation/ansi/parse.ts";
import { CopyButton, cx, Elapsed, span } from "~/ui/index.ts";
import { outputText, type Row } from "./rows.ts";
import { parts } from "./search.ts";

export const TerminalRow = memo(function TerminalRow({
  row,
  query,
  hit,
  first,
}: {
  row: Row;
  query: string;
  hit: boolean;
  first: boolean;
}) {
  if (row.kind === "command")
    return <Command entry={row.entry} text={row.text} query={query} hit={hit} first={first} />;
  if (row.kind === "end") return <End entry={row.entry} />;
  return (
    <div className={cx("p-term min-h-[18px] px-3", hit && "bg-warn-soft")}>
      {row.line.map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line have no other name
        <span key={at} className={piece.style ? classes(piece.style) : undefined}>
          {marked(piece.text, query)}
        </span>
      ))}
      {row.more > 0 && (
        <span className="text-muted"> … {row.more.toLocaleString("en-US")} more characters</span>
      )}
    </div>
  );
});

function Command({
  entry,
  text,
  query,
  hit,
  first,
}: {
  entry: ToolEntry;
  text: string;
  query: string;
  hit: boolean;
  first: boolean;
}) {
  return (
    <div
      className={cx(
        "flex items-start gap-1 border-line bg-surface py-1 pr-1.5 pl-3",
        !first && "border-t",
        hit && "bg-warn-soft",
      )}
    >
      <div className="p-term min-w-0 flex-1 py-[3px] font-semibold">
        <span aria-hidden className="text-muted select-none">
          ${" "}
        </span>
        {marked(text, query)}
      </div>
      <CopyButton text={() => outputText(entry)} label="Copy output" />
    </div>
  );
}

function End({ entry }: { entry: ToolEntry }) {
  const { status, exitCode, durationMs } = entry;
  if (status === "running") {
    return (
      <p className="px-3 pt-0.5 pb-2.5 text-small text-accent">
        running · <Elapsed since={entry.at} />
      </p>
    );
  }
  const failed = status === "failed" || (exitCode !== null && exitCode !== 0);
  const word =
    status === "stopped" ? "stopped" : exitCode === null ? (failed ? "failed" : "done") : `exit ${exitCode}`;
  return (
    <p className={cx("px-3 pt-0.5 pb-2.5 text-small", failed ? "text-bad" : "text-muted")}>
      {word}
      {durationMs !== null && <span className="text-muted"> · {span(durationMs)}</span>}
      {entry.output === "" && <span className="text-muted"> · no output</span>}
      {entry.truncated && <span className="text-muted"> · only a part of the output was kept</span>}
    </p>
  );
}

function marked(text: string, query: string): ReactNode {
  if (query === "") return text;
  const found = parts(text, query);
  if (found.length === 1) return text;
  return found.map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other name
      <mark key={at} className="p-hit">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}

function classes(style: Style): string {
  const fg = style.inverse ? style.bg : style.fg;
  const bg = style.inverse ? (style.fg ?? 16) : style.bg;
  return cx(
    fg !== undefined && `c-fg-${fg}`,
    bg !== undefined && `c-bg-${bg}`,
    style.inverse && style.bg === undefined && style.fg === undefined && "c-inverse",
    style.bold && "font-semibold",
    // Grey rather than see-through: that would fall below the contrast one can read.
    style.dim && fg === undefined && "text-muted",
    style.italic && "italic",
    style.underline && "underline",
    style.strike && "line-through",
  );
}
