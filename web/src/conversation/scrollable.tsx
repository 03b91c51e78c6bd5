/** A box that scrolls sideways or down by itself. The keyboard must reach it, so it has a name and takes the focus. */
import type { ReactNode } from "react";
import { cx } from "~/ui/index.ts";

export function Scrollable({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className={cx("c-scroll", className)}>
      {children}
    </section>
  );
}
