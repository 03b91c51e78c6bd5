/** The commands of a session, in the order in which they began. */
import type { SessionView, ToolEntry, Turn } from "@agent-coordinator/client";
import { kindOf } from "~/conversation/tools/describe.ts";

/** A turn that did not change is the same object: it is not looked through again. */
const known = new WeakMap<Turn, ToolEntry[]>();

export function commands(view: SessionView): ToolEntry[] {
  return view.turns.flatMap((turn) => {
    const found = known.get(turn);
    if (found) return found;
    const fresh = turn.entries.filter(
      (entry): entry is ToolEntry => entry.kind === "tool" && kindOf(entry.tool) === "run",
    );
    known.set(turn, fresh);
    return fresh;
  });
}
