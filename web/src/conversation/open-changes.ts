/** From a card to the Changes tab: opens the panel in the form that fits and goes to its tab. */
import { ROOM_FOR_PANEL, togglePanel, useLayout } from "~/shell/layout.ts";

/** How long the panel, which is fetched when it is first opened, is waited for. */
const PATIENCE_MS = 3000;

export function openChanges(): void {
  const docked = window.matchMedia(ROOM_FOR_PANEL).matches;
  const { panel, panelSheet } = useLayout.getState();
  if (!(docked ? panel : panelSheet)) togglePanel(docked);
  const since = performance.now();
  const go = (): void => {
    const tab = [...document.querySelectorAll<HTMLElement>('[role="tab"]')].find((one) =>
      one.textContent?.startsWith("Changes"),
    );
    if (tab !== undefined) tab.focus();
    else if (performance.now() - since < PATIENCE_MS) requestAnimationFrame(go);
  };
  requestAnimationFrame(go);
}
