/** One thing about an account: what it is, how it stands, and what can be done about it. */
import type { ReactNode } from "react";

export interface BlockProps {
  title: string;
  /** How it stands: a badge. */
  state?: ReactNode;
  about?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}

export function Block({ title, state, about, action, children }: BlockProps) {
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-4 rounded-control border border-line px-3.5 py-3.5"
    >
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="font-semibold">{title}</h2>
            {state}
          </div>
          {about && <p className="mt-0.5 text-pretty text-muted">{about}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
