/** A word about a thing, on hover and on focus. Never the only place where something is said. */
import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd.tsx";
import { useLandmark } from "./landmark.ts";

/** Focus that a person moved by Tab shows the tooltip; focus that a closing menu gave back does not. */
let tabbed = false;
if (typeof window !== "undefined") {
  addEventListener("keydown", (event) => (tabbed = event.key === "Tab"), true);
  addEventListener("pointerdown", () => (tabbed = false), true);
}

export interface TooltipProps {
  label: ReactNode;
  keys?: string | undefined;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactElement;
}

/** Stands once around the app: after the first tooltip the next ones open at once. */
export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={450} skipDelayDuration={300}>
    {children}
  </Radix.Provider>
);

export function Tooltip({ label, keys, side = "bottom", children }: TooltipProps) {
  const { ref, container, find } = useLandmark<HTMLButtonElement>();
  return (
    <Radix.Root onOpenChange={find}>
      <Radix.Trigger asChild ref={ref} onFocus={(event) => !tabbed && event.preventDefault()}>
        {children}
      </Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded-control border border-line-strong bg-raised px-2 py-1 text-small text-text"
        >
          {label}
          {keys && <Kbd keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
