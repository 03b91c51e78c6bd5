/** One thing that is tried with the server: under way, refused with words, or held up for a while. */
import { CoordinatorError } from "@agent-coordinator/client";
import { type ReactNode, useCallback, useState } from "react";
import { ErrorNote, plain, useNow } from "~/ui/index.ts";
import { remaining } from "./remaining.ts";

/** Where the server says that it is too often, but not for how long. */
const SOME_TIME_MS = 60_000;

export interface Attempt {
  busy: boolean;
  /** Why the last one failed; null when it did not. */
  error: unknown;
  /** When it may be tried again, milliseconds. */
  again: number;
  /** Does it; answers whether it worked. */
  run: (act: () => Promise<void>) => Promise<boolean>;
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [again, setAgain] = useState(0);
  const run = useCallback(async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await act();
      return true;
    } catch (failure) {
      if (isCode(failure, "rate_limited")) setAgain(Date.now() + (failure.retryAfterMs ?? SOME_TIME_MS));
      setError(failure);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, error, again, run };
}

export interface FailureProps {
  attempt: Attempt;
  /** What a code means here, in words of this place. */
  words?: Record<string, ReactNode>;
  /** Fields that say themselves what is wrong with them. */
  fields?: readonly string[];
}

/** Why it failed. Nothing when it did not. */
export function Failure({ attempt, words = {}, fields = [] }: FailureProps) {
  const { error, again } = attempt;
  if (error === null || fields.some((field) => refusal(error, field) !== null)) return null;
  if (isCode(error, "rate_limited")) return <Throttled until={again} why={error.detail} />;
  const said = error instanceof CoordinatorError ? words[error.code] : undefined;
  if (said === undefined) return <ErrorNote error={error} />;
  return (
    <div role="alert" className="text-bad">
      {said}
    </div>
  );
}

/** The countdown is seen and not read out: only that there is one is. */
function Throttled({ until, why }: { until: number; why: string }) {
  const now = useNow("second");
  const left = remaining(until - now);
  return (
    <div role="alert" className="rounded-control border border-warn/50 bg-warn-soft px-3 py-2.5">
      <p>{plain(why, 300)}</p>
      <p role="timer" aria-live="off" className="mt-1 font-semibold">
        {left ? `Try again in ${left}.` : "You can try again now."}
      </p>
    </div>
  );
}

export function isCode(error: unknown, code: string): error is CoordinatorError {
  return error instanceof CoordinatorError && error.code === code;
}

/** What the server says about one field of what was sent; null when it says nothing about it. */
export function refusal(error: unknown, field: string): string | null {
  return isCode(error, "invalid_request") && error.field === field ? error.detail : null;
}
