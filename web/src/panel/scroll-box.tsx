/** A part of the page that scrolls by itself: it has a name and takes the focus, so that the keyboard can scroll it. */
import type { CSSProperties, ReactNode } from "react";
import { cx } from "~/ui/index.ts";

export interface ScrollBoxProps {
  label: string;
  className?: string | undefined;
  style?: CSSProperties;
  children: ReactNode;
}

export function ScrollBox({ label, className, style, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={cx("outline-offset-[-2px]", className)}
      style={style}
    >
      {children}
    </div>
  );
}
