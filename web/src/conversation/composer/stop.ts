/** Stops the turn that runs: the button, or Esc pressed twice; the first Esc says so. */
import { useEffect, useState } from "react";
import { useShortcut } from "~/shell/shortcuts.ts";
import { useSource, useView } from "../source.ts";

/** How long the first Esc counts. */
const TWICE_MS = 700;

export interface Stopping {
  running: boolean;
  /** It has been asked for and has not happened yet. */
  stopping: boolean;
  /** Esc was pressed once. */
  armed: boolean;
  stop: () => void;
}

export function useStop(): Stopping {
  const { actions } = useSource();
  const runs = useView(({ view }) => view.runningPromptId);
  const [asked, setAsked] = useState<string | null>(null);
  const [armed, setArmed] = useState(false);
  const running = runs !== null;
  const stopping = running && asked === runs;
  const stop = (): void => {
    setArmed(false);
    if (!running || stopping) return;
    setAsked(runs);
    void actions.interrupt().then((done) => {
      if (!done) setAsked(null);
    });
  };
  useShortcut("Escape Escape", "Stop the turn", stop, {
    inText: true,
    enabled: running,
    group: "Conversation",
  });
  useEffect(() => {
    if (!running) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      setArmed(true);
      clearTimeout(timer);
      timer = setTimeout(() => setArmed(false), TWICE_MS);
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
      clearTimeout(timer);
      setArmed(false);
    };
  }, [running]);
  return { running, stopping, armed: armed && running && !stopping, stop };
}
