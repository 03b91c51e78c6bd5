/** Asks before a session is deleted: nothing of it comes back. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { actions } from "../data/index.ts";
import { Confirm, toast } from "../ui/index.ts";
import { useLayout } from "./layout.ts";
import { useSessionTitle } from "./session-title-of.ts";

export function DeleteSession({ sessionId }: { sessionId: string }) {
  const title = useSessionTitle(sessionId);
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const close = () => useLayout.setState({ deleting: null });
  const remove = async () => {
    setBusy(true);
    const done = await actions(sessionId).remove();
    setBusy(false);
    close();
    if (!done) return;
    toast.ok("Session deleted");
    await navigate({ to: "/" });
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && close()}
      title={
        <>
          Delete “<bdi dir="auto">{title}</bdi>”?
        </>
      }
      description="The conversation, its files and its sandbox are deleted, for everybody. What was pushed to a repository stays there."
      action="Delete session"
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}
