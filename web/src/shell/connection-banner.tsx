/** Says that the connection is lost, once it has been for a second. It lies above the page: nothing moves for it. */
import { isTransient } from "@agent-coordinator/client";
import { useEffect, useState } from "react";
import { type Connection, useLiveSelect, useOnline, useSessions } from "../data/index.ts";
import { Spinner } from "../ui/index.ts";

const AFTER_MS = 1000;

/** Lost, or not there again yet. */
export function isLost(connection: Connection): boolean {
  return connection.state === "lost" || (connection.state === "connecting" && connection.attempt > 0);
}

export function ConnectionBanner({ sessionId }: { sessionId: string }) {
  const lost = useLiveSelect(sessionId, (state) => state.error === null && isLost(state.connection));
  return <Banner lost={lost} text="Reconnecting, nothing is lost" />;
}

/** The same for pages without a stream: the list of sessions could not be read. */
export function ServerBanner() {
  const { error } = useSessions();
  return <Banner lost={isTransient(error)} text="The server can't be reached. Trying again" />;
}

function Banner({ lost, text }: { lost: boolean; text: string }) {
  const online = useOnline();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-2 z-20 flex justify-center px-4">
      {shown && (
        <p className="flex items-center gap-2 rounded-control border border-warn bg-warn-soft px-3 py-1.5 text-[13px] font-medium">
          <Spinner className="text-warn" />
          {online ? text : "You are offline. Nothing is lost; it goes on when you are back"}
        </p>
      )}
    </div>
  );
}
