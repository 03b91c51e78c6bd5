/**
 * The work so far as a patch. It is asked for when the tab opens, and again a moment after something that may have
 * changed files; while the agent is busy at most every few seconds, because each answer costs the sandbox a `git diff`.
 */
import type { SessionView } from "@agent-coordinator/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { coordinator, liveState, queryClient, useLiveSelect } from "~/data/index.ts";

/** Quiet after the last change before it is asked again. */
const QUIET_MS = 700;
/** Changes that never pause are looked at this often. */
const LONGEST_MS = 4_000;

/** What each session's patch was asked for: the tab may be closed while the work goes on. */
const asked = new Map<string, string>();

export function usePatch(sessionId: string) {
  const started = useLiveSelect(sessionId, (live) => hasWorkspace(live.view));
  const sign = useLiveSelect(sessionId, (live) => changeSign(live.view));
  const caughtUp = useLiveSelect(sessionId, (live) => live.caughtUp);
  const query = useQuery({
    queryKey: ["diff", sessionId],
    queryFn: ({ signal }) => {
      asked.set(sessionId, changeSign(liveState(sessionId).view));
      return coordinator.sessions.open(sessionId).diff({ signal });
    },
    enabled: started && caughtUp,
    staleTime: 10_000,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
  });
  const seen = useRef(asked.get(sessionId) ?? sign);
  const since = useRef(0);
  useEffect(() => {
    if (!caughtUp || seen.current === sign) return;
    if (since.current === 0) since.current = performance.now();
    const waited = performance.now() - since.current;
    const timer = setTimeout(
      () => {
        seen.current = sign;
        since.current = 0;
        void queryClient.invalidateQueries({ queryKey: ["diff", sessionId] });
      },
      Math.max(0, Math.min(QUIET_MS, LONGEST_MS - waited)),
    );
    return () => clearTimeout(timer);
  }, [sign, caughtUp, sessionId]);
  return { ...query, started, caughtUp };
}

/** The workspace is there from the first ready agent on, through sleep and new sandboxes. */
function hasWorkspace(view: SessionView): boolean {
  return view.agentReady !== null || view.turns.some((turn) => turn.startedAt !== null);
}

/** Another text whenever files may be others than before. */
export function changeSign(view: SessionView): string {
  const turn = view.turns.at(-1);
  let last = "";
  for (let at = (turn?.entries.length ?? 0) - 1; at >= 0; at -= 1) {
    const entry = turn?.entries[at];
    if (entry?.kind !== "tool" || entry.status === "running") continue;
    last = entry.key;
    break;
  }
  const ended = view.turns.filter((each) => each.endedAt !== null).length;
  return `${ended} ${last} ${view.changedFiles.length} ${view.changedFiles.at(-1) ?? ""}`;
}

/** How many files the last answer named; what the log named until there is one. */
export function useFileCount(sessionId: string): number {
  const told = useLiveSelect(sessionId, (live) => live.view.changedFiles.length);
  const { data } = useQuery<string>({ queryKey: ["diff", sessionId], enabled: false });
  return useMemo(
    () => (data === undefined ? told : (data.match(/^diff --git /gm)?.length ?? 0)),
    [data, told],
  );
}
