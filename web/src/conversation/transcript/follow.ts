/**
 * Keeps the end of the transcript in sight until the reader scrolls away from it, and again once the reader is back.
 * Only the reader's own hand lets go: what grows or shrinks by itself does not.
 */
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

/** So near to the end counts as at the end. */
const NEAR = 24;
/** How long after a hand moved a scroll is the hand's. */
const HAND_MS = 400;

export interface Following {
  /** False while the reader is somewhere above. */
  atEnd: boolean;
  follow: () => void;
  hold: () => void;
}

const UP = new Set(["ArrowUp", "PageUp", "Home"]);

export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  ready: boolean,
): Following {
  const [atEnd, setAtEnd] = useState(true);
  /** Something is further down than one sees: only then is there an end to go to. */
  const [below, setBelow] = useState(false);
  const following = useRef(true);
  const handAt = useRef(0);

  const control = useMemo(() => {
    const set = (now: boolean): void => {
      following.current = now;
      setAtEnd(now);
    };
    const toEnd = (): void => {
      const box = scroller.current;
      if (box !== null && box.scrollTop < box.scrollHeight - box.clientHeight - 1)
        box.scrollTop = box.scrollHeight;
    };
    return {
      set,
      toEnd,
      follow: () => {
        set(true);
        toEnd();
      },
      hold: () => set(false),
    };
  }, [scroller]);

  useLayoutEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!ready || box === null || inner === null) return;
    control.toEnd();
    const sizes = new ResizeObserver(() => {
      if (following.current) control.toEnd();
      setBelow(box.scrollHeight - box.scrollTop - box.clientHeight > NEAR);
    });
    sizes.observe(inner);
    sizes.observe(box);
    return () => sizes.disconnect();
  }, [control, scroller, content, ready]);

  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    let held = false;
    let top = box.scrollTop;
    const hand = (): void => {
      handAt.current = performance.now();
    };
    const scrolled = (): void => {
      const left = box.scrollHeight - box.scrollTop - box.clientHeight;
      const byHand = held || performance.now() - handAt.current < HAND_MS;
      if (byHand && box.scrollTop < top - 1 && left > NEAR) control.set(false);
      else if (byHand && left <= NEAR) control.set(true);
      else if (following.current && left > 1) control.toEnd();
      top = box.scrollTop;
      setBelow(box.scrollHeight - top - box.clientHeight > NEAR);
    };
    const wheel = (event: WheelEvent): void => {
      hand();
      if (event.deltaY < 0 && box.scrollTop > 0 && !scrollsInside(event.target, box)) control.set(false);
    };
    const key = (event: KeyboardEvent): void => {
      if (UP.has(event.key) || event.key === "PageDown" || event.key === "End" || event.key === "ArrowDown")
        hand();
    };
    const down = (event: PointerEvent): void => {
      // The bar at the side belongs to the box itself.
      if (event.target === box) held = true;
    };
    const up = (): void => {
      if (held) hand();
      held = false;
    };
    box.addEventListener("scroll", scrolled, { passive: true });
    box.addEventListener("wheel", wheel, { passive: true });
    box.addEventListener("touchmove", hand, { passive: true });
    box.addEventListener("keydown", key);
    // The Tab key goes to things above, and the browser scrolls to them.
    box.addEventListener("focusin", hand);
    box.addEventListener("pointerdown", down);
    window.addEventListener("pointerup", up);
    return () => {
      box.removeEventListener("scroll", scrolled);
      box.removeEventListener("wheel", wheel);
      box.removeEventListener("touchmove", hand);
      box.removeEventListener("keydown", key);
      box.removeEventListener("focusin", hand);
      box.removeEventListener("pointerdown", down);
      window.removeEventListener("pointerup", up);
    };
  }, [control, scroller]);

  const near = atEnd || !below;
  return useMemo(() => ({ atEnd: near, follow: control.follow, hold: control.hold }), [near, control]);
}

/** The wheel turns something smaller that can still go up. */
function scrollsInside(target: EventTarget | null, box: HTMLElement): boolean {
  for (let at = target instanceof Element ? target : null; at !== null && at !== box; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight + 1 && at.scrollTop > 0) return true;
  }
  return false;
}
