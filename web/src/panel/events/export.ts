/** The whole log as a file. */
import type { Coordinator, SessionEvent } from "@agent-coordinator/client";
import { toast } from "~/ui/toast.ts";
import { download } from "../download.ts";

export async function exportEvents(coordinator: Coordinator, sessionId: string): Promise<void> {
  const stop = new AbortController();
  const events: SessionEvent[] = [];
  try {
    for await (const item of coordinator.sessions.open(sessionId).live({ signal: stop.signal })) {
      if (item.kind === "event") events.push(item.event);
      if (item.kind === "caught_up") break;
    }
    // Line by line: one string of a long log may be longer than a string can be.
    const lines = events.map((event, at) => `${JSON.stringify(event)}${at < events.length - 1 ? "," : ""}\n`);
    download(`${sessionId}.events.json`, new Blob(["[\n", ...lines, "]\n"], { type: "application/json" }));
  } catch (error) {
    toast.error(error, { title: "The events were not exported" });
  } finally {
    stop.abort();
  }
}
