/**
 * One session's live stream and the view folded from it. However fast frames come, the page hears of them once per
 * animation frame; the replay at the start is shown when it is complete, or in a few large steps when it is long.
 */
import {
  applyAll,
  type CoordinatorError,
  emptyView,
  type LiveItem,
  type Person,
  type SessionView,
} from "@agent-coordinator/client";
import { createStore, type StoreApi } from "zustand/vanilla";
import { coordinator } from "./coordinator.ts";
import { dropSession, looksDifferent, patchSession } from "./patch.ts";

export interface Connection {
  state: "connecting" | "open" | "lost";
  attempt: number;
  /** When it is tried again, in milliseconds since 1970. */
  retryAt?: number;
}

export interface LiveState {
  view: SessionView;
  connection: Connection;
  people: Person[];
  /** True once everything that had happened before is in the view. */
  caughtUp: boolean;
  /** Why the stream ended for good: not there, not allowed, or a fault of ours. */
  error: CoordinatorError | Error | null;
  /** Deleted while it was looked at. */
  gone: boolean;
}

type Open = (id: string, after: number, signal: AbortSignal) => AsyncIterable<LiveItem>;

const openLive: Open = (id, after, signal) => coordinator.sessions.open(id).live({ after, signal });

/** How long the first replay may stay unseen. */
const FIRST_MS = 200;
/** A hidden page draws no frames; it still counts what waits for a person. */
const HIDDEN_MS = 250;

export class Stream {
  readonly store: StoreApi<LiveState>;
  private waiting: LiveItem[] = [];
  private cancelFlush: (() => void) | undefined;
  private stop: AbortController | undefined;

  constructor(
    private readonly id: string,
    private readonly open: Open = openLive,
  ) {
    this.store = createStore<LiveState>(() => ({
      view: emptyView(),
      connection: { state: "connecting", attempt: 0 },
      people: [],
      caughtUp: false,
      error: null,
      gone: false,
    }));
  }

  get running(): boolean {
    return this.stop !== undefined;
  }

  start(): void {
    if (this.stop || this.store.getState().gone) return;
    this.stop = new AbortController();
    this.store.setState({ error: null });
    void this.read(this.stop.signal);
  }

  /** Closes the connection; the view stays and is continued by the next start. */
  end(): void {
    this.stop?.abort();
    this.stop = undefined;
    this.flush();
    this.store.setState({ people: [], connection: { state: "connecting", attempt: 0 } });
  }

  private async read(signal: AbortSignal): Promise<void> {
    try {
      for await (const item of this.open(this.id, this.store.getState().view.head, signal)) {
        if (signal.aborted) return;
        this.waiting.push(item);
        this.schedule(item.kind === "caught_up");
      }
      if (signal.aborted) return;
      this.flush();
      this.store.setState({ gone: true });
      dropSession(this.id);
    } catch (error) {
      if (signal.aborted) return;
      this.flush();
      this.stop = undefined;
      this.store.setState({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  private schedule(complete: boolean): void {
    const first = !this.store.getState().caughtUp;
    if (first && complete) {
      this.cancelFlush?.();
      this.cancelFlush = undefined;
    }
    if (this.cancelFlush) return;
    this.cancelFlush =
      first && !complete
        ? later(FIRST_MS, this.flush)
        : document.hidden
          ? later(HIDDEN_MS, this.flush)
          : onFrame(this.flush);
  }

  private readonly flush = (): void => {
    this.cancelFlush?.();
    this.cancelFlush = undefined;
    if (this.waiting.length === 0) return;
    const items = this.waiting;
    this.waiting = [];
    const before = this.store.getState();
    const next: LiveState = { ...before, view: applyAll(before.view, items) };
    for (const item of items) {
      if (item.kind === "connection") next.connection = connectionOf(item);
      else if (item.kind === "presence") next.people = item.people;
      else if (item.kind === "caught_up") next.caughtUp = true;
    }
    this.store.setState(next, true);
    if (next.caughtUp && (!before.caughtUp || looksDifferent(before.view, next.view)))
      patchSession(this.id, next.view);
  };
}

function connectionOf(item: Extract<LiveItem, { kind: "connection" }>): Connection {
  const { state, attempt, retryInMs } = item;
  return retryInMs === undefined ? { state, attempt } : { state, attempt, retryAt: Date.now() + retryInMs };
}

function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function onFrame(run: () => void): () => void {
  // A page that is hidden before the frame comes never gets it: a timer stands in.
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_MS);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
