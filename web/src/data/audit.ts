/** The audit log, page by page, and what the feed tells of it meanwhile. */
import type { AuditQuery, AuditRecord, Page } from "@agent-coordinator/client";
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { keys, queryClient } from "./client.ts";
import { coordinator } from "./coordinator.ts";

type Pages = InfiniteData<Page<AuditRecord>, string>;

const PAGE = 50;

export function useAudit(query: AuditQuery, allowed: boolean) {
  const found = useInfiniteQuery({
    queryKey: [...keys.audit, query],
    queryFn: ({ pageParam, signal }) =>
      coordinator.audit.list(
        { ...query, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    enabled: allowed,
  });
  return { ...found, records: found.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** Whether a record is one of those that are asked for, as the server would say. */
export function isAskedFor(record: AuditRecord, query: AuditQuery): boolean {
  const { actor, action, target, outcome, since, until } = query;
  const at = Date.parse(record.at);
  return (
    (!actor || actorsOf(record).includes(actor)) &&
    (!action || record.action.startsWith(action)) &&
    (!target || record.target === target) &&
    (!outcome || record.outcome === outcome) &&
    (!since || at >= Date.parse(since)) &&
    (!until || at < Date.parse(until))
  );
}

function actorsOf({ actor }: AuditRecord): (string | null | undefined)[] {
  return actor.type === "user" ? [actor.user_id, actor.api_key_id] : [actor.type];
}

/** A record that the feed told: to its place in each list that it belongs to. */
export function hearAudit(data: Record<string, unknown>): void {
  if (typeof data.seq !== "number" || typeof data.action !== "string") return;
  const record = data as unknown as AuditRecord;
  for (const [queryKey, pages] of queryClient.getQueriesData<Pages>({ queryKey: keys.audit })) {
    const query = (queryKey[keys.audit.length] ?? {}) as AuditQuery;
    if (pages && isAskedFor(record, query))
      queryClient.setQueryData<Pages>(queryKey, withRecord(pages, record));
  }
}

/** Newest first; one that is there already stays as it is. */
export function withRecord(data: Pages, record: AuditRecord): Pages {
  const [first, ...rest] = data.pages;
  if (!first || data.pages.some((page) => page.items.some(({ seq }) => seq === record.seq))) return data;
  const at = first.items.findIndex(({ seq }) => seq < record.seq);
  const end = first.next_cursor === null ? first.items.length : -1;
  const place = at < 0 ? end : at;
  if (place < 0) return data;
  return { ...data, pages: [{ ...first, items: first.items.toSpliced(place, 0, record) }, ...rest] };
}
