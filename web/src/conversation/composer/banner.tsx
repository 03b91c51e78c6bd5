/** One line above the composer about what stands in the way, or what will happen when one writes. */
import { Archive, KeyRound, Moon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "~/ui/index.ts";
import { useSource, useView } from "../source.ts";

interface BannerProps {
  /** Why the model of the session cannot be used; null when it can. */
  noModel: string | null;
}

export function Banner({ noModel }: BannerProps) {
  const { openProviders } = useSource();
  const status = useView(({ view }) => view.status);
  if (status === "archived") return null;
  if (noModel !== null) {
    return (
      <Line icon={<KeyRound aria-hidden />} tone="text-warn">
        <span className="min-w-0 flex-1">The model cannot be used now: {noModel}</span>
        <Button size="small" onClick={openProviders}>
          Add a key
        </Button>
      </Line>
    );
  }
  if (status === "hibernated") {
    return (
      <Line icon={<Moon aria-hidden />} tone="text-muted">
        Asleep: wakes when you write
      </Line>
    );
  }
  return null;
}

/** Why nothing can be written. */
export function Closed() {
  const why = useView(({ view }) => view.why?.message);
  return (
    <div className="flex min-h-12 items-center gap-2 rounded-control border border-line bg-surface px-3.5 text-muted">
      <Archive aria-hidden className="size-4 shrink-0" />
      <span>{why || "The session is archived; it can be read, not continued."}</span>
    </div>
  );
}

function Line({ icon, tone, children }: { icon: ReactNode; tone: string; children: ReactNode }) {
  return (
    <div
      className={`mb-1.5 flex min-h-7 items-center gap-2 px-1 text-base [&>svg]:size-4 [&>svg]:shrink-0 ${tone}`}
    >
      {icon}
      {children}
    </div>
  );
}
