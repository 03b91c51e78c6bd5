// @vitest-environment jsdom
import { CoordinatorError, type LiveItem, type SessionEvent } from "@agent-coordinator/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stream } from "./stream.ts";

/** A stream that brings what the test puts into it. */
function source() {
  const items: LiveItem[] = [];
  let wake = () => {};
  let over: Error | "end" | undefined;
  const opened: number[] = [];
  async function* open(_id: string, after: number, signal: AbortSignal): AsyncGenerator<LiveItem> {
    opened.push(after);
    for (;;) {
      const item = items.shift();
      if (item) yield item;
      else if (signal.aborted || over === "end") return;
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
    opened,
    push: (...more: LiveItem[]) => {
      items.push(...more);
      wake();
    },
    finish: (how: Error | "end") => {
      over = how;
      wake();
    },
  };
}

function renamed(seq: number, title: string): LiveItem {
  const event: SessionEvent = { seq, type: "session.renamed", at: "2026-05-04T12:00:00Z", data: { title } };
  return { kind: "event", event };
}

let frames: FrameRequestCallback[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => frames.push(run));
  vi.stubGlobal("cancelAnimationFrame", () => {
    frames = [];
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets what was pushed arrive. */
async function arrive() {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

function frame() {
  const due = frames;
  frames = [];
  for (const run of due) run(0);
}

async function started() {
  const from = source();
  const stream = new Stream("ses_1", from.open);
  let renders = 0;
  stream.store.subscribe(() => {
    renders += 1;
  });
  stream.start();
  await arrive();
  renders = 0;
  return { from, stream, renders: () => renders };
}

test("the replay is shown when it is complete, in one step", async () => {
  const { from, stream, renders } = await started();
  from.push({ kind: "connection", state: "open", attempt: 0 }, renamed(1, "a"), renamed(2, "b"));
  await arrive();
  expect(renders()).toBe(0);
  from.push({ kind: "caught_up", head: 2 });
  await arrive();
  frame();
  expect(renders()).toBe(1);
  const { view, caughtUp, connection } = stream.store.getState();
  expect([view.head, caughtUp, connection.state]).toEqual([2, true, "open"]);
});

test("a long replay is shown in steps, not held back for ever", async () => {
  const { from, stream } = await started();
  from.push(renamed(1, "a"));
  await arrive();
  vi.advanceTimersByTime(250);
  expect([stream.store.getState().view.head, stream.store.getState().caughtUp]).toEqual([1, false]);
});

test("however much comes, the page hears of it once per frame", async () => {
  const { from, stream, renders } = await started();
  from.push({ kind: "caught_up", head: 0 });
  await arrive();
  frame();
  const before = renders();
  for (let seq = 1; seq <= 500; seq += 1) from.push(renamed(seq, `title ${seq}`));
  for (let turn = 0; turn < 100; turn += 1) await arrive();
  expect(renders()).toBe(before);
  frame();
  expect([renders() - before, stream.store.getState().view.head]).toEqual([1, 500]);
});

test("a page that draws no frames is told by a timer", async () => {
  const { from, stream } = await started();
  from.push({ kind: "caught_up", head: 0 });
  await arrive();
  vi.advanceTimersByTime(300);
  expect(stream.store.getState().caughtUp).toBe(true);
});

test("it resumes after the last event it knows", async () => {
  const { from, stream } = await started();
  from.push(renamed(1, "a"), { kind: "caught_up", head: 1 });
  await arrive();
  stream.end();
  expect(stream.store.getState().view.head).toBe(1);
  stream.start();
  await arrive();
  expect(from.opened).toEqual([0, 1]);
  stream.end();
});

test("presence and a lost connection are told, with the time of the next try", async () => {
  vi.setSystemTime(1000);
  const { from, stream } = await started();
  from.push(
    { kind: "caught_up", head: 0 },
    { kind: "presence", people: [{ user_id: "usr_1", name: "Ada" }] },
    { kind: "connection", state: "lost", attempt: 0, retryInMs: 250 },
  );
  await arrive();
  frame();
  const { people, connection } = stream.store.getState();
  expect(people).toEqual([{ user_id: "usr_1", name: "Ada" }]);
  expect(connection).toMatchObject({ state: "lost", attempt: 0 });
  expect(connection.retryAt).toBeGreaterThan(0);
});

test("a failure that coming back cannot help is kept for the page, and may be tried again", async () => {
  const { from, stream } = await started();
  const failure = new CoordinatorError({ status: 404, code: "not_found", title: "Not found", detail: "" });
  from.finish(failure);
  await arrive();
  expect([stream.store.getState().error, stream.running]).toEqual([failure, false]);
});

test("a deleted session is gone", async () => {
  const { from, stream } = await started();
  from.finish("end");
  await arrive();
  expect(stream.store.getState().gone).toBe(true);
});
