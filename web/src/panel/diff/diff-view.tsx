/** A patch to read: its files, each to be folded. `compact` is the form inside of a conversation. */
import { useMemo, useState } from "react";
import { Button } from "~/ui/index.ts";
import "../style.css";
import { FileDiff } from "./file-diff.tsx";
import { parsePatch } from "./parse.ts";

export interface DiffViewProps {
  patch: string;
  compact?: boolean;
  wrap?: boolean;
}

/** Files drawn before one asks for more. */
const PAGE = 50;

export function DiffView({ patch, compact = false, wrap = false }: DiffViewProps) {
  const files = useMemo(() => parsePatch(patch), [patch]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [limit, setLimit] = useState(PAGE);
  const toggle = (at: number): void => {
    const next = new Set(folded);
    if (!next.delete(at)) next.add(at);
    setFolded(next);
  };
  if (files.length === 0) return <p className="p-3 text-muted">No lines changed.</p>;
  return (
    <div className={compact ? "flex flex-col gap-2" : ""}>
      {files.slice(0, limit).map((file, at) => (
        <FileDiff
          // biome-ignore lint/suspicious/noArrayIndexKey: a patch may name one path twice
          key={at}
          file={file}
          open={!folded.has(at)}
          onToggle={() => toggle(at)}
          wrap={wrap}
          compact={compact}
        />
      ))}
      {files.length > limit && (
        <Button size="small" variant="ghost" onClick={() => setLimit(limit + PAGE)}>
          Show more of {files.length} files
        </Button>
      )}
    </div>
  );
}
