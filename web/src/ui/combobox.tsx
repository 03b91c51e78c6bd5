/** One of many: a button that opens a list with a field to narrow it down. */
import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx.ts";
import type { SelectOption } from "./select.tsx";

export interface ComboboxOption<T extends string = string> extends SelectOption<T> {
  /** Heading above the first option that has it. */
  group?: string;
}

export interface ComboboxProps<T extends string> {
  label: string;
  value: T | null;
  onChange: (value: T) => void;
  options: ComboboxOption<T>[];
  placeholder?: string;
  searchPlaceholder?: string;
  /** Below the list: where to get more. */
  footer?: ReactNode;
  disabled?: boolean;
  size?: "small" | "normal";
  variant?: "field" | "ghost";
  id?: string;
  className?: string;
}

export function Combobox<T extends string>(props: ComboboxProps<T>) {
  const {
    label,
    value,
    onChange,
    options,
    placeholder = "Choose",
    disabled,
    size,
    variant,
    id,
    className,
  } = props;
  const [open, setOpen] = useState(false);
  const chosen = options.find((option) => option.value === value);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          id={id}
          aria-label={`${label}: ${chosen?.label ?? placeholder}`}
          disabled={disabled}
          className={cx(
            "inline-flex min-w-0 max-w-full items-center gap-1.5 rounded-control border text-left disabled:opacity-55 enabled:hover:bg-hover pointer-coarse:min-h-10",
            variant === "ghost"
              ? "border-transparent text-muted enabled:hover:text-text"
              : "border-line-strong bg-raised",
            size === "small" ? "h-7 px-2 text-[13px]" : "h-8 px-2.5 text-base",
            className,
          )}
        >
          <span className={cx("min-w-0 flex-1 truncate", !chosen && "text-muted")}>
            {chosen?.label ?? placeholder}
          </span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-50 flex max-h-[min(24rem,var(--radix-popover-content-available-height))] w-80 max-w-[calc(100vw-1rem)] flex-col overflow-hidden rounded-control border border-line-strong bg-raised text-base"
        >
          <List
            {...props}
            onPick={(next) => {
              onChange(next);
              setOpen(false);
            }}
          />
          {props.footer && (
            <div className="border-t border-line px-3 py-2 text-small text-muted">{props.footer}</div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function List<T extends string>({
  label,
  value,
  options,
  searchPlaceholder,
  onPick,
}: ComboboxProps<T> & { onPick: (value: T) => void }) {
  const [query, setQuery] = useState("");
  const list = useId();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = options.filter((option) => {
    const text = `${option.label} ${option.value} ${option.group ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      options.findIndex((option) => option.value === value),
    ),
  );
  const at = Math.min(active, Math.max(0, shown.length - 1));
  const activeRow = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row to show changes with the place in the list
  useEffect(() => activeRow.current?.scrollIntoView?.({ block: "nearest" }), [at, query]);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) setActive((at + step + shown.length) % shown.length);
    else if (event.key === "Home") setActive(0);
    else if (event.key === "End") setActive(shown.length - 1);
    else if (event.key === "Enter") {
      const option = shown[at];
      if (option && !option.disabledReason) onPick(option.value);
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        role="combobox"
        aria-label={`Search: ${label}`}
        aria-expanded
        aria-controls={list}
        aria-activedescendant={shown.length ? `${list}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={query}
        placeholder={searchPlaceholder ?? "Search"}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={move}
        className="h-9 shrink-0 border-b border-line bg-transparent px-3 outline-none placeholder:text-muted"
      />
      <div role="listbox" id={list} aria-label={label} className="min-h-0 flex-1 overflow-y-auto p-1">
        {shown.map((option, index) => (
          <div key={option.value} role="presentation">
            {option.group && option.group !== shown[index - 1]?.group && (
              <div role="presentation" className="px-2 pt-2 pb-1 text-small text-muted">
                {option.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's, which keeps the focus */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active row */}
            <div
              ref={index === at ? activeRow : undefined}
              role="option"
              id={`${list}-${index}`}
              aria-selected={option.value === value}
              aria-disabled={option.disabledReason ? true : undefined}
              onPointerMove={() => setActive(index)}
              onClick={() => !option.disabledReason && onPick(option.value)}
              className={cx(
                "flex items-start gap-2 rounded px-2 py-1 pointer-coarse:min-h-10",
                index === at && "bg-hover",
                !option.disabledReason && "cursor-pointer",
              )}
            >
              <span className="min-w-0 flex-1">
                <span className={cx("block truncate", option.disabledReason && "text-muted")}>
                  {option.label}
                </span>
                {(option.disabledReason ?? option.hint) && (
                  <span className="block text-small text-muted">{option.disabledReason ?? option.hint}</span>
                )}
              </span>
              {option.value === value && <Check aria-hidden className="mt-1 size-3.5 shrink-0" />}
            </div>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="px-3 pb-3 text-muted">Nothing matches.</p>}
    </>
  );
}
