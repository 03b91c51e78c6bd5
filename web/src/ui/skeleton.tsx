/** The place of something that is on its way, in its size, so that nothing moves when it comes. */
import { cx } from "./cx.ts";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("block animate-pulse rounded bg-hover", className)} />;
}
