/** Something that happened to the session itself, on one quiet line. */
import type { EgressRow, NoticeEntry, Turn } from "@agent-coordinator/client";
import { CircleX, Info, ListX, ShieldX, TriangleAlert } from "lucide-react";
import { cx, plain, Time } from "~/ui/index.ts";
import { Person } from "./person.tsx";

const ICONS = { info: Info, warning: TriangleAlert, error: CircleX };
const TONES = { info: "text-muted", warning: "text-warn", error: "text-bad" };

export function Notice({ entry }: { entry: NoticeEntry }) {
  const Icon = ICONS[entry.level];
  return (
    <p className={cx("flex items-start gap-1.5 py-1.5 text-base", TONES[entry.level])}>
      <Icon aria-hidden className="mt-[3px] size-3.5 shrink-0" />
      <bdi dir="auto" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {plain(entry.text, 600)}
      </bdi>
      <Time at={entry.at} short className="shrink-0 text-small text-muted" />
    </p>
  );
}

export function EgressDenied({ row }: { row: EgressRow }) {
  return (
    <p className="flex items-start gap-1.5 py-1.5 text-base text-muted">
      <ShieldX aria-hidden className="mt-[3px] size-3.5 shrink-0" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        The network refused{" "}
        <bdi className="font-mono text-[0.92em]">
          {plain(row.host, 255)}:{row.port}
        </bdi>
        {row.count > 1 && ` (${row.count} times)`}
        {row.reason !== "" && `: ${plain(row.reason, 200)}`}
      </span>
      <Time at={row.lastAt} short className="shrink-0 text-small" />
    </p>
  );
}

/** A prompt that was cancelled while it waited. */
export function TakenBack({ turn }: { turn: Turn }) {
  return (
    <p className="flex items-start gap-1.5 py-1.5 text-base text-muted">
      <ListX aria-hidden className="mt-[3px] size-3.5 shrink-0" />
      <span className="min-w-0 flex-1 truncate">
        {turn.cancelledBy === null ? (
          "Not run: "
        ) : (
          <>
            <Person author={turn.cancelledBy} /> took back:{" "}
          </>
        )}
        <bdi dir="auto">{plain(turn.text, 300)}</bdi>
      </span>
      {turn.endedAt !== null && <Time at={turn.endedAt} short className="shrink-0 text-small" />}
    </p>
  );
}
