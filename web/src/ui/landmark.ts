/**
 * Where floating things belong in the page's structure: into the dialog or landmark that their button is in, so that
 * readers who move by landmarks find them.
 */
import { type RefObject, useCallback, useRef, useState } from "react";

export function useLandmark<Element extends HTMLElement>(): {
  ref: RefObject<Element | null>;
  container: HTMLElement | undefined;
  find: (open: boolean) => void;
} {
  const ref = useRef<Element>(null);
  const [container, setContainer] = useState<HTMLElement>();
  const find = useCallback((open: boolean) => {
    if (open) setContainer(ref.current?.closest<HTMLElement>("[role=dialog], main, aside") ?? undefined);
  }, []);
  return { ref, container, find };
}
