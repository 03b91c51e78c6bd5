/** A failure where it happened: what, why, and the next step. */
import { CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { explain } from "./explain.ts";

export interface ErrorNoteProps {
  error: unknown;
  /** Buttons: "Try again". */
  action?: ReactNode;
  className?: string;
}

export function ErrorNote({ error, action, className }: ErrorNoteProps) {
  const { title, detail, next, requestId } = explain(error);
  return (
    <div
      role="alert"
      className={cx("flex gap-2.5 rounded-control border border-bad/40 bg-bad-soft px-3 py-2.5", className)}
    >
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p className="font-medium">{title}</p>
        {detail && detail !== title && <p>{detail}</p>}
        {next && <p className="mt-1">{next}</p>}
        {requestId && (
          <p className="mt-1 text-small text-muted">
            Request <code>{requestId}</code>
          </p>
        )}
        {action && <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  );
}
