/** What can be done with a session as a whole, for its menu and for the palette: one list, one set of rules. */
import type { SessionStatus } from "@agent-coordinator/client";
import { Archive, CircleStop, Link, type LucideIcon, Moon, Pencil, Sunrise, Trash2 } from "lucide-react";
import { actions } from "../data/index.ts";
import { toast, writeClipboard } from "../ui/index.ts";
import { useLayout } from "./layout.ts";

export interface SessionCommand {
  id: string;
  label: string;
  icon: LucideIcon;
  keys?: string;
  tone?: "bad";
  run: () => void;
}

export function sessionCommands(id: string, status: SessionStatus): SessionCommand[] {
  const act = actions(id);
  const active = status === "running" || status === "waiting" || status === "starting" || status === "queued";
  const list: (SessionCommand | false)[] = [
    (status === "running" || status === "waiting") && {
      id: "stop",
      label: "Stop the turn",
      icon: CircleStop,
      keys: "Esc Esc",
      run: () => void act.interrupt(),
    },
    { id: "rename", label: "Rename", icon: Pencil, run: () => useLayout.setState({ renaming: id }) },
    { id: "copy", label: "Copy link", icon: Link, run: () => void copyLink(id) },
    status === "hibernated"
      ? { id: "wake", label: "Wake", icon: Sunrise, run: () => void act.wake() }
      : status === "idle" && {
          id: "hibernate",
          label: "Put to sleep",
          icon: Moon,
          run: () => void act.hibernate(),
        },
    status !== "archived" &&
      !active && { id: "archive", label: "Archive", icon: Archive, run: () => void act.archive() },
    {
      id: "delete",
      label: "Delete",
      icon: Trash2,
      tone: "bad",
      run: () => useLayout.setState({ deleting: id }),
    },
  ];
  return list.filter((command) => command !== false);
}

async function copyLink(id: string): Promise<void> {
  if (await writeClipboard(`${location.origin}/sessions/${id}`)) toast.ok("Link copied");
}
