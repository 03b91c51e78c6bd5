/** Something that is not as the reader expects, and what to do about it. */
import type { ReactNode } from "react";

export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="alert" className="rounded-control border border-warn/50 bg-warn-soft px-3 py-2.5">
      <p className="font-semibold">{title}</p>
      <div className="mt-0.5 text-pretty">{children}</div>
    </div>
  );
}
