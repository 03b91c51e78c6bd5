/** The raw log: every event as it came, to filter, open and copy. */
import { ArrowLeft } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { VList, type VListHandle } from "virtua";
import { ErrorNote, IconButton, Select, Spinner } from "~/ui/index.ts";
import { EventRow } from "./event-row.tsx";
import { useEvents } from "./use-events.ts";

const ALL = "*";

export function Events({ sessionId, onBack }: { sessionId: string; onBack: () => void }) {
  const { events, caughtUp, error } = useEvents(sessionId);
  const [type, setType] = useState(ALL);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const list = useRef<VListHandle>(null);
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  const types = useMemo(() => {
    const counts = new Map<string, number>();
    for (const event of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => a.localeCompare(b)).slice(0, 200);
  }, [events]);
  const shown = useMemo(
    () => (type === ALL ? events : events.filter((event) => event.type === type)),
    [events, type],
  );
  const options = [
    { value: ALL, label: "All types", hint: `${events.length.toLocaleString("en-US")} events` },
    ...types.map(([value, count]) => ({
      value,
      label: value.slice(0, 80),
      hint: `${count.toLocaleString("en-US")}`,
    })),
  ];
  const toggle = (seq: number): void => {
    const next = new Set(open);
    if (!next.delete(seq)) next.add(seq);
    setOpen(next);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-10 shrink-0 items-center gap-1.5 border-b border-line px-1.5">
        <IconButton
          ref={back}
          size="small"
          label="Back to details"
          icon={<ArrowLeft aria-hidden />}
          onClick={onBack}
        />
        <h2 className="flex-1 text-[13px] font-semibold">Raw events</h2>
        {!caughtUp && error === null && <Spinner label="Loading events" />}
        <Select
          size="small"
          label="Filter by type"
          value={type}
          onChange={setType}
          options={options}
          className="max-w-52"
        />
      </header>
      {error !== null && <ErrorNote className="m-3" error={error} />}
      <VList ref={list} data={shown} itemSize={28} role="list" aria-label="Events" className="min-h-0 flex-1">
        {(event) => (
          <EventRow
            key={event.seq}
            sessionId={sessionId}
            event={event}
            open={open.has(event.seq)}
            onToggle={toggle}
          />
        )}
      </VList>
    </div>
  );
}
