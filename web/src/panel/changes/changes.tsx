/** What the session has changed so far: the files, and under them the lines. */
import {
  ChevronsDownUp,
  ChevronsUpDown,
  Download,
  FileDiff as FileDiffIcon,
  RefreshCw,
  WrapText,
} from "lucide-react";
import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { Button, CopyButton, cx, EmptyState, ErrorNote, IconButton, Skeleton, Time } from "~/ui/index.ts";
import { FileDiff } from "../diff/file-diff.tsx";
import { parsePatch } from "../diff/parse.ts";
import { Stat } from "../diff/stat.tsx";
import type { FileChange } from "../diff/types.ts";
import { download } from "../download.ts";
import { FileList } from "./file-list.tsx";
import { usePatch } from "./use-patch.ts";

/** A file with more lines begins folded, and so does everything behind this many lines. */
const LONG_FILE = 800;
const LONG_PATCH = 4_000;
/** A patch with fewer lines is drawn as a whole, so that the browser finds text in all of it. */
const SMALL_PATCH = 600;
/** Files drawn before one asks for more. */
const PAGE = 60;

export function Changes({ sessionId }: { sessionId: string }) {
  const { data, error, isFetching, isPending, dataUpdatedAt, refetch, started, caughtUp } =
    usePatch(sessionId);
  const files = useMemo(() => (data ? parsePatch(data) : []), [data]);
  if (!caughtUp || (started && isPending)) return <Waiting />;
  if (!started) return <Nothing>They appear here when the agent has begun to work.</Nothing>;
  if (error && !data) {
    const again = (
      <Button size="small" busy={isFetching} onClick={() => void refetch()}>
        Try again
      </Button>
    );
    return <ErrorNote className="m-3" error={error} action={again} />;
  }
  if (files.length === 0) {
    return (
      <Nothing action={<Refresh busy={isFetching} onClick={() => void refetch()} />}>
        Nothing differs from where the session began.
      </Nothing>
    );
  }
  return (
    <Files
      files={files}
      patch={data ?? ""}
      at={dataUpdatedAt}
      name={`${sessionId}.patch`}
      refresh={<Refresh busy={isFetching} onClick={() => void refetch()} />}
    />
  );
}

interface FilesProps {
  files: FileChange[];
  patch: string;
  /** When it was so. */
  at: number;
  name: string;
  refresh: React.ReactNode;
}

function Files({ files, patch, at, name, refresh }: FilesProps) {
  const prefix = useId();
  const root = useRef<HTMLDivElement>(null);
  const [wrap, setWrap] = useState(true);
  const [limit, setLimit] = useState(PAGE);
  /** What a person chose, by path; the rest is as its length says. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const long = useMemo(() => longOnes(files), [files]);
  const isOpen = (file: FileChange): boolean => chosen.get(file.path) ?? !long.has(file);
  const set = (which: FileChange[], open: boolean): void => {
    const next = new Map(chosen);
    for (const file of which) next.set(file.path, open);
    setChosen(next);
  };
  const anyOpen = files.some(isOpen);
  const lazy = files.reduce((sum, file) => sum + file.added + file.removed, 0) > SMALL_PATCH;
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  const show = (index: number): void => {
    const file = files[index];
    if (!file) return;
    if (index >= limit) setLimit(index + PAGE);
    set([file], true);
    requestAnimationFrame(() => {
      const section = document.getElementById(`${prefix}-${index}`);
      section?.scrollIntoView({ block: "start" });
      section?.querySelector<HTMLElement>("[data-file]")?.focus({ preventScroll: true });
    });
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.key === "." ? 1 : event.key === "," ? -1 : 0;
    if (step === 0 || (event.target as HTMLElement).closest("input, textarea, [contenteditable]")) return;
    event.preventDefault();
    show(Math.min(files.length - 1, Math.max(0, current(root.current) + step)));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are a second way; every file is a button
    <div ref={root} className="flex min-h-0 flex-1 flex-col" onKeyDown={keys}>
      <header className="flex min-h-11 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-3 text-[13px]">
        <div className="min-w-0 flex-1 py-1 leading-4">
          <p className="flex items-center whitespace-nowrap">
            <span className="font-medium">
              {files.length.toLocaleString("en-US")} {files.length === 1 ? "file" : "files"}
            </span>
            <Stat added={added} removed={removed} />
          </p>
          <p className="truncate text-small text-muted">
            as of <Time at={new Date(at).toISOString()} />
          </p>
        </div>
        {refresh}
        <IconButton
          size="small"
          label="Wrap lines"
          aria-pressed={wrap}
          icon={<WrapText aria-hidden />}
          onClick={() => setWrap(!wrap)}
        />
        <IconButton
          size="small"
          label={anyOpen ? "Fold all files" : "Unfold all files"}
          icon={anyOpen ? <ChevronsDownUp aria-hidden /> : <ChevronsUpDown aria-hidden />}
          onClick={() => set(files, !anyOpen)}
        />
        <CopyButton text={patch} label="Copy patch" />
        <IconButton
          size="small"
          label="Download patch"
          icon={<Download aria-hidden />}
          onClick={() => download(name, patch, "text/x-diff")}
        />
      </header>
      <div data-scrolls className="min-h-0 flex-1 overflow-y-auto">
        <FileList files={files} onShow={show} />
        {files.slice(0, limit).map((file, index) => (
          <FileDiff
            // biome-ignore lint/suspicious/noArrayIndexKey: a patch may name one path twice
            key={`${index} ${file.path}`}
            id={`${prefix}-${index}`}
            file={file}
            open={isOpen(file)}
            onToggle={() => set([file], !isOpen(file))}
            wrap={wrap}
            lazy={lazy}
          />
        ))}
        {files.length > limit && (
          <div className="p-2">
            <Button size="small" variant="ghost" onClick={() => setLimit(limit + PAGE)}>
              Show more of {files.length.toLocaleString("en-US")} files
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Files too long to be unfolded without being asked. */
function longOnes(files: FileChange[]): Set<FileChange> {
  const long = new Set<FileChange>();
  let sum = 0;
  for (const file of files) {
    const lines = file.added + file.removed;
    sum += lines;
    if (lines > LONG_FILE || sum > LONG_PATCH) long.add(file);
  }
  return long;
}

/** The file that has the focus, or else the first one that is in sight. */
function current(root: HTMLElement | null): number {
  const sections = [...(root?.querySelectorAll("section") ?? [])];
  const focused = sections.findIndex((section) => section.contains(document.activeElement));
  if (focused >= 0) return focused;
  const top = root?.getBoundingClientRect().top ?? 0;
  const below = sections.findIndex((section) => section.getBoundingClientRect().bottom > top + 60);
  return below < 0 ? -1 : below - 1;
}

function Refresh({ busy, onClick }: { busy: boolean; onClick: () => void }) {
  return (
    <IconButton
      size="small"
      label="Refresh changes"
      aria-busy={busy}
      icon={<RefreshCw aria-hidden className={cx(busy && "animate-spin")} />}
      onClick={onClick}
    />
  );
}

function Nothing({ children, action }: { children: string; action?: React.ReactNode }) {
  return (
    <EmptyState icon={<FileDiffIcon aria-hidden />} title="No changes yet" action={action}>
      {children}
    </EmptyState>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading changes" className="flex flex-col gap-3 p-3">
      <Skeleton className="h-5 w-40" />
      <Skeleton className="h-32 w-full" />
      <Skeleton className="h-20 w-full" />
    </div>
  );
}
