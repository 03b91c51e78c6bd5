/** Sessions in the order in which they matter to a person: what waits for one, what works, what is done. */
import type { SessionSummary } from "@agent-coordinator/client";

export type GroupName = "needs you" | "working" | "done today" | "earlier";

export interface Group {
  name: GroupName;
  sessions: SessionSummary[];
}

const WORKING = new Set(["queued", "starting", "running"]);
const DAY_MS = 24 * 3_600_000;

/** A permission, a question, or a failure of the last day: an older one has been seen. */
export function needsYou(session: SessionSummary, now: number): boolean {
  if (session.status === "archived") return false;
  if (session.status === "waiting" || session.pending.permissions + session.pending.questions > 0)
    return true;
  return session.status === "failed" && now - Date.parse(session.updated_at) < DAY_MS;
}

function groupOf(session: SessionSummary, now: number): GroupName {
  if (needsYou(session, now)) return "needs you";
  if (WORKING.has(session.status)) return "working";
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return Date.parse(session.updated_at) >= midnight ? "done today" : "earlier";
}

/** Groups that have something, in their order. What works stays in its place while it works. */
export function grouped(sessions: SessionSummary[], now: number): Group[] {
  const names: GroupName[] = ["needs you", "working", "done today", "earlier"];
  const groups = names.map((name): Group => ({ name, sessions: [] }));
  for (const session of sessions) groups[names.indexOf(groupOf(session, now))]?.sessions.push(session);
  for (const { name, sessions: members } of groups) {
    const by = name === "working" ? "created_at" : "updated_at";
    members.sort((one, other) => Date.parse(other[by]) - Date.parse(one[by]));
  }
  return groups.filter((group) => group.sessions.length > 0);
}

/** The tab's title: how many wait, then what is on the page. */
export function tabTitle(waiting: number, page: string | null): string {
  const count = waiting > 0 ? `(${waiting}) ` : "";
  return `${count}${page ? `${page} · ` : ""}agent-coordinator`;
}
