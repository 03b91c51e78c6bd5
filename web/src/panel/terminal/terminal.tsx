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
/** A scroll this soon after a wheel, a key or a finger is theirs. */
const HAND_MS = 1_000;

export function Terminal({ sessionId }: { sessionId: string }) {
  const entries = useLiveSelect(sessionId, (live) => commands(live.view));
  const all = useMemo(() => rows(entries), [entries]);
  const list = useRef<VListHandle>(null);
  /** When a person last moved something: rows that grow scroll too, and nobody wanted to leave the end then. */
  const hand = useRef(Number.NEGATIVE_INFINITY);
  const [follows, setFollows] = useState(true);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(query);
  const found = useMemo(() => search(all, wanted), [all, wanted]);
  const current = found.rows.length === 0 ? -1 : (found.rows[Math.min(at, found.rows.length - 1)] ?? -1);

  // `all` is another list with every change: then the end is somewhere else.
  useEffect(() => {
    if (follows && all.length > 0) list.current?.scrollToIndex(all.length - 1, { align: "end" });
  }, [all, follows]);
  useEffect(() => {
    if (current < 0) return;
    setFollows(false);
    list.current?.scrollToIndex(current, { align: "center" });
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
  const touched = (): void => {
    hand.current = performance.now();
  };
  const scrolled = (offset: number): void => {
    const handle = list.current;
    if (!handle) return;
    const atEnd = offset + handle.viewportSize >= handle.scrollSize - NEAR;
    if (atEnd) setFollows(true);
    else if (performance.now() - hand.current < HAND_MS) setFollows(false);
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
        onWheel={touched}
        onTouchMove={touched}
        onPointerDown={touched}
        onKeyDown={touched}
        onScroll={scrolled}
      >
        {(row, index) => (
          <TerminalRow key={index} first={index === 0} row={row} query={wanted} hit={index === current} />
        )}
      </VList>
      {!follows && (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <Button
            size="small"
            className="pointer-events-auto rounded-full"
            onClick={() => {
              setQuery("");
              setFollows(true);
            }}
          >
            <ArrowDown aria-hidden className="size-3.5" /> Newest output
          </Button>
        </div>
      )}
    </div>
  );
}
