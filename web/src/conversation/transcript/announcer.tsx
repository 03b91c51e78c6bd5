/** Tells screen readers what matters: that a turn ended, that somebody is needed. Never each word as it comes. */
import type { SessionView } from "@agent-coordinator/client";
import { useEffect, useRef, useState } from "react";
import { useView } from "../source.ts";

interface Heard {
  turn: string | null;
  status: string | null;
  waits: string | null;
}

export function Announcer() {
  const { turn, status, waits } = useView(({ view, caughtUp }) => (caughtUp ? heard(view) : NOTHING));
  const ready = useView((snapshot) => snapshot.caughtUp);
  const before = useRef<Heard | null>(null);
  const [words, setWords] = useState("");
  useEffect(() => {
    if (!ready) return;
    const last = before.current;
    before.current = { turn, status, waits };
    if (last === null) return;
    if (waits !== null && waits !== last.waits) setWords(waits);
    else if (turn !== null && turn === last.turn && status !== last.status && status !== "running") {
      setWords(
        status === "completed"
          ? "The turn is done."
          : `The turn ${status === "failed" ? "failed" : "was stopped"}.`,
      );
    }
  }, [ready, turn, status, waits]);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {words}
    </div>
  );
}

const NOTHING: Heard = { turn: null, status: null, waits: null };

function heard(view: SessionView): Heard {
  const turn = view.turns.findLast((one) => one.status !== "queued");
  const waits =
    view.pending.permissions.length > 0
      ? "Needs you: the agent asks for permission."
      : view.pending.questions.length > 0
        ? "Needs you: the agent has a question."
        : null;
  return { turn: turn?.promptId ?? null, status: turn?.status ?? null, waits };
}
