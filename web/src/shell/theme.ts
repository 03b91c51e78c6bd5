/** Light, dark, or as the system has it. The first paint is decided by `public/theme.js` by the same rule. */
import { create } from "zustand";
import { remember, remembered } from "./storage.ts";

export type Theme = "system" | "light" | "dark";

const DARK = "(prefers-color-scheme: dark)";

interface State {
  theme: Theme;
  dark: boolean;
}

function isTheme(value: string | null): value is Theme {
  return value === "light" || value === "dark" || value === "system";
}

function isDark(theme: Theme): boolean {
  return theme === "dark" || (theme === "system" && (globalThis.matchMedia?.(DARK).matches ?? false));
}

function initial(): State {
  const saved = remembered("theme");
  const theme = isTheme(saved) ? saved : "system";
  return { theme, dark: isDark(theme) };
}

export const useTheme = create<State>(initial);

export function setTheme(theme: Theme): void {
  remember("theme", theme);
  useTheme.setState({ theme, dark: isDark(theme) });
}

/** Keeps the page in the theme, also when the system or another tab changes it. */
export function followTheme(): void {
  const show = ({ dark }: State) => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  };
  show(useTheme.getState());
  useTheme.subscribe(show);
  matchMedia(DARK).addEventListener("change", () => {
    const { theme } = useTheme.getState();
    useTheme.setState({ dark: isDark(theme) });
  });
  addEventListener("storage", (event) => {
    if (event.key === "theme") useTheme.setState(initial());
  });
}
