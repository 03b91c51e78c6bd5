/** Lines that came and went; nothing where there are none. */

export function Stat({ added, removed, binary }: { added: number; removed: number; binary?: boolean }) {
  if (binary) return <span className="shrink-0 px-1 text-small text-muted">binary</span>;
  return (
    <span className="flex shrink-0 gap-1.5 px-1 text-small">
      {added > 0 && (
        <span className="text-ok">
          +{added.toLocaleString("en-US")}
          <span className="sr-only"> lines added</span>
        </span>
      )}
      {removed > 0 && (
        <span className="text-bad">
          −{removed.toLocaleString("en-US")}
          <span className="sr-only"> lines removed</span>
        </span>
      )}
    </span>
  );
}
