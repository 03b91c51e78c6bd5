/** One event: a line that opens to the whole of it. */
import type { SessionEvent } from "@agent-coordinator/client";
import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { CopyButton, cx, plain, plainLines } from "~/ui/index.ts";
import { ScrollBox } from "../scroll-box.tsx";
import { curlEvent } from "./curl.ts";
import { boundedJson, inShort, json } from "./text.ts";

export interface EventRowProps {
  sessionId: string;
  event: SessionEvent;
  open: boolean;
  onToggle: (seq: number) => void;
}

export const EventRow = memo(function EventRow({ sessionId, event, open, onToggle }: EventRowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list around it is of divisions, as what draws only a part of it needs
    <div role="listitem" className="border-b border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onToggle(event.seq)}
        className="flex min-h-7 w-full min-w-0 items-center gap-2 px-2 text-left text-small outline-offset-[-2px] hover:bg-hover pointer-coarse:min-h-10"
      >
        <ChevronRight
          aria-hidden
          className={cx("size-3 shrink-0 text-muted transition-transform duration-100", open && "rotate-90")}
        />
        <span className="w-9 shrink-0 text-right text-muted">{event.seq}</span>
        <span className="shrink-0 text-muted">{time(event.at)}</span>
        <span className="max-w-[60%] shrink-0 truncate font-mono">{plain(event.type, 80)}</span>
        <span className="min-w-0 flex-1 truncate text-muted">
          <bdi>{plain(inShort(event), 160)}</bdi>
        </span>
      </button>
      {open && <Whole sessionId={sessionId} event={event} />}
    </div>
  );
});

function Whole({ sessionId, event }: { sessionId: string; event: SessionEvent }) {
  const { text, more } = boundedJson(event);
  return (
    <div className="px-2 pb-2">
      <div className="mb-1 flex flex-wrap gap-1.5">
        <CopyButton words text={() => json(event)} label="Copy event" />
        <CopyButton
          words
          text={() => curlEvent(globalThis.location.origin, sessionId, event.seq)}
          label="Copy as curl"
        />
      </div>
      <ScrollBox
        label={`Event ${event.seq}`}
        className="max-h-96 overflow-auto rounded-control border border-line bg-surface p-2"
      >
        <pre className="text-[12px] leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {plainLines(text)}
          {more > 0 && `\n… ${more.toLocaleString("en-US")} more characters`}
        </pre>
      </ScrollBox>
    </div>
  );
}

function time(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? plain(at, 20) : date.toLocaleTimeString(undefined, { hour12: false });
}
