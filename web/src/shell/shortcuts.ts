/**
 * Every key of the app, in one registry: one listener, one list for the `?` sheet. A plain key is nobody's while a
 * text field has the focus or a dialog is open. "Mod+k" is pressed at once, "Escape Escape" one after the other.
 */
import { useLayoutEffect, useRef } from "react";
import { create } from "zustand";

export interface ShortcutOptions {
  /** Also while a text field has the focus. */
  inText?: boolean;
  enabled?: boolean;
  /** Heading in the sheet. */
  group?: string;
}

export interface Shortcut {
  keys: string;
  label: string;
  group: string;
  inText: boolean;
  run: () => void;
}

interface Registry {
  list: Shortcut[];
}

export const useShortcuts = create<Registry>(() => ({ list: [] }));

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 700;

/** Registers a key while the component is there. The newest with the same keys wins. */
export function useShortcut(
  keys: string,
  label: string,
  run: () => void,
  options: ShortcutOptions = {},
): void {
  const newest = useRef(run);
  useLayoutEffect(() => {
    newest.current = run;
  });
  const { inText = false, enabled = true, group = "Anywhere" } = options;
  // Before it is drawn: a key that one sees works.
  useLayoutEffect(() => {
    if (!enabled) return;
    return register({ keys, label, group, inText, run: () => newest.current() });
  }, [keys, label, group, inText, enabled]);
}

export function register(shortcut: Shortcut): () => void {
  useShortcuts.setState(({ list }) => ({ list: [...list, shortcut] }));
  return () => useShortcuts.setState(({ list }) => ({ list: list.filter((other) => other !== shortcut) }));
}

/** "Ctrl"-free names for the keyboard picture: "Mod+k" becomes "Mod+K", "Escape" becomes "Esc". */
export function shownKeys(keys: string): string {
  return keys
    .replace(/Escape/g, "Esc")
    .replace(/\b[a-z]\b/g, (key) => (keys.includes("+") ? key.toUpperCase() : key));
}

/** Listens until it is told to stop. */
export function listen(target: Window = window): () => void {
  let before = { key: "", at: 0 };
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) {
      before = { key: "", at: 0 };
      return;
    }
    const sequence = event.timeStamp - before.at < SEQUENCE_MS ? `${before.key} ${event.key}` : "";
    before = { key: event.key, at: event.timeStamp };
    const text = isText(event.target);
    const dialog =
      document.querySelector(
        '[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"][data-state="open"]',
      ) !== null;
    const { list } = useShortcuts.getState();
    for (let at = list.length - 1; at >= 0; at -= 1) {
      const shortcut = list[at];
      if (!shortcut || !matches(shortcut.keys, event, sequence)) continue;
      const chord = shortcut.keys.includes("+");
      if (text && !shortcut.inText && !chord) continue;
      if (dialog && !chord) continue;
      event.preventDefault();
      if (sequence) before = { key: "", at: 0 };
      shortcut.run();
      return;
    }
  };
  target.addEventListener("keydown", pressed);
  return () => target.removeEventListener("keydown", pressed);
}

function matches(keys: string, event: KeyboardEvent, sequence: string): boolean {
  if (keys.includes(" ")) return sequence === keys;
  const mod = event.ctrlKey || event.metaKey;
  if (keys.startsWith("Mod+")) {
    const key = keys.slice("Mod+".length);
    return mod && !event.altKey && event.key.toLowerCase() === key.toLowerCase();
  }
  // On many keyboards "]" is AltGr with another key, which looks like Ctrl and Alt.
  const alone = (!mod && !event.altKey) || event.getModifierState?.("AltGraph");
  return Boolean(alone) && event.key === keys;
}

function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])")
  );
}
