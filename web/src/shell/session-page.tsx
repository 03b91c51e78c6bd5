/** A session: its header, the conversation, and the panel beside it or above it. */
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Conversation } from "../conversation/index.tsx";
import { isStatus, retryLive, useLiveSelect } from "../data/index.ts";
import { Button, ErrorNote, Sheet } from "../ui/index.ts";
import { Boundary } from "./boundary.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ROOM_FOR_PANEL, togglePanel, useLayout } from "./layout.ts";
import { useMedia } from "./media.ts";
import { SessionGone } from "./pages.tsx";
import { PanelEdge } from "./panel-edge.tsx";
import { SessionHeader } from "./session-header.tsx";
import { useSessionTitle } from "./session-title-of.ts";
import { useShortcut } from "./shortcuts.ts";
import { usePageTitle } from "./title.ts";

const Panel = lazy(() => import("../panel/index.tsx").then((part) => ({ default: part.Panel })));

export function SessionPage() {
  const { id: sessionId } = useParams({ from: "/app/sessions/$id" });
  const { error, gone } = useLiveSelect(sessionId, ({ error, gone }) => ({ error, gone }));
  usePageTitle(useSessionTitle(sessionId));
  useShortcut("]", "Open or close the panel", () => togglePanel(), { group: "Session" });
  if (gone || isStatus(error, 404)) return <SessionGone deleted={gone} />;
  return (
    <>
      <SessionHeader sessionId={sessionId} />
      <div className="relative flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <ConnectionBanner sessionId={sessionId} />
          {error && (
            <div className="px-4 pt-3">
              <ErrorNote
                error={error}
                action={
                  <Button size="small" onClick={() => retryLive(sessionId)}>
                    Try again
                  </Button>
                }
              />
            </div>
          )}
          <Boundary resetKey={sessionId}>
            <Conversation key={sessionId} sessionId={sessionId} />
          </Boundary>
        </div>
        <SidePanel sessionId={sessionId} />
      </div>
    </>
  );
}

function LazyPanel(props: { sessionId: string; onClose: () => void }) {
  return (
    <Boundary resetKey={props.sessionId}>
      <Suspense fallback={<div className="h-11 border-b border-line" />}>
        <Panel {...props} />
      </Suspense>
    </Boundary>
  );
}

function SidePanel({ sessionId }: { sessionId: string }) {
  const room = useMedia(ROOM_FOR_PANEL);
  const docked = useLayout((state) => state.panel);
  const sheet = useLayout((state) => state.panelSheet);
  const width = useLayout((state) => state.panelWidth);
  if (room) {
    if (!docked) return null;
    return (
      <aside
        aria-label="Panel"
        className="relative flex min-h-0 shrink-0 flex-col border-l border-line text-[13px]"
        style={{ width: `min(${width}px, 60vw)` }}
      >
        <PanelEdge />
        <LazyPanel sessionId={sessionId} onClose={() => togglePanel(true)} />
      </aside>
    );
  }
  const close = () => useLayout.setState({ panelSheet: false });
  return (
    <Sheet
      side="right"
      title="Panel"
      open={sheet}
      onOpenChange={(open) => useLayout.setState({ panelSheet: open })}
    >
      <div className="flex min-h-0 flex-1 flex-col text-[13px]">
        <LazyPanel sessionId={sessionId} onClose={close} />
      </div>
    </Sheet>
  );
}
