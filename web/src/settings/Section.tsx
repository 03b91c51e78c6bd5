/** The head of a section: what it is, a sentence about it, and the one thing to do. */
import type { ReactNode } from "react";

export interface SectionProps {
  title: string;
  about: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

export function Section({ title, about, action, children }: SectionProps) {
  return (
    <section className="flex flex-col gap-4" aria-label={title}>
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-[18px] font-semibold">{title}</h1>
          <p className="mt-0.5 text-pretty text-muted">{about}</p>
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
