// @vitest-environment jsdom
import { CoordinatorError, type FeedItem, type SessionSummary } from "@agent-coordinator/client";
import type { InfiniteData } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keys, queryClient } from "./client.ts";
import { feedState, followFeed, pauseFeed } from "./feed.ts";
import { dropSession, forgetRows, freshest, isDropped } from "./patch.ts";
import { shown } from "./queries.ts";

type Pages = InfiniteData<{ items: SessionSummary[]; next_cursor: string | null }, string>;

function row(id: string, second: number, more: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id,
    status: "running",
    title: id,
    agent: "opencode",
    model: "demo/scripted",
    repository: null,
    created_at: "2026-05-04T12:00:00Z",
    updated_at: `2026-05-04T12:00:${String(second).padStart(2, "0")}Z`,
    created_by: { user_id: "usr_1" },
    tokens: { input: 0, output: 0, cached: 0, reasoning: 0 },
    cost_micro_usd: 0,
    pending: { permissions: 0, questions: 0 },
    queued: 0,
    why: { cause: "c", message: "m" },
    ...more,
  } as SessionSummary;
}

let seq = 0;
function told(type: string, data: SessionSummary | Record<string, never>, id?: string): FeedItem {
  seq += 1;
  const event = { seq, type, at: "2026-05-04T12:00:00Z", data: data as Record<string, unknown> };
  return { kind: "event", event: id === undefined ? event : { ...event, session_id: id } };
}

/** Each call follows what the test pushes into the latest of them. */
function source() {
  let items: FeedItem[] = [];
  let over: Error | undefined;
  let wake = () => {};
  let opened = 0;
  async function* open(signal: AbortSignal): AsyncGenerator<FeedItem> {
    opened += 1;
    items = [];
    over = undefined;
    for (;;) {
      const item = items.shift();
      if (item) yield item;
      else if (signal.aborted) return;
      else if (over) throw over;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
    }
  }
  return {
    open,
    opened: () => opened,
    push: async (...more: FeedItem[]) => {
      items.push(...more);
      wake();
      await vi.advanceTimersByTimeAsync(0);
    },
    fail: async (error: Error) => {
      over = error;
      wake();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

function list(...items: SessionSummary[]): void {
  queryClient.setQueryData<Pages>(keys.sessions, {
    pages: [{ items, next_cursor: null }],
    pageParams: [""],
  });
}

function rows(key: readonly string[] = keys.sessions): SessionSummary[] {
  return queryClient.getQueryData<Pages>(key)?.pages.flatMap((page) => page.items) ?? [];
}

const seen = () => rows().map(({ id, status }) => `${id} ${status}`);

let from: ReturnType<typeof source>;
let stop: () => void;
const asked = vi.spyOn(queryClient, "invalidateQueries");

beforeEach(async () => {
  vi.useFakeTimers();
  asked.mockClear();
  from = source();
  stop = followFeed(from.open);
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  stop();
  queryClient.clear();
  forgetRows();
  vi.useRealTimers();
});

test("the list is asked once when following begins, and not after a break", async () => {
  expect(feedState.getState().follows).toBe(false);
  await from.push({ kind: "caught_up", head: 3 });
  expect(feedState.getState().follows).toBe(true);
  expect(asked).toHaveBeenCalledTimes(1);
  await from.push({ kind: "connection", state: "lost", attempt: 0, retryInMs: 250 });
  expect(feedState.getState().follows).toBe(false);
  await from.push({ kind: "connection", state: "open", attempt: 0 }, { kind: "caught_up", head: 9 });
  expect(feedState.getState().follows).toBe(true);
  expect(asked).toHaveBeenCalledTimes(1);
});

test("who signs out lets go of the connection first, and takes it up again when that was refused", async () => {
  await from.push({ kind: "caught_up", head: 3 });
  const resume = pauseFeed();
  expect(feedState.getState().follows).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(from.opened()).toBe(1);
  resume();
  await from.push({ kind: "caught_up", head: 3 });
  expect(from.opened()).toBe(2);
  expect(feedState.getState().follows).toBe(true);
});

test("rows come, change, and leave at once", async () => {
  list(row("ses_1", 1));
  await from.push(told("session.created", row("ses_2", 2)));
  expect(seen()).toEqual(["ses_2 running", "ses_1 running"]);
  await from.push(told("session.status_changed", row("ses_1", 3, { status: "idle" })));
  expect(seen()).toEqual(["ses_2 running", "ses_1 idle"]);
  await from.push(told("session.deleted", {}, "ses_2"));
  expect(seen()).toEqual(["ses_1 idle"]);
  expect(isDropped("ses_2")).toBe(true);
  await from.push(told("session.archived", row("ses_1", 4, { status: "archived" })));
  expect(seen()).toEqual([]);
  // What comes late about one that is gone does not bring it back.
  await from.push(told("session.status_changed", row("ses_2", 9)));
  expect(seen()).toEqual([]);
});

test("nothing older takes the place of something newer, wherever it comes from", async () => {
  list(row("ses_1", 5, { status: "idle" }));
  await from.push(told("session.status_changed", row("ses_1", 4)));
  expect(seen()).toEqual(["ses_1 idle"]);
  await from.push(told("session.status_changed", row("ses_1", 7, { status: "failed" })));
  expect(seen()).toEqual(["ses_1 failed"]);
  // An answer that was on its way.
  expect(freshest(row("ses_1", 6)).status).toBe("failed");
  expect(freshest(row("ses_1", 8)).status).toBe("running");
  dropSession("ses_1");
  expect(freshest(row("ses_1", 6)).status).toBe("running");
});

test("what was archived or deleted just now is not brought back by an answer from before", async () => {
  await from.push(
    told("session.archived", row("ses_1", 3, { status: "archived" })),
    told("session.deleted", {}, "ses_2"),
  );
  const answer = [row("ses_1", 2), row("ses_2", 2), row("ses_3", 2), row("ses_3", 2)].map(freshest);
  expect(shown(answer, false).map(({ id }) => id)).toEqual(["ses_3"]);
  expect(shown(answer, true).map(({ id }) => id)).toEqual(["ses_1", "ses_3"]);
});

test("a search keeps its rows, and gets no others", async () => {
  const search = [...keys.sessions, "q"];
  queryClient.setQueryData<Pages>(search, {
    pages: [{ items: [row("ses_1", 1)], next_cursor: null }],
    pageParams: [""],
  });
  await from.push(
    told("session.created", row("ses_2", 2)),
    told("session.archived", row("ses_1", 3, { status: "archived" })),
  );
  expect(rows(search).map(({ id, status }) => `${id} ${status}`)).toEqual(["ses_1 archived"]);
});

test("a row from beyond what was read waits for its page", async () => {
  queryClient.setQueryData<Pages>(keys.sessions, {
    pages: [{ items: [row("ses_9", 1)], next_cursor: "c" }],
    pageParams: [""],
  });
  await from.push(told("session.status_changed", row("ses_1", 2, { created_at: "2026-05-01T12:00:00Z" })));
  expect(seen()).toEqual(["ses_9 running"]);
});

test("it begins anew after being away for too long, and gives up when nobody is signed in", async () => {
  await from.push({ kind: "caught_up", head: 3 });
  const problem = (status: number, code: string) =>
    Object.assign(Object.create(CoordinatorError.prototype) as CoordinatorError, { status, code });
  await from.fail(problem(410, "cursor_expired"));
  await vi.advanceTimersByTimeAsync(0);
  expect(from.opened()).toBe(2);
  await from.push({ kind: "caught_up", head: 900 });
  expect(asked).toHaveBeenCalledTimes(2);
  await from.fail(problem(500, "internal"));
  await vi.advanceTimersByTimeAsync(14_000);
  expect([from.opened(), feedState.getState().follows]).toEqual([2, false]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(from.opened()).toBe(3);
  await from.fail(problem(401, "unauthenticated"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(from.opened()).toBe(3);
});

test("environments are asked again when one has changed", async () => {
  await from.push(told("environment.changed", {}));
  expect(asked).toHaveBeenCalledWith({ queryKey: keys.environments });
});
