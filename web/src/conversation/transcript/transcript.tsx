/** All that was said and done, oldest first; only what is near the screen is really there. */
import { ArrowDown } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { Virtualizer } from "virtua";
import { cx, Skeleton } from "~/ui/index.ts";
import { useDesk } from "../desk.ts";
import { useView } from "../source.ts";
import { Empty } from "./empty.tsx";
import { useFollow } from "./follow.ts";
import { RowView } from "./row.tsx";
import { type Row, Rows } from "./rows.ts";

export const Transcript = memo(function Transcript() {
  const desk = useDesk();
  // What went wrong with the stream is said above, by the frame.
  const { caughtUp, failed } = useView(({ caughtUp, error }) => ({ caughtUp, failed: error !== null }));
  const rows = useRows();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const ready = caughtUp && rows.length > 0;
  const { atEnd, follow, hold } = useFollow(scroller, content, ready);

  useEffect(() => {
    desk.hold = hold;
    desk.follow = follow;
  }, [desk, hold, follow]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden overscroll-contain outline-offset-[-2px] [overflow-anchor:none] [scrollbar-gutter:stable_both-edges]"
      >
        <div ref={content} className="mx-auto w-full max-w-[46rem] px-4 pb-6 max-md:px-3">
          {!caughtUp && !failed && <Loading />}
          {caughtUp && rows.length === 0 && <Empty />}
          {ready && (
            <Virtualizer scrollRef={scroller} data={rows} bufferSize={600}>
              {(row: Row) => <RowView key={row.key} row={row} />}
            </Virtualizer>
          )}
        </div>
      </div>
      {ready && !atEnd && <Jump rows={rows} onJump={follow} />}
    </div>
  );
});

function useRows(): Row[] {
  const view = useView((snapshot) => snapshot.view);
  const rows = useRef<Rows>(null);
  rows.current ??= new Rows();
  return rows.current.update(view);
}

/** Back to the end, with how much is new there. */
function Jump({ rows, onJump }: { rows: Row[]; onJump: () => void }) {
  const before = useRef(rows.length);
  const waits = useView(({ view }) => view.pending.permissions.length + view.pending.questions.length > 0);
  const fresh = Math.max(0, rows.length - before.current);
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
      <button
        type="button"
        onClick={onJump}
        className={cx(
          "pointer-events-auto flex h-8 items-center gap-1.5 rounded-full border bg-raised px-3.5 text-base shadow-sm hover:bg-hover max-md:h-10",
          waits ? "border-warn text-warn" : "border-line-strong",
        )}
      >
        <ArrowDown aria-hidden className="size-3.5" />
        {waits && <span>Needs you:</span>}
        <span>Jump to latest</span>
        {fresh > 0 && <span className="text-muted">{fresh} new</span>}
      </button>
    </div>
  );
}

function Loading() {
  return (
    <div role="status" className="flex flex-col gap-3 pt-8">
      <span className="sr-only">Loading the conversation</span>
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-4 w-3/5" />
    </div>
  );
}
