/** What a session is doing, as a shape and a colour, with its word for whoever doesn't see them. */

import type { SessionStatus } from "@agent-coordinator/client";
import {
  Archive,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  Moon,
} from "lucide-react";
import { cx } from "./cx.ts";

interface Look {
  word: string;
  icon: LucideIcon;
  colour: string;
  turns?: boolean;
}

const LOOK: Record<SessionStatus, Look> = {
  idle: { word: "Done", icon: CircleCheck, colour: "text-ok" },
  queued: { word: "Queued", icon: CircleDashed, colour: "text-muted" },
  starting: { word: "Preparing", icon: LoaderCircle, colour: "text-muted", turns: true },
  running: { word: "Working", icon: LoaderCircle, colour: "text-accent", turns: true },
  waiting: { word: "Needs you", icon: CircleAlert, colour: "text-warn" },
  hibernated: { word: "Asleep", icon: Moon, colour: "text-muted" },
  failed: { word: "Failed", icon: CircleX, colour: "text-bad" },
  archived: { word: "Archived", icon: Archive, colour: "text-muted" },
};

/** The word of a status, as it stands everywhere. */
export function statusWord(status: SessionStatus): string {
  return LOOK[status]?.word ?? status;
}

export function StateMark({
  status,
  withWord,
  className,
}: {
  status: SessionStatus;
  withWord?: boolean;
  className?: string;
}) {
  const look = LOOK[status] ?? LOOK.idle;
  const Icon = look.icon;
  return (
    <span className={cx("inline-flex shrink-0 items-center gap-1.5", look.colour, className)}>
      <Icon
        aria-hidden
        strokeWidth={2.25}
        className={cx("size-3.5", look.turns && "animate-spin [animation-duration:1.6s]")}
      />
      <span className={withWord ? "font-medium" : "sr-only"}>{look.word}</span>
    </span>
  );
}
