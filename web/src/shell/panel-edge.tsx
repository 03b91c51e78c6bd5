/** The edge of the panel: dragged, or moved with the arrow keys. */
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { cx } from "../ui/index.ts";
import { PANEL_MAX, PANEL_MIN, setPanelWidth, useLayout } from "./layout.ts";

const STEP = 24;

export function PanelEdge() {
  const width = useLayout((state) => state.panelWidth);
  const [dragging, setDragging] = useState<{ x: number; width: number } | null>(null);
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging({ x: event.clientX, width });
    event.preventDefault();
  };
  const drag = (event: PointerEvent) => {
    if (dragging) setPanelWidth(dragging.width + dragging.x - event.clientX);
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowLeft: STEP, ArrowRight: -STEP, Home: -PANEL_MAX, End: PANEL_MAX }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setPanelWidth(width + step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule can't be moved; this is the separator that can
    <div
      role="separator"
      tabIndex={0}
      aria-label="Width of the panel"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={PANEL_MIN}
      aria-valuemax={PANEL_MAX}
      onPointerDown={begin}
      onPointerMove={drag}
      onPointerUp={() => setDragging(null)}
      onPointerCancel={() => setDragging(null)}
      onKeyDown={move}
      className={cx(
        "absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none",
        "after:absolute after:inset-y-0 after:left-[3px] after:w-0.5 hover:after:bg-line-strong focus-visible:after:bg-accent",
        dragging && "after:bg-accent",
      )}
    />
  );
}
