/** Waiting that can be cut short. */

/** Resolves after `ms`, or at once when the signal fires. */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}

/** 250 ms, doubled with each attempt up to 10 s, each between half of it and all of it, so that not all come back at once. */
export function backoff(attempt: number): number {
  const most = Math.min(10_000, 250 * 2 ** Math.min(attempt, 10));
  return Math.max(250, Math.round(most * (0.5 + Math.random() / 2)));
}
