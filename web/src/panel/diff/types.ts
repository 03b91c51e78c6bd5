/** A unified diff, taken apart. Every text in it is from outside. */

export interface FileChange {
  /** Where the file is now; where it was, when it is gone. */
  path: string;
  /** Where it was before a rename or copy. */
  oldPath: string | null;
  kind: "modified" | "added" | "deleted" | "renamed" | "copied";
  binary: boolean;
  /** Set when the mode changed. */
  mode: { before: string; after: string } | null;
  hunks: Hunk[];
  added: number;
  removed: number;
  /** The file's part of the patch as it came. */
  raw: string;
}

export interface Hunk {
  /** What stands behind the second `@@`: usually the function around it. */
  around: string;
  lines: DiffLine[];
}

export interface DiffLine {
  kind: "context" | "add" | "del" | "note";
  text: string;
  before: number | null;
  after: number | null;
}
