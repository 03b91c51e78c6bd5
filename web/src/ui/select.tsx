/** One of few. What can't be chosen now stays in the list and says why. */
import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { useLandmark } from "./landmark.ts";

export interface SelectOption<T extends string = string> {
  value: T;
  label: string;
  /** A second line. */
  hint?: ReactNode;
  /** Why it can't be chosen now. */
  disabledReason?: string | null;
}

export interface SelectProps<T extends string> {
  /** The accessible name, unless a `Field` around it gives one by `id`. */
  label?: string;
  id?: string;
  value: T;
  onChange: (value: T) => void;
  options: SelectOption<T>[];
  placeholder?: string;
  disabled?: boolean;
  size?: "small" | "normal";
  className?: string;
  "aria-describedby"?: string;
}

export function Select<T extends string>({
  label,
  value,
  onChange,
  options,
  placeholder,
  disabled,
  size,
  className,
  ...rest
}: SelectProps<T>) {
  const { ref, container, find } = useLandmark<HTMLButtonElement>();
  return (
    <Radix.Root
      onOpenChange={find}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      disabled={disabled ?? false}
    >
      <Radix.Trigger
        ref={ref}
        {...rest}
        aria-label={label}
        className={cx(
          "inline-flex min-w-0 items-center gap-1.5 rounded-control border border-line-strong bg-raised text-left disabled:opacity-55 enabled:hover:bg-hover pointer-coarse:min-h-10",
          size === "small" ? "h-7 px-2 text-[13px]" : "h-8 px-2.5 text-base",
          className,
        )}
      >
        <span className="min-w-0 flex-1 truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon asChild>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-96 overflow-hidden rounded-control border border-line-strong bg-raised text-base"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={Boolean(option.disabledReason)}
                className="flex cursor-default items-start gap-2 rounded py-1 pr-2 pl-2 outline-none select-none data-highlighted:bg-hover pointer-coarse:min-h-10"
              >
                <span className="min-w-0 flex-1">
                  <span className={cx("block truncate", option.disabledReason && "text-muted")}>
                    <Radix.ItemText>{option.label}</Radix.ItemText>
                  </span>
                  {(option.disabledReason ?? option.hint) && (
                    <span className="block text-small text-muted">
                      {option.disabledReason ?? option.hint}
                    </span>
                  )}
                </span>
                <span className="grid size-5 shrink-0 place-items-center">
                  <Radix.ItemIndicator>
                    <Check aria-hidden className="size-3.5" />
                  </Radix.ItemIndicator>
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
