/** One file of a diff: a header that stays in sight, and its lines, which can be folded away. */
import { ChevronRight } from "lucide-react";
import { type CSSProperties, memo, useMemo, useRef, useState } from "react";
import { Badge, Button, CopyButton, cx, plain } from "~/ui/index.ts";
import { ScrollBox } from "../scroll-box.tsx";
import { Line } from "./line.tsx";
import { Path } from "./path-text.tsx";
import { rows } from "./rows.ts";
import { Stat } from "./stat.tsx";
import type { FileChange } from "./types.ts";
import { useColours } from "./use-colours.ts";
import { useNear } from "./use-near.ts";

/** Lines drawn before one asks for more. */
const PAGE = 1500;
/** Height of a line. */
const LINE = 20;

const WORD: Record<FileChange["kind"], string | null> = {
  modified: null,
  added: "new",
  deleted: "deleted",
  renamed: "renamed",
  copied: "copied",
};

export interface FileDiffProps {
  file: FileChange;
  id?: string | undefined;
  open: boolean;
  onToggle: () => void;
  wrap: boolean;
  compact?: boolean;
  /** Draws its lines when they come near; until then there is only their room. */
  lazy?: boolean;
}

export const FileDiff = memo(function FileDiff({
  file,
  id,
  open,
  onToggle,
  wrap,
  compact = false,
  lazy = false,
}: FileDiffProps) {
  const word = WORD[file.kind];
  return (
    <section
      id={id}
      aria-label={plain(file.path, 300)}
      className={cx(
        "p-file border-line",
        compact ? "overflow-hidden rounded-control border" : "scroll-mt-0 border-b",
      )}
    >
      <header
        className={cx(
          "flex min-h-9 items-center gap-1 border-line bg-surface pr-1.5 pl-1",
          !compact && "sticky top-0 z-1",
          open && "border-b",
        )}
      >
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          data-file
          className="flex min-h-9 min-w-0 flex-1 items-center gap-1.5 rounded-control px-1 text-left text-[13px] outline-offset-[-2px] pointer-coarse:min-h-10"
        >
          <ChevronRight
            aria-hidden
            className={cx(
              "size-3.5 shrink-0 text-muted transition-transform duration-100",
              open && "rotate-90",
            )}
          />
          <Path path={file.path} from={file.oldPath} />
        </button>
        {word && <Badge>{word}</Badge>}
        <Stat added={file.added} removed={file.removed} binary={file.binary} />
        <CopyButton text={file.path} label="Copy path" />
      </header>
      {open && <Near file={file} wrap={wrap} compact={compact} lazy={lazy} />}
    </section>
  );
});

interface BodyProps {
  file: FileChange;
  wrap: boolean;
  compact: boolean;
}

function Near({ lazy, ...body }: BodyProps & { lazy: boolean }) {
  const room = useRef<HTMLDivElement>(null);
  if (useNear(room, lazy)) return <Body {...body} />;
  const lines = body.file.hunks.reduce((sum, hunk) => sum + hunk.lines.length + 1, 0);
  return <div ref={room} style={{ height: Math.max(1, Math.min(lines, PAGE)) * LINE }} />;
}

function Body({ file, wrap, compact }: BodyProps) {
  const [limit, setLimit] = useState(PAGE);
  const all = useMemo(() => rows(file), [file]);
  const colours = useColours(file.path, all);
  const shown = all.length > limit ? all.slice(0, limit) : all;
  if (all.length === 0) return <p className="px-3 py-2 text-[13px] text-muted">{nothing(file)}</p>;
  const digits = all.reduce(
    (most, row) => (row.kind === "gap" ? most : Math.max(most, row.before ?? 0, row.after ?? 0)),
    0,
  );
  const column = `${Math.max(2, String(digits).length) + 0.5}ch`;
  return (
    <>
      {file.mode && <p className="border-b border-line px-3 py-1 text-small text-muted">{mode(file)}</p>}
      <ScrollBox
        label={`Lines of ${plain(file.path, 200)}`}
        className={cx("overflow-x-auto", compact && "max-h-[60vh] overflow-y-auto")}
      >
        <div
          className={cx("p-diff", wrap && "p-diff-wrap")}
          style={{ "--numbers": compact ? column : `${column} ${column}` } as CSSProperties}
        >
          {shown.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a patch have no other name and never move
            <Line key={at} row={row} compact={compact} colours={colours.get(at)} />
          ))}
        </div>
      </ScrollBox>
      {all.length > limit && (
        <div className="border-t border-line p-1.5">
          <Button size="small" variant="ghost" onClick={() => setLimit(limit + PAGE * 2)}>
            Show more of {all.length.toLocaleString("en-US")} lines
          </Button>
        </div>
      )}
    </>
  );
}

function nothing(file: FileChange): string {
  if (file.binary) return "A binary file: it has no lines to show.";
  if (file.mode) return mode(file);
  if (file.kind === "renamed") return "Renamed, nothing else.";
  if (file.kind === "added") return "A new, empty file.";
  return "No lines changed.";
}

function mode(file: FileChange): string {
  const { before = "", after = "" } = file.mode ?? {};
  if (after.endsWith("755") && before.endsWith("644")) return "Made executable.";
  if (after.endsWith("644") && before.endsWith("755")) return "No longer executable.";
  return `Mode changed from ${plain(before, 20)} to ${plain(after, 20)}.`;
}
