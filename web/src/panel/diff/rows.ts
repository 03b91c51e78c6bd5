/** The lines of a file as rows to draw, with the marks inside of lines that were replaced. */
import type { DiffLine, FileChange } from "./types.ts";
import { difference, type Span } from "./words.ts";

export type Row =
  | { kind: "gap"; text: string }
  | (DiffLine & {
      /** The part that differs from its counterpart. */
      mark: Span | null;
    });

export function rows(file: FileChange): Row[] {
  const out: Row[] = [];
  for (const [at, hunk] of file.hunks.entries()) {
    if (at > 0 || hunk.around !== "" || (hunk.lines[0]?.before ?? 1) > 1)
      out.push({ kind: "gap", text: hunk.around });
    out.push(...marked(hunk.lines));
  }
  return out;
}

function marked(lines: DiffLine[]): Row[] {
  const out: Row[] = lines.map((line) => ({ ...line, mark: null }));
  for (let at = 0; at < lines.length; ) {
    const removed = run(lines, at, "del");
    const added = run(lines, at + removed, "add");
    if (removed > 0 && removed === added) {
      for (let pair = 0; pair < removed; pair += 1) mark(out, at + pair, at + removed + pair);
    }
    at += removed + added || 1;
  }
  return out;
}

function run(lines: DiffLine[], from: number, kind: DiffLine["kind"]): number {
  let to = from;
  while (lines[to]?.kind === kind) to += 1;
  return to - from;
}

function mark(out: Row[], before: number, after: number): void {
  const old = out[before];
  const fresh = out[after];
  if (!old || !fresh || old.kind === "gap" || fresh.kind === "gap") return;
  const found = difference(old.text, fresh.text);
  if (!found) return;
  old.mark = found.before;
  fresh.mark = found.after;
}
