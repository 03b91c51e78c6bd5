/** A tool call on one line: what, about what, how long, how it ended. It opens to what came out. */
import type { ToolEntry } from "@agent-coordinator/client";
import {
  CircleQuestionMark,
  FilePen,
  FilePlus,
  FileText,
  FolderOpen,
  Globe,
  ListTodo,
  LoaderCircle,
  type LucideIcon,
  Search,
  Split,
  SquareTerminal,
  Wrench,
} from "lucide-react";
import { useMemo } from "react";
import { cx, Elapsed, span } from "~/ui/index.ts";
import { Output } from "../ansi/output.tsx";
import { useFold } from "../folds.ts";
import { CardBody } from "./body.tsx";
import { describeCall, middle, type ToolKind } from "./describe.ts";
import { parseDiff } from "./diff.ts";

const ICONS: Record<ToolKind, LucideIcon> = {
  run: SquareTerminal,
  edit: FilePen,
  write: FilePlus,
  read: FileText,
  list: FolderOpen,
  search: Search,
  fetch: Globe,
  plan: ListTodo,
  task: Split,
  ask: CircleQuestionMark,
  other: Wrench,
};

/** A diff of at most this many lines is open from the start. */
const SHORT_DIFF = 14;

interface ToolCardProps {
  entry: ToolEntry;
  /** The newest thing of a running turn: its output's end stays in sight. */
  newest?: boolean;
}

export function ToolCard({ entry, newest = false }: ToolCardProps) {
  const { kind, verb, target, mono } = useMemo(() => describeCall(entry), [entry]);
  const patch = useMemo(() => (entry.diff === null ? null : parseDiff(entry.diff)), [entry.diff]);
  const [open, toggle] = useFold(entry.key, patch !== null && patch.lines.length <= SHORT_DIFF);
  const running = entry.status === "running";
  const Icon = running ? LoaderCircle : ICONS[kind];
  const [head, tail] = middle(target, mono);
  const tailed = !open && entry.output !== "" && kind === "run" && (running || newest);
  return (
    <div className="c-card">
      <button
        type="button"
        aria-expanded={open}
        onClick={toggle}
        className="flex min-h-8 w-full min-w-0 items-center gap-2 rounded-control px-2.5 text-start text-base hover:bg-hover max-md:min-h-10"
      >
        <Icon
          aria-hidden
          className={cx("size-4 shrink-0 text-muted", running && "animate-spin text-accent")}
        />
        <span className="shrink-0">{verb}</span>
        <bdi
          dir="ltr"
          title={target}
          className={cx("flex min-w-0 flex-1 text-muted", mono && "font-mono text-[0.92em]")}
        >
          <span className="truncate whitespace-pre">{head}</span>
          {tail !== "" && <span className="shrink-0 whitespace-pre">{tail}</span>}
        </bdi>
        {patch !== null && (
          <span className="shrink-0 font-mono text-small">
            <span className="text-ok">+{patch.added}</span> <span className="text-bad">−{patch.removed}</span>
          </span>
        )}
        <Ending entry={entry} />
      </button>
      {open && (
        <div className="border-t border-line p-2">
          <CardBody entry={entry} patch={patch} />
        </div>
      )}
      {tailed && (
        <div className="border-t border-line p-1.5">
          <Output text={entry.output} tail label="Newest output" />
        </div>
      )}
    </div>
  );
}

function Ending({ entry }: { entry: ToolEntry }) {
  const { exitCode, durationMs, status } = entry;
  const word =
    exitCode !== null && exitCode !== 0
      ? `exit ${exitCode}`
      : status === "failed"
        ? "failed"
        : status === "stopped"
          ? "stopped"
          : null;
  const time =
    status === "running" ? (
      <Elapsed since={entry.at} />
    ) : durationMs !== null && durationMs >= 50 ? (
      span(durationMs)
    ) : null;
  return (
    <>
      {word !== null && (
        <span
          className={cx("shrink-0 text-small font-medium", word === "stopped" ? "text-warn" : "text-bad")}
        >
          {word}
        </span>
      )}
      {time !== null && <span className="shrink-0 text-small text-muted">{time}</span>}
    </>
  );
}
