/** Commands and their outputs as rows of a terminal. Bounded, whatever the outputs are. */
import type { ToolEntry } from "@agent-coordinator/client";
import { type Line, parseAnsi } from "~/conversation/ansi/parse.ts";
import { commandOf } from "~/conversation/tools/describe.ts";
import { plainLines } from "~/ui/plain.ts";

export type Row =
  | { kind: "command"; entry: ToolEntry; text: string }
  | { kind: "line"; line: Line; more: number; text: string }
  | { kind: "end"; entry: ToolEntry; text: string };

/** Characters kept of a line: all that a person reads of one. */
const LINE = 2000;
/** Lines kept of one output: its start and its end. */
const HEAD = 5_000;
const TAIL = 15_000;

const known = new WeakMap<ToolEntry, Row[]>();

export function rows(entries: ToolEntry[]): Row[] {
  const out: Row[] = [];
  for (const entry of entries) {
    let found = known.get(entry);
    if (!found) {
      found = ofOne(entry);
      known.set(entry, found);
    }
    for (const row of found) out.push(row);
  }
  return out;
}

function ofOne(entry: ToolEntry): Row[] {
  const command = commandOf(entry) ?? entry.title ?? entry.tool;
  const out: Row[] = [{ kind: "command", entry, text: plainLines(command.slice(0, 20_000)) }];
  const { text, cut } = bounded(entry.output);
  for (const [at, line] of parseAnsi(text).entries()) {
    const shown = line.map((piece) => piece.text).join("");
    out.push({ kind: "line", line, more: cut.get(at) ?? 0, text: shown });
  }
  out.push({ kind: "end", entry, text: "" });
  return out;
}

/** The output with its middle and the ends of long lines left out; `cut` says by the line how much. */
export function bounded(output: string): { text: string; cut: Map<number, number> } {
  const cut = new Map<number, number>();
  if (output.length <= LINE) return { text: output, cut };
  const lines = output.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const left = lines.length - HEAD - TAIL;
  if (left > 0)
    lines.splice(
      HEAD,
      left,
      `… ${left.toLocaleString("en-US")} lines are left out here; "Copy output" has them all`,
    );
  for (const [at, line] of lines.entries()) {
    if (line.length <= LINE) continue;
    // A line that is drawn over itself shows its end.
    const last = line.lastIndexOf("\r", line.length - 2);
    const kept = last > 0 ? line.slice(last + 1, last + 1 + LINE) : line.slice(0, LINE);
    if (last <= 0) cut.set(at, line.length - LINE);
    lines[at] = kept;
  }
  return { text: lines.join("\n"), cut };
}

/** Without colours, to copy. */
export function asText(entries: ToolEntry[]): string {
  return entries
    .map((entry) => `$ ${commandOf(entry) ?? entry.title ?? entry.tool}\n${outputText(entry)}`)
    .join("\n");
}

export function outputText(entry: ToolEntry): string {
  return parseAnsi(entry.output)
    .map((line) => line.map((piece) => piece.text).join(""))
    .join("\n")
    .concat("\n");
}
