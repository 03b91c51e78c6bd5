/** Several views of one thing, one at a time. Arrow keys move between them. */
import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export interface Tab<T extends string = string> {
  value: T;
  label: string;
  /** A number or a mark beside the label. */
  extra?: ReactNode;
  content: ReactNode;
}

export interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  tabs: Tab<T>[];
  /** To the right of the tabs. */
  aside?: ReactNode;
  className?: string;
}

export function Tabs<T extends string>({ label, value, onChange, tabs, aside, className }: TabsProps<T>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className={cx("flex min-h-0 flex-1 flex-col", className)}
    >
      <div className="flex h-11 shrink-0 items-stretch border-b border-line pl-2 pr-1.5">
        <Radix.List
          aria-label={label}
          // The trigger takes the focus by script, which browsers ring even for a mouse.
          onPointerDown={(event) => event.currentTarget.setAttribute("data-pointer", "")}
          onKeyDown={(event) => event.currentTarget.removeAttribute("data-pointer")}
          className="group/tabs flex min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]"
        >
          {tabs.map((tab) => (
            <Radix.Trigger
              key={tab.value}
              value={tab.value}
              className="relative flex shrink-0 items-center gap-1.5 px-2 text-muted group-data-pointer/tabs:outline-none outline-offset-[-3px] hover:text-text data-[state=active]:font-medium data-[state=active]:text-text data-[state=active]:after:absolute data-[state=active]:after:inset-x-2 data-[state=active]:after:bottom-[-1px] data-[state=active]:after:h-0.5 data-[state=active]:after:bg-accent"
            >
              {tab.label}
              {tab.extra}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside && <div className="flex shrink-0 items-center gap-0.5">{aside}</div>}
      </div>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.value}
          value={tab.value}
          className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-offset-[-2px]"
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
