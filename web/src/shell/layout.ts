/** What is open, and how wide: the panel, the sheets, the palette. The panel is remembered. */
import { create } from "zustand";
import { remember, remembered } from "./storage.ts";

export const PANEL_MIN = 320;
export const PANEL_MAX = 900;
const PANEL_USUAL = 440;

interface Layout {
  /** Beside the conversation, where there is room. */
  panel: boolean;
  panelWidth: number;
  /** The same as a sheet, where there is none. */
  panelSheet: boolean;
  railSheet: boolean;
  palette: boolean;
  shortcuts: boolean;
  /** Session whose title is being edited. */
  renaming: string | null;
  /** Session that is about to be deleted. */
  deleting: string | null;
}

export const useLayout = create<Layout>(() => ({
  panel: remembered("panel") === null ? globalThis.innerWidth >= 1360 : remembered("panel") === "open",
  panelWidth: clampWidth(Number(remembered("panel-width") ?? PANEL_USUAL)),
  panelSheet: false,
  railSheet: false,
  palette: false,
  shortcuts: false,
  renaming: null,
  deleting: null,
}));

export function clampWidth(width: number): number {
  return Number.isFinite(width) ? Math.round(Math.min(PANEL_MAX, Math.max(PANEL_MIN, width))) : PANEL_USUAL;
}

export function setPanelWidth(width: number): void {
  const panelWidth = clampWidth(width);
  remember("panel-width", String(panelWidth));
  useLayout.setState({ panelWidth });
}

/** Opens or closes the panel in the form that fits. */
export function togglePanel(docked = hasRoomForPanel()): void {
  if (!docked) {
    useLayout.setState(({ panelSheet }) => ({ panelSheet: !panelSheet }));
    return;
  }
  const panel = !useLayout.getState().panel;
  remember("panel", panel ? "open" : "closed");
  useLayout.setState({ panel });
}

export const ROOM_FOR_PANEL = "(min-width: 1080px)";
export const ROOM_FOR_RAIL = "(min-width: 768px)";
export const ROOM_FOR_SETTINGS = "(min-width: 1024px)";

function hasRoomForPanel(): boolean {
  return globalThis.matchMedia?.(ROOM_FOR_PANEL).matches ?? true;
}
