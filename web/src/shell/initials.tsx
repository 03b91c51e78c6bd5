/** A person as two letters; the whole name is in the tooltip of whoever shows it. */
import { cx } from "../ui/index.ts";

export function initials(name: string): string {
  const words =
    name
      .split("@", 1)[0]
      ?.split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean) ?? [];
  const letters =
    words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

export function Initials({ name, className }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      className={cx(
        "grid size-6 shrink-0 place-items-center rounded-full border border-line-strong bg-bg text-[10px] font-semibold text-muted",
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}
