/**
 * Reads a patch, git's own or a plain unified one. It never throws: what it does not understand is passed over,
 * and the counts in a hunk's header are believed only as far as the lines bear them out.
 */
import { fileName, headerNames } from "./path.ts";
import type { FileChange, Hunk } from "./types.ts";

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/s;

interface Place {
  hunk: Hunk;
  before: number;
  after: number;
  /** Lines that the header promises and that have not come yet. */
  beforeLeft: number;
  afterLeft: number;
}

export function parsePatch(patch: string): FileChange[] {
  const files: FileChange[] = [];
  const lines = patch.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let file: FileChange | null = null;
  let place: Place | null = null;
  let from = 0;
  const finish = (to: number): void => {
    if (file === null) return;
    file.raw = `${lines.slice(from, to).join("\n")}\n`;
    files.push(file);
    file = null;
    place = null;
  };
  const begin = (at: number): FileChange => {
    finish(at);
    from = at;
    file = fresh();
    return file;
  };
  for (const [at, line] of lines.entries()) {
    if (place !== null && file !== null && takes(file, place, line)) continue;
    place = null;
    if (line.startsWith("diff --git ")) {
      const names = headerNames(line.slice("diff --git ".length));
      const next = begin(at);
      if (names) [next.oldPath, next.path] = names;
    } else if (line.startsWith("Index: ")) begin(at).path = line.slice("Index: ".length);
    else if (line.startsWith("--- ") && (lines[at + 1] ?? "").startsWith("+++ ")) {
      if (file === null || (file as FileChange).hunks.length > 0) begin(at);
      names(file as FileChange | null, fileName(line.slice(4)), fileName((lines[at + 1] ?? "").slice(4)));
    } else if (file !== null) place = header(file, line);
  }
  finish(lines.length);
  return files.map(settled).filter((each) => each.path !== "");
}

function fresh(): FileChange {
  return {
    path: "",
    oldPath: null,
    kind: "modified",
    binary: false,
    mode: null,
    hunks: [],
    added: 0,
    removed: 0,
    raw: "",
  };
}

function names(file: FileChange | null, before: string | null, after: string | null): void {
  if (file === null) return;
  if (before === null && after !== null) file.kind = "added";
  if (after === null && before !== null) file.kind = "deleted";
  file.path = after ?? before ?? file.path;
  if (before !== null) file.oldPath = before;
}

/** A line outside hunks; a hunk's own header opens one. */
function header(file: FileChange, line: string): Place | null {
  const found = HUNK.exec(line);
  if (found) {
    const hunk: Hunk = { around: found[5] ?? "", lines: [] };
    file.hunks.push(hunk);
    return {
      hunk,
      before: Number(found[1]),
      after: Number(found[3]),
      beforeLeft: Number(found[2] ?? 1),
      afterLeft: Number(found[4] ?? 1),
    };
  }
  const value = (prefix: string): string | null =>
    line.startsWith(prefix) ? line.slice(prefix.length) : null;
  if (line.startsWith("new file mode ")) file.kind = "added";
  else if (line.startsWith("deleted file mode ")) file.kind = "deleted";
  else if (line.startsWith("Binary files ") || line === "GIT binary patch") file.binary = true;
  const renamed = value("rename from ") ?? value("copy from ");
  if (renamed !== null) {
    file.oldPath = fileName(renamed);
    file.kind = line.startsWith("copy") ? "copied" : "renamed";
  }
  const to = value("rename to ") ?? value("copy to ");
  if (to !== null) file.path = fileName(to) ?? file.path;
  const before = value("old mode ");
  if (before !== null) file.mode = { before, after: "" };
  const after = value("new mode ");
  if (after !== null && file.mode) file.mode.after = after;
  return null;
}

/** True when the line belongs to the hunk that is open. */
function takes(file: FileChange, place: Place, line: string): boolean {
  const text = line.slice(1);
  const { lines } = place.hunk;
  if (line.startsWith("\\")) {
    lines.push({ kind: "note", text: text.trim(), before: null, after: null });
    return true;
  }
  if (place.beforeLeft <= 0 && place.afterLeft <= 0) return false;
  if (line.startsWith("+")) {
    lines.push({ kind: "add", text, before: null, after: place.after });
    place.after += 1;
    place.afterLeft -= 1;
    file.added += 1;
  } else if (line.startsWith("-")) {
    lines.push({ kind: "del", text, before: place.before, after: null });
    place.before += 1;
    place.beforeLeft -= 1;
    file.removed += 1;
  } else if (line.startsWith(" ") || line === "" || line === "\r") {
    lines.push({ kind: "context", text, before: place.before, after: place.after });
    place.before += 1;
    place.after += 1;
    place.beforeLeft -= 1;
    place.afterLeft -= 1;
  } else return false;
  return true;
}

/** The old name is told only where it is another one. */
function settled(file: FileChange): FileChange {
  const moved = file.kind === "renamed" || file.kind === "copied";
  return moved && file.oldPath !== file.path ? file : { ...file, oldPath: null };
}
