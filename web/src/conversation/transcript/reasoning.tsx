/** What the agent thought, on one line until somebody wants to read it. */
import type { TextEntry } from "@agent-coordinator/client";
import { ChevronRight } from "lucide-react";
import { cx, plain, span } from "~/ui/index.ts";
import { useFold } from "../folds.ts";
import { Markdown } from "../markdown/markdown.tsx";

export function Reasoning({ entry, since, live }: { entry: TextEntry; since: string | null; live: boolean }) {
  const [open, toggle] = useFold(entry.key);
  const streaming = live && !entry.committed;
  const ms = since === null ? Number.NaN : Date.parse(entry.at) - Date.parse(since);
  const title = streaming
    ? "Thinking"
    : ms >= 1000
      ? `Thought for ${span(Math.round(ms / 1000) * 1000).replace(".0", "")}`
      : "Thought";
  return (
    <div className="py-1 text-muted">
      <button
        type="button"
        aria-expanded={open}
        onClick={toggle}
        className="-mx-1.5 flex min-h-7 w-[calc(100%+0.75rem)] min-w-0 items-center gap-1.5 rounded-control px-1.5 text-start text-base hover:bg-hover max-md:min-h-10"
      >
        <ChevronRight
          aria-hidden
          className={cx("size-3.5 shrink-0 transition-transform duration-100", open && "rotate-90")}
        />
        <span className="shrink-0">{title}</span>
        {!open && <bdi className="min-w-0 truncate">{firstWords(entry.text, streaming)}</bdi>}
      </button>
      {open && (
        <div className="ms-1.5 mt-1 border-s-2 border-line ps-4 text-muted">
          <Markdown text={entry.text} streaming={streaming} />
        </div>
      )}
    </div>
  );
}

/** The first sentence; while it is being written, the newest line. */
export function firstWords(text: string, streaming: boolean): string {
  const lines = text.slice(streaming ? -600 : 0, streaming ? undefined : 600).split("\n");
  const said = lines.filter((line) => line.trim() !== "");
  const line = (streaming ? said[said.length - 1] : said[0]) ?? "";
  return plain(line.replace(/^[#>\-*\s]+/, "").replace(/[*_`]/g, ""), 200);
}
