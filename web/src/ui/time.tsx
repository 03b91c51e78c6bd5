/** When, relative and ticking, the exact time on hover; and how long, ticking by the second. */
import { useNow } from "./clock.ts";
import { absolute, ago, span } from "./format.ts";

export function Time({ at, short, className }: { at: string; short?: boolean; className?: string }) {
  const now = useNow();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return null;
  return (
    <time dateTime={at} title={absolute(time)} className={className}>
      {ago(time, now, short)}
    </time>
  );
}

/** Since `since` until now, or until `until`. */
export function Elapsed({
  since,
  until,
  className,
}: {
  since: string;
  until?: string | null;
  className?: string;
}) {
  return until ? (
    <span className={className}>{span(Date.parse(until) - Date.parse(since))}</span>
  ) : (
    <Running since={since} className={className} />
  );
}

function Running({ since, className }: { since: string; className?: string | undefined }) {
  const now = useNow("second");
  const ms = Math.max(0, now - Date.parse(since));
  return <span className={className}>{ms < 10_000 ? `${Math.floor(ms / 1000)} s` : span(ms)}</span>;
}
