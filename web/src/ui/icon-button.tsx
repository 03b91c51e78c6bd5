/** A button that is only a picture: its name is spoken, and shown in a tooltip with the key that does the same. */
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Tooltip } from "./tooltip.tsx";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label" | "title"> {
  /** The accessible name and the tooltip. */
  label: string;
  /** Shown beside the name: "Ctrl K". */
  keys?: string;
  icon: ReactNode;
  size?: "small" | "normal";
  tone?: "plain" | "bad";
}

export function IconButton({ label, keys, icon, size, tone, className, type, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys}>
      <button
        {...rest}
        type={type ?? "button"}
        aria-label={label}
        className={cx(
          "inline-grid shrink-0 place-items-center rounded-control text-muted transition-colors duration-100",
          "enabled:hover:bg-hover disabled:cursor-not-allowed disabled:opacity-55 aria-pressed:text-accent",
          "[&_svg]:size-4 pointer-coarse:size-10",
          tone === "bad" ? "enabled:hover:text-bad" : "enabled:hover:text-text",
          size === "small" ? "size-6" : "size-8",
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
