/** What a session is called, wherever its name is shown. */
import { useLiveSelect, useSessions } from "../data/index.ts";
import { plain } from "../ui/plain.ts";

export function sessionTitle(title: string | null | undefined): string {
  return title?.trim() ? plain(title, 200) : "Untitled session";
}

/** The title from the stream, or from the list while the stream is on its way. */
export function useSessionTitle(sessionId: string): string {
  const live = useLiveSelect(sessionId, (state) => (state.caughtUp ? state.view.title : undefined));
  const { sessions } = useSessions();
  return sessionTitle(live === undefined ? sessions.find(({ id }) => id === sessionId)?.title : live);
}
