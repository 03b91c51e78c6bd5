/** What the agent's commands printed, all of them in order, following the newest until one scrolls up. */
import { ArrowDown, ChevronDown, ChevronUp, SquareTerminal } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import "~/conversation/style.css";
import { useLiveSelect } from "~/data/index.ts";
import { Button, CopyButton, EmptyState, IconButton } from "~/ui/index.ts";
import { commands } from "./commands.ts";
import { TerminalRow } from "./row.tsx";
import { asText, rows } from "./rows.ts";
import { search } from "./search.ts";

/** Nearer to the end than this counts as at the end. */
const NEAR = 24;

export function Terminal({ sessionId }: { sessionId: string }) {
  const entries = useLiveSelect(sessionId, (live) => commands(live.view));
  const all = useMemo(() => rows(entries), [entries]);
  const list = useRef<VListHandle>(null);
  const [follows, setFollows] = useState(true);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(query);
  const found = useMemo(() => search(all, wanted), [all, wanted]);
  const current = found.rows.length === 0 ? -1 : (found.rows[Math.min(at, found.rows.length - 1)] ?? -1);

  // `all` is another list with every change: then the end is somewhere else.
  useEffect(() => {
    if (follows && wanted === "" && all.length > 0)
      list.current?.scrollToIndex(all.length - 1, { align: "end" });
  }, [all, follows, wanted]);
  useEffect(() => {
    if (current >= 0) list.current?.scrollToIndex(current, { align: "center" });
  }, [current]);

  if (entries.length === 0) {
    return (
      <EmptyState icon={<SquareTerminal aria-hidden />} title="No commands yet">
        What the agent runs, and what it prints, appears here.
      </EmptyState>
    );
  }
  const go = (step: number): void => {
    const count = found.rows.length;
    if (count > 0) setAt((Math.min(at, count - 1) + step + count) % count);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && query !== "") setQuery("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-10 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-2">
        <input
          type="search"
          aria-label="Search in the output"
          placeholder="Search"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
          className="h-7 min-w-0 flex-1 rounded-control bg-transparent px-1.5 text-[13px] placeholder:text-muted pointer-coarse:h-10 pointer-coarse:text-[16px]"
        />
        {query !== "" && (
          <>
            <span role="status" className="shrink-0 text-small text-muted">
              {found.rows.length === 0
                ? "Nothing found"
                : `${Math.min(at, found.rows.length - 1) + 1} of ${found.rows.length}${found.more ? "+" : ""}`}
            </span>
            <IconButton
              size="small"
              label="Previous match"
              icon={<ChevronUp aria-hidden />}
              disabled={found.rows.length === 0}
              onClick={() => go(-1)}
            />
            <IconButton
              size="small"
              label="Next match"
              icon={<ChevronDown aria-hidden />}
              disabled={found.rows.length === 0}
              onClick={() => go(1)}
            />
          </>
        )}
        <CopyButton text={() => asText(entries)} label="Copy all output" />
      </header>
      <VList
        ref={list}
        data={all}
        itemSize={18}
        role="log"
        aria-live="off"
        aria-label="Output of commands"
        tabIndex={0}
        className="min-h-0 flex-1 outline-offset-[-2px]"
        onScroll={(offset) => {
          const handle = list.current;
          if (handle) setFollows(offset + handle.viewportSize >= handle.scrollSize - NEAR);
        }}
      >
        {(row, index) => <TerminalRow key={index} row={row} query={wanted} hit={index === current} />}
      </VList>
      {!follows && (
        <Button
          size="small"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full"
          onClick={() => {
            setQuery("");
            setFollows(true);
          }}
        >
          <ArrowDown aria-hidden className="size-3.5" /> Newest output
        </Button>
      )}
    </div>
  );
}
