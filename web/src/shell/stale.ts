/** After the server was updated, an open page may ask for a part that isn't there any more. It reloads, once. */
import { remember, remembered } from "./storage.ts";

const QUIET_MS = 10_000;

export function reloadOnce(): void {
  addEventListener("vite:preloadError", (event) => {
    const last = Number(remembered("reloaded-at") ?? 0);
    if (Date.now() - last < QUIET_MS) return;
    event.preventDefault();
    remember("reloaded-at", String(Date.now()));
    location.reload();
  });
}
