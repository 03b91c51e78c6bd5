/** Which tab of the panel is open: kept for the next session one looks at, and set from elsewhere. */
import { create } from "zustand";
import { ROOM_FOR_PANEL, togglePanel, useLayout } from "~/shell/layout.ts";

export type PanelTab = "changes" | "terminal" | "plan" | "details";

export const usePanelTab = create<{ tab: PanelTab }>(() => ({ tab: "changes" }));

/** Shows a tab, and the panel if it is closed. */
export function showTab(tab: PanelTab): void {
  usePanelTab.setState({ tab });
  const { panel, panelSheet } = useLayout.getState();
  const docked = globalThis.matchMedia?.(ROOM_FOR_PANEL).matches ?? true;
  if (docked ? !panel : !panelSheet) togglePanel(docked);
}
