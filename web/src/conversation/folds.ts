/** Which cards are open. It outlives their being off screen, where they are not there at all. */
import { useState } from "react";
import { useDesk } from "./desk.ts";
import { useSource } from "./source.ts";

const MOST = 2000;
const open = new Map<string, boolean>();

/** Whether the card is open, and how to turn it. The transcript does not run on while one reads what was opened. */
export function useFold(key: string, initial = false): [open: boolean, toggle: () => void] {
  const { sessionId } = useSource();
  const desk = useDesk();
  const name = `${sessionId} ${key}`;
  const [chosen, setChosen] = useState(() => open.get(name));
  const now = chosen ?? initial;
  const toggle = (): void => {
    if (!now) desk.hold();
    if (open.size > MOST) open.clear();
    open.set(name, !now);
    setChosen(!now);
  };
  return [now, toggle];
}
