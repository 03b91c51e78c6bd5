/** Puts what a live stream or the feed told into the list of sessions at once, so that the rail never lags behind the page. */
import type { Page, SessionSummary, SessionView } from "@agent-coordinator/client";
import type { InfiniteData } from "@tanstack/react-query";
import { keys, queryClient } from "./client.ts";

type Pages = InfiniteData<Page<SessionSummary>, string>;

/** True when the two views would look different in the rail. */
export function looksDifferent(before: SessionView, after: SessionView): boolean {
  return (
    before.status !== after.status ||
    before.title !== after.title ||
    before.costMicroUsd !== after.costMicroUsd ||
    before.pending.permissions.length !== after.pending.permissions.length ||
    before.pending.questions.length !== after.pending.questions.length ||
    before.queue.length !== after.queue.length
  );
}

/** So old is a session that the list must know by now. */
const NEW_MS = 60_000;

export function patchSession(id: string, view: SessionView): void {
  // A list that was asked right after the session was made may not have had it yet.
  if (isNew(view) && !isListed(id)) void queryClient.invalidateQueries({ queryKey: keys.sessions });
  queryClient.setQueriesData<Pages>({ queryKey: keys.sessions }, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => {
      const items = page.items.map((item) => (item.id === id ? merged(item, view) : item));
      return items.some((item, at) => item !== page.items[at]) ? { ...page, items } : page;
    });
    return { ...data, pages };
  });
}

function isNew(view: SessionView): boolean {
  return view.createdAt !== null && Date.now() - Date.parse(view.createdAt) < NEW_MS;
}

function isListed(id: string): boolean {
  const data = queryClient.getQueryData<Pages>(keys.sessions);
  return data?.pages.some((page) => page.items.some((item) => item.id === id)) ?? true;
}

/** Rows that the feed told lately: an answer that was on its way meanwhile may be older. */
const heard = new Map<string, SessionSummary>();
const MOST_HEARD = 500;

/** A row as the feed told it: takes the place of an older one, or its own place if there was none. */
export function hearSession(row: SessionSummary): void {
  const known = heard.get(row.id);
  if (dropped.has(row.id) || (known && isNewer(known, row))) return;
  heard.delete(row.id);
  heard.set(row.id, row);
  for (const id of heard.keys()) {
    if (heard.size <= MOST_HEARD) break;
    heard.delete(id);
  }
  // A search has its own rows, archived ones among them; the list has all that are open.
  queryClient.setQueriesData<Pages>({ queryKey: keys.sessions }, (data) => data && replaced(data, row));
  queryClient.setQueryData<Pages>(keys.sessions, (data) => data && listed(data, row));
}

function replaced(data: Pages, row: SessionSummary): Pages {
  const pages = data.pages.map((page) => {
    const at = page.items.findIndex((item) => item.id === row.id && !isNewer(item, row));
    return at < 0 ? page : { ...page, items: page.items.with(at, row) };
  });
  return pages.some((page, at) => page !== data.pages[at]) ? { ...data, pages } : data;
}

function listed(data: Pages, row: SessionSummary): Pages {
  const [first, ...rest] = data.pages;
  const has = data.pages.some((page) => page.items.some((item) => item.id === row.id));
  if (row.status === "archived") return has ? without(data, row.id) : data;
  if (has || !first || isBeyond(data, row)) return data;
  return { ...data, pages: [{ ...first, items: [row, ...first.items] }, ...rest] };
}

/** Older than what was read so far: it comes with a later page. */
function isBeyond(data: Pages, row: SessionSummary): boolean {
  const last = data.pages.at(-1);
  if (!last?.next_cursor) return false;
  const oldest = last.items.at(-1);
  return oldest !== undefined && Date.parse(oldest.created_at) > Date.parse(row.created_at);
}

function without(data: Pages, id: string): Pages {
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
  };
}

function isNewer(one: SessionSummary, other: SessionSummary): boolean {
  return Date.parse(one.updated_at) > Date.parse(other.updated_at);
}

/** The row of an answer, or what the feed told since. */
export function freshest(row: SessionSummary): SessionSummary {
  const told = heard.get(row.id);
  return told && isNewer(told, row) ? told : row;
}

/** Forgets every row: somebody signed out. */
export function forgetRows(): void {
  heard.clear();
  dropped.clear();
}

const dropped = new Set<string>();

/** True once it was deleted: the server may still list it for a moment, while it tidies up. */
export function isDropped(id: string): boolean {
  return dropped.has(id);
}

export function dropSession(id: string): void {
  dropped.add(id);
  heard.delete(id);
  queryClient.setQueriesData<Pages>({ queryKey: keys.sessions }, (data) => data && without(data, id));
}

function merged(item: SessionSummary, view: SessionView): SessionSummary {
  return {
    ...item,
    status: view.status,
    title: view.title,
    cost_micro_usd: view.costMicroUsd,
    pending: { permissions: view.pending.permissions.length, questions: view.pending.questions.length },
    queued: view.queue.length,
    // Opening a session must not move its row: only what it does now makes it newer.
    updated_at: view.status === item.status ? item.updated_at : later(view.updatedAt, item.updated_at),
    why: view.why ? { cause: view.why.cause, message: view.why.message } : item.why,
  };
}

function later(one: string | null, other: string): string {
  return one !== null && Date.parse(one) > Date.parse(other) ? one : other;
}
