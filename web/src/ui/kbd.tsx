/** Keys as they are pressed: `Mod` is the command key on a Mac and Ctrl elsewhere. "Mod+K" is
 * pressed at once, "Esc Esc" one after the other. */
const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export function keyName(key: string): string {
  if (key === "Mod") return MAC ? "⌘" : "Ctrl";
  if (key === "Shift") return MAC ? "⇧" : "Shift";
  return key;
}

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-0.5 pointer-coarse:hidden">
      {keys.split(/[ +]/).map((key, at) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: the same key may stand twice, and the list never changes
          key={at}
          className="min-w-[1.6em] rounded border border-line bg-surface px-1 text-center text-[11px] leading-[1.6] text-muted"
        >
          {keyName(key)}
        </kbd>
      ))}
    </span>
  );
}
