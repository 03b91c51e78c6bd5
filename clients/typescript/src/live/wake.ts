/** Signs that the network may be there again: the page is shown, or the machine is online. */

type Listen = Pick<EventTarget, "addEventListener" | "removeEventListener">;

/** Calls `then` for each sign until the returned function is called. Does nothing outside a browser. */
export function onWake(then: () => void): () => void {
  const page = globalThis.document as (Document & Listen) | undefined;
  const scope = globalThis as Partial<Listen>;
  if (page === undefined || scope.addEventListener === undefined) return () => {};
  const shown = () => {
    if (page.visibilityState === "visible") then();
  };
  scope.addEventListener("online", then);
  page.addEventListener("visibilitychange", shown);
  return () => {
    scope.removeEventListener?.("online", then);
    page.removeEventListener("visibilitychange", shown);
  };
}
