/** Whether something has come near the part of the page that is in sight. Once it has, it stays. */
import { type RefObject, useEffect, useState } from "react";

/** How near, in pixels. */
const MARGIN = 800;

export function useNear(element: RefObject<HTMLElement | null>, wanted: boolean): boolean {
  const [near, setNear] = useState(!wanted);
  useEffect(() => {
    if (near || !element.current) return;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { root: element.current.closest("[data-scrolls]"), rootMargin: `${MARGIN}px 0px` },
    );
    watch.observe(element.current);
    return () => watch.disconnect();
  }, [element, near]);
  return near;
}
