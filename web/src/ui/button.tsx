/** The one button. What it does is written on it; `busy` keeps its width while something is under way. */
import type { ComponentProps } from "react";
import { cx } from "./cx.ts";
import { Spinner } from "./spinner.tsx";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  size?: "small" | "normal";
  busy?: boolean;
}

const BASE =
  "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control " +
  "border font-medium transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55 " +
  "aria-disabled:cursor-not-allowed aria-disabled:opacity-55 pointer-coarse:min-h-10";

const VARIANT: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-accent-text enabled:hover:brightness-110",
  secondary: "border-line-strong bg-raised text-text enabled:hover:bg-hover",
  ghost: "border-transparent bg-transparent text-muted enabled:hover:bg-hover enabled:hover:text-text",
  danger: "border-bad bg-transparent text-bad enabled:hover:bg-bad-soft",
};

/** The look alone, for links that do a button's work. */
export function buttonClass(
  variant: ButtonVariant = "secondary",
  size: "small" | "normal" = "normal",
): string {
  return cx(BASE, VARIANT[variant], size === "small" ? "h-7 px-2 text-[13px]" : "h-8 px-3 text-base");
}

export function Button({ variant, size, busy, className, children, disabled, type, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? "button"}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(variant, size), className)}
    >
      {busy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
      <span className={cx("inline-flex items-center gap-1.5", busy && "opacity-0")}>{children}</span>
    </button>
  );
}
