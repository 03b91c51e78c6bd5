/** One session's conversation: what was said and done, and where one writes. */
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useRef } from "react";
import { actions, coordinator } from "~/data/index.ts";
import { Composer, type ComposerHandle } from "./composer/composer.tsx";
import { DropTarget } from "./composer/drop.tsx";
import { Desk, DeskContext } from "./desk.ts";
import { type Source, SourceContext, useView } from "./source.ts";
import "./style.css";
import { Announcer } from "./transcript/announcer.tsx";
import { Transcript } from "./transcript/transcript.tsx";

export function Conversation({ sessionId }: { sessionId: string }) {
  const navigate = useNavigate();
  const source = useMemo<Source>(() => {
    const handle = coordinator.sessions.open(sessionId);
    return {
      sessionId,
      actions: actions(sessionId),
      attachmentUrl: (promptId, index) => handle.attachmentUrl(promptId, index),
      openProviders: () => void navigate({ to: "/settings/$section", params: { section: "providers" } }),
    };
  }, [sessionId, navigate]);
  const desk = useMemo(() => new Desk(), []);
  return (
    <SourceContext value={source}>
      <DeskContext value={desk}>
        <Pane key={sessionId} />
      </DeskContext>
    </SourceContext>
  );
}

function Pane() {
  const archived = useView(({ view }) => view.status === "archived");
  const composer = useRef<ComposerHandle>(null);
  return (
    <DropTarget disabled={archived} onFiles={(files) => composer.current?.add(files)}>
      <Transcript />
      <Composer
        onReady={(handle) => {
          composer.current = handle;
        }}
      />
      <Announcer />
    </DropTarget>
  );
}
