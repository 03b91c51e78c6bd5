/** One clock for everything on the page that shows an age: a timer per page instead of one per row. */
import { useSyncExternalStore } from "react";

class Clock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private at = Date.now();

  constructor(private readonly everyMs: number) {}

  readonly now = (): number => this.at;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.timer === undefined) {
      this.at = Date.now();
      this.timer = setInterval(() => this.tick(), this.everyMs);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    };
  };

  private tick(): void {
    this.at = Date.now();
    for (const listener of this.listeners) listener();
  }
}

const slow = new Clock(10_000);
const fast = new Clock(1_000);

/** Milliseconds now, fresh every ten seconds, or every second with `"second"`. */
export function useNow(every: "ten seconds" | "second" = "ten seconds"): number {
  const clock = every === "second" ? fast : slow;
  return useSyncExternalStore(clock.subscribe, clock.now);
}
