/** A file's path on one line: the folder in grey may be cut at its start, the name stays. */
import { cx, plain } from "~/ui/index.ts";

/** In a name a line break is no space: it is shown as what it is. */
const BREAKS: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function name(path: string, limit: number): string {
  return plain(
    path.replace(/[\t\n\r]/g, (found) => BREAKS[found] ?? found),
    limit,
  );
}

export function Path({ path, from }: { path: string; from?: string | null }) {
  const slash = path.lastIndexOf("/") + 1;
  const shown = name(path, 600);
  return (
    <bdi
      dir="ltr"
      title={from ? `${name(from, 600)} → ${shown}` : shown}
      className="flex min-w-0 max-w-full overflow-hidden font-mono text-[12px] leading-5"
    >
      {slash > 0 && (
        // The text runs from the right so that the end of a long folder is what one sees; inside it is isolated.
        <span className="min-w-0 shrink truncate text-muted" dir="rtl">
          <bdi dir="ltr">{name(path.slice(0, slash), 400)}</bdi>
        </span>
      )}
      <span className={cx("min-w-[6ch] truncate", slash > 0 ? "shrink-[0.2]" : "shrink")}>
        {name(path.slice(slash), 200)}
      </span>
    </bdi>
  );
}
