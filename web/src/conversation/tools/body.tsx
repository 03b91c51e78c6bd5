/** What an open card shows: the command, the change, the output. */

import type { ToolEntry } from "@agent-coordinator/client";
import { useMemo } from "react";
import { showTab } from "~/panel/tab.ts";
import { Button, CopyButton, cx, plain } from "~/ui/index.ts";
import { Output } from "../ansi/output.tsx";
import { Scrollable } from "../scrollable.tsx";
import { commandOf, kindOf } from "./describe.ts";
import type { DiffLine, Patch } from "./diff.ts";

/** Lines of a change that are shown here; the Changes tab has them all. */
const PREVIEW = 40;

export function CardBody({ entry, patch }: { entry: ToolEntry; patch: Patch | null }) {
  const command = commandOf(entry);
  const input = useMemo(
    () => (kindOf(entry.tool) === "other" ? json(entry.input) : null),
    [entry.tool, entry.input],
  );
  const empty = patch === null && entry.output.trim() === "" && input === null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {command !== null && (
        <div className="flex min-w-0 items-start gap-1">
          <pre className="min-w-0 flex-1 whitespace-pre-wrap px-1 py-0.5 font-mono text-[12.5px] [overflow-wrap:anywhere]">
            <span aria-hidden className="select-none text-muted">
              ${" "}
            </span>
            {plainCommand(command)}
          </pre>
          <CopyButton text={command} label="Copy command" />
        </div>
      )}
      {input !== null && <Output text={input} label="Input" />}
      {patch !== null && (
        <>
          <Preview lines={patch.lines} />
          <div className="flex items-center gap-2">
            <Button size="small" onClick={() => showTab("changes")}>
              Open in Changes
            </Button>
            {patch.lines.length > PREVIEW && (
              <span className="text-small text-muted">{patch.lines.length - PREVIEW} more lines there</span>
            )}
          </div>
        </>
      )}
      {(patch === null || entry.status === "failed") && <Output text={entry.output} />}
      {empty && (
        <p className="px-1 text-small text-muted">
          {entry.status === "running" ? "No output yet" : "No output"}
        </p>
      )}
      {entry.truncated && (
        <p className="px-1 text-small text-muted">
          {entry.status === "running"
            ? "Only the end of a long output is shown."
            : "The output was too long to be kept whole: a part of it is here."}
        </p>
      )}
    </div>
  );
}

function Preview({ lines }: { lines: DiffLine[] }) {
  return (
    <Scrollable
      label="Change"
      className="rounded-control border border-line bg-bg font-mono text-[12.5px] leading-[1.5]"
    >
      <div className="w-max min-w-full py-1" dir="ltr">
        {lines.slice(0, PREVIEW).map((line, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
            key={at}
            className={cx(
              "flex whitespace-pre",
              line.kind === "add" && "bg-ok-soft",
              line.kind === "del" && "bg-bad-soft",
              line.kind === "hunk" && "text-muted",
            )}
          >
            <span aria-hidden className="w-10 shrink-0 select-none pe-2 text-end text-muted">
              {line.number}
            </span>
            <span
              className={cx(
                "w-4 shrink-0 select-none",
                line.kind === "add" && "text-ok",
                line.kind === "del" && "text-bad",
              )}
            >
              {SIGNS[line.kind]}
            </span>
            <bdi className="pe-3">{plain(line.text.replaceAll("\t", "    "), 1000) || " "}</bdi>
          </div>
        ))}
      </div>
    </Scrollable>
  );
}

const SIGNS = { add: "+", del: "−", same: " ", hunk: "⋯" };

function plainCommand(command: string): string {
  return command
    .slice(0, 20_000)
    .split("\n")
    .map((line) => plain(line, 4000))
    .join("\n");
}

function json(value: unknown): string | null {
  if (value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0))
    return null;
  return JSON.stringify(value, null, 2).slice(0, 100_000);
}
