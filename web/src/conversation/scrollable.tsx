/**
 * A box that scrolls sideways or down by itself. The keyboard must reach it, so it has a name and takes the focus. It is
 * no landmark: a conversation has many of them, with the same names.
 */
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
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what one fills in
    <div role="group" aria-label={label} tabIndex={0} className={cx("c-scroll", className)}>
      {children}
    </div>
  );
}
