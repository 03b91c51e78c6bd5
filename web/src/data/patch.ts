/** Puts what a live stream told into the list of sessions at once, so that the rail never lags behind the page. */
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

const dropped = new Set<string>();

/** True once it was deleted: the server may still list it for a moment, while it tidies up. */
export function isDropped(id: string): boolean {
  return dropped.has(id);
}

export function dropSession(id: string): void {
  dropped.add(id);
  queryClient.setQueriesData<Pages>(
    { queryKey: keys.sessions },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
      },
  );
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
