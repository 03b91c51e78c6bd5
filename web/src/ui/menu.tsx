/** What can be done with a thing: a button that opens a list of actions. */
import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { createContext, type ReactElement, type ReactNode, type RefObject, useContext, useRef } from "react";
import { cx } from "./cx.ts";
import { Kbd } from "./kbd.tsx";
import { useLandmark } from "./landmark.ts";

export interface MenuProps {
  /** The button. */
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
}

/**
 * What was chosen is done when the menu has closed and given the focus back: what is done may take the focus itself,
 * for a field or a dialog.
 */
const Chosen = createContext<RefObject<(() => void) | null>>({ current: null });

export function Menu({ trigger, children, align = "end", side = "bottom" }: MenuProps) {
  const chosen = useRef<(() => void) | null>(null);
  const { ref, container, find } = useLandmark<HTMLButtonElement>();
  return (
    <Radix.Root modal={false} onOpenChange={find}>
      <Radix.Trigger asChild ref={ref}>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={() => {
            const run = chosen.current;
            chosen.current = null;
            if (run) setTimeout(run, 0);
          }}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-80 overflow-y-auto rounded-control border border-line-strong bg-raised p-1 text-base"
        >
          <Chosen value={chosen}>{children}</Chosen>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const ITEM =
  "flex min-h-7 cursor-default items-center gap-2 rounded px-2 py-1 outline-none select-none data-disabled:opacity-55 data-highlighted:bg-hover pointer-coarse:min-h-10 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted";

export interface MenuItemProps {
  icon?: ReactNode;
  keys?: string;
  tone?: "plain" | "bad";
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, keys, tone, disabled, onSelect, children }: MenuItemProps) {
  const chosen = useContext(Chosen);
  return (
    <Radix.Item
      disabled={disabled ?? false}
      onSelect={() => {
        chosen.current = onSelect;
      }}
      className={cx(ITEM, tone === "bad" && "text-bad [&_svg]:text-bad")}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
      {keys && <Kbd keys={keys} />}
    </Radix.Item>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-1 text-small text-muted">{children}</Radix.Label>;
}

export interface MenuChoiceProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  options: { value: T; label: string; icon?: ReactNode }[];
}

/** One of several, marked. */
export function MenuChoice<T extends string>({ value, onChange, options }: MenuChoiceProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={ITEM}>
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <Radix.ItemIndicator>
            <Check aria-hidden />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
