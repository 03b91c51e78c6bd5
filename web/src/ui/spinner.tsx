/** Something is under way. With `label` it is said aloud; without, the thing around it says so. */
import { LoaderCircle } from "lucide-react";
import { cx } from "./cx.ts";

export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <span role={label ? "status" : undefined} className={cx("inline-grid place-items-center", className)}>
      <LoaderCircle aria-hidden className="size-4 animate-spin" />
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}
