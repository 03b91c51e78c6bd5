/** Which tab of the panel is open: kept for the next session one looks at, and set from elsewhere. */
import { create } from "zustand";
import { togglePanel, useLayout } from "~/shell/layout.ts";

export type PanelTab = "changes" | "terminal" | "plan" | "details";

export const usePanelTab = create<{ tab: PanelTab }>(() => ({ tab: "changes" }));

/** Shows a tab, and the panel if it is closed. */
export function showTab(tab: PanelTab): void {
  usePanelTab.setState({ tab });
  const { panel, panelSheet } = useLayout.getState();
  const docked = globalThis.matchMedia?.("(min-width: 1080px)").matches ?? true;
  if (docked ? !panel : !panelSheet) togglePanel();
}
