/** Several calls in a row that only look, on one line. */
import type { ToolEntry } from "@agent-coordinator/client";
import { FileSearch, LoaderCircle } from "lucide-react";
import { cx, Elapsed, span } from "~/ui/index.ts";
import { useFold } from "../folds.ts";
import { ToolCard } from "./card.tsx";
import { describeCall, describeGroup, middle } from "./describe.ts";

export function ToolGroup({ id, entries }: { id: string; entries: ToolEntry[] }) {
  const [open, toggle] = useFold(`${id} group`);
  const running = entries.find((entry) => entry.status === "running");
  const last = entries[entries.length - 1];
  const about = last === undefined ? null : describeCall(last);
  const [head, tail] = middle(about?.target ?? "", true);
  const ms = entries.reduce((sum, entry) => sum + (entry.durationMs ?? 0), 0);
  const Icon = running === undefined ? FileSearch : LoaderCircle;
  return (
    <div className="c-card">
      <button
        type="button"
        aria-expanded={open}
        onClick={toggle}
        className="flex min-h-8 w-full min-w-0 items-center gap-2 rounded-control px-2.5 text-start text-base hover:bg-hover max-md:min-h-10"
      >
        <Icon
          aria-hidden
          className={cx("size-4 shrink-0 text-muted", running && "animate-spin text-accent")}
        />
        <span className="shrink-0">{describeGroup(entries)}</span>
        <bdi dir="ltr" className="flex min-w-0 flex-1 font-mono text-[0.92em] text-muted">
          {!open && (
            <>
              <span className="truncate whitespace-pre">{head}</span>
              {tail !== "" && <span className="shrink-0 whitespace-pre">{tail}</span>}
            </>
          )}
        </bdi>
        <span className="shrink-0 text-small text-muted">
          {running !== undefined ? <Elapsed since={running.at} /> : ms >= 50 && span(ms)}
        </span>
      </button>
      {open && (
        <div className="flex flex-col gap-1.5 border-t border-line p-1.5">
          {entries.map((entry) => (
            <ToolCard key={entry.key} entry={entry} />
          ))}
        </div>
      )}
    </div>
  );
}
