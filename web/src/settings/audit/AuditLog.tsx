/** The audit log: who did what, or tried to. New records come by themselves. */
import { RefreshCw, ScrollText } from "lucide-react";
import { useMemo, useState } from "react";
import { useStore } from "zustand";
import { useAudit } from "~/data/audit.ts";
import { feedState } from "~/data/feed.ts";
import { useStanding } from "~/data/organisation.ts";
import { Button, EmptyState, ErrorNote, Skeleton, useNow } from "~/ui/index.ts";
import { refusal } from "../deeds.ts";
import { Note } from "../Note.tsx";
import { Section } from "../Section.tsx";
import { AuditRow } from "./AuditRow.tsx";
import { Export } from "./Export.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { type Filter, isFiltered, NO_FILTER, queryOf } from "./filter.ts";
import { Verification } from "./Verification.tsx";
import { byDay, dayName } from "./words.ts";

export function AuditLog() {
  const standing = useStanding();
  const closed = standing && refusal("audit", standing);
  const [{ filter, at }, setFilter] = useState({ filter: NO_FILTER, at: Date.now() });
  const query = useMemo(() => queryOf(filter, at), [filter, at]);
  const change = (next: Partial<Filter>) => setFilter({ filter: { ...filter, ...next }, at: Date.now() });
  return (
    <Section
      title="Audit log"
      about="Who did what in this organisation, or tried to. Nothing of it is ever changed, and it can be checked that nothing was."
      action={!closed && <Export query={query} />}
    >
      {closed ? (
        <Note>{closed}</Note>
      ) : (
        <>
          <FilterBar filter={filter} onChange={change} onClear={() => change(NO_FILTER)} />
          <Records
            query={query}
            allowed={standing !== undefined}
            onFilter={change}
            onClear={() => change(NO_FILTER)}
          />
          <Verification />
        </>
      )}
    </Section>
  );
}

interface RecordsProps {
  query: ReturnType<typeof queryOf>;
  allowed: boolean;
  onFilter: (next: Partial<Filter>) => void;
  onClear: () => void;
}

function Records({ query, allowed, onFilter, onClear }: RecordsProps) {
  const found = useAudit(query, allowed);
  const { records, isPending, error, refetch, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage } =
    found;
  const now = useNow();
  const days = useMemo(() => byDay(records), [records]);
  if (isPending) {
    return (
      <div aria-busy className="flex flex-col gap-2">
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
      </div>
    );
  }
  if (error && records.length === 0) {
    return <ErrorNote error={error} action={<Button onClick={() => void refetch()}>Try again</Button>} />;
  }
  if (records.length === 0) {
    return (
      <div className="rounded-control border border-line">
        {isFiltered(query) ? (
          <EmptyState
            icon={<ScrollText aria-hidden />}
            title="Nothing of that kind"
            action={<Button onClick={onClear}>Clear the filter</Button>}
          >
            No record is like what you look for.
          </EmptyState>
        ) : (
          <EmptyState icon={<ScrollText aria-hidden />} title="Nothing yet">
            What changes people, keys, secrets or configuration is noted here.
          </EmptyState>
        )}
      </div>
    );
  }
  return (
    <section aria-label="Records" className="flex flex-col gap-3">
      <Freshness busy={isFetching && !isFetchingNextPage} onRefresh={() => void refetch()} />
      {days.map((day) => (
        <section key={day.at} aria-label={dayName(day.at, now)}>
          <h2 className="pb-1 text-small font-medium text-muted">{dayName(day.at, now)}</h2>
          <ul className="divide-y divide-line rounded-control border border-line">
            {day.records.map((record) => (
              <li key={record.seq}>
                <AuditRow record={record} onFilter={onFilter} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && (
        <Button className="self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older records
        </Button>
      )}
    </section>
  );
}

/** Whether what is shown keeps up by itself, and the way to ask anew. */
function Freshness({ busy, onRefresh }: { busy: boolean; onRefresh: () => void }) {
  const follows = useStore(feedState, (state) => state.follows);
  return (
    <div className="-mb-1 flex items-center justify-between gap-3 text-small text-muted">
      <span className="flex items-center gap-1.5">
        <span aria-hidden className={`size-1.5 rounded-full ${follows ? "bg-ok" : "bg-line-strong"}`} />
        {follows ? "New records appear at once" : "New records appear when you refresh"}
      </span>
      <Button size="small" variant="ghost" busy={busy} onClick={onRefresh}>
        <RefreshCw aria-hidden className="size-3.5" />
        Refresh
      </Button>
    </div>
  );
}
