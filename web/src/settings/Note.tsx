/** A line about the page as a whole: mostly why something on it can't be done, and who could. */
import { Lock } from "lucide-react";
import type { ReactNode } from "react";

export function Note({ icon, children }: { icon?: ReactNode; children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 rounded-control border border-line bg-surface px-3 py-2 text-muted [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0">
      {icon ?? <Lock aria-hidden />}
      <span className="min-w-0">{children}</span>
    </p>
  );
}
