/** The line above a conversation: what it is about, where, how it stands and why, who looks, what can be done. */

import type { SessionStatus, Why } from "@agent-coordinator/client";
import { PanelRight } from "lucide-react";
import { useMemo } from "react";
import { useLiveSelect, useMe, useSessions } from "../data/index.ts";
import { IconButton, plain, repositoryName } from "../ui/index.ts";
import { needsYou } from "./groups.ts";
import { ROOM_FOR_PANEL, ROOM_FOR_RAIL, togglePanel, useLayout } from "./layout.ts";
import { useMedia } from "./media.ts";
import { People } from "./people.tsx";
import { SessionMenu } from "./session-menu.tsx";
import { SessionTitle } from "./session-title.tsx";
import { StatusWhy } from "./status-why.tsx";
import { RailButton } from "./top-bar.tsx";

interface Facts {
  status: SessionStatus | null;
  why: Why | { cause: string; message: string } | null;
  repository: string | null;
  model: string;
}

/** From the stream once it is complete; from the list before, so that the line is right from the start. */
function useFacts(sessionId: string): Facts {
  const live = useLiveSelect(sessionId, ({ caughtUp, view }) => ({
    caughtUp,
    status: view.status,
    why: view.why,
    repository: view.repository?.url ?? null,
    model: view.model,
  }));
  const { sessions } = useSessions();
  const listed = sessions.find(({ id }) => id === sessionId);
  return useMemo(() => {
    if (live.caughtUp) return live;
    return {
      status: listed?.status ?? null,
      why: listed?.why ?? null,
      repository: listed?.repository?.url ?? null,
      model: listed?.model ?? "",
    };
  }, [live, listed]);
}

export function SessionHeader({ sessionId }: { sessionId: string }) {
  const { status, why, repository, model } = useFacts(sessionId);
  const people = useLiveSelect(sessionId, (state) => state.people);
  const me = useMe();
  const { sessions } = useSessions();
  const railDocked = useMedia(ROOM_FOR_RAIL);
  const panelDocked = useMedia(ROOM_FOR_PANEL);
  const open = useLayout((state) => (panelDocked ? state.panel : state.panelSheet));
  const waiting = railDocked ? 0 : sessions.filter((session) => needsYou(session, Date.now())).length;
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2 pl-2 md:pl-4">
      {!railDocked && <RailButton waiting={waiting} />}
      <div className="flex min-w-0 flex-1 items-center gap-3">
        <div className="min-w-0 max-w-full">
          <SessionTitle sessionId={sessionId} />
          <div className="flex h-4 min-w-0 items-center gap-1.5 text-small leading-4 text-muted">
            {status && <StatusWhy status={status} why={why} />}
            {repository && (
              <span className="hidden min-w-0 items-center gap-1.5 sm:flex">
                <span aria-hidden>·</span>
                <bdi dir="auto" title={plain(repository, 300)} className="min-w-0 truncate">
                  {plain(repositoryName(repository), 80)}
                </bdi>
              </span>
            )}
            {model && (
              <span className="hidden min-w-0 items-center gap-1.5 lg:flex">
                <span aria-hidden>·</span>
                <bdi dir="auto" className="min-w-0 truncate">
                  {plain(model, 80)}
                </bdi>
              </span>
            )}
          </div>
        </div>
      </div>
      <People people={people} self={me.data?.user.id ?? null} />
      <SessionMenu sessionId={sessionId} />
      <IconButton
        label={open ? "Close panel" : "Open panel"}
        keys="]"
        icon={<PanelRight aria-hidden />}
        aria-expanded={open}
        onClick={() => togglePanel(panelDocked)}
      />
    </header>
  );
}
