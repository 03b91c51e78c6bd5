/** What comes out of a live stream. */
import type { Person } from "../api/types.ts";
import type { Delta, SessionEvent } from "../view/types.ts";

export interface LiveOptions {
  /** `seq` of the last event that is known already; 0, the default, replays everything. */
  after?: number;
  /** Ends the stream quietly. */
  signal?: AbortSignal;
}

export type LiveItem =
  | { kind: "event"; event: SessionEvent }
  | { kind: "delta"; promptId: string; delta: Delta }
  | { kind: "presence"; people: Person[] }
  | { kind: "caught_up"; head: number }
  | { kind: "connection"; state: "connecting" | "open" | "lost"; attempt: number; retryInMs?: number };
