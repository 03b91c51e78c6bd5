/** A unified diff as lines, for the short preview in a card; the Changes tab shows it in full. */

export interface DiffLine {
  kind: "add" | "del" | "same" | "hunk";
  text: string;
  /** In the new file, or in the old one for what was taken out. */
  number: number | null;
}

export interface Patch {
  added: number;
  removed: number;
  lines: DiffLine[];
}

export function parseDiff(diff: string): Patch {
  const lines: DiffLine[] = [];
  let added = 0;
  let removed = 0;
  let before = 0;
  let after = 0;
  let inside = false;
  for (const raw of diff.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)/.exec(raw);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      inside = true;
      if (lines.length > 0) lines.push({ kind: "hunk", text: (hunk[3] ?? "").trim(), number: null });
    } else if (/^(diff --git |Index: )/.test(raw)) inside = false;
    else if (!inside) continue;
    else if (raw.startsWith("+")) {
      lines.push({ kind: "add", text: raw.slice(1), number: after });
      after += 1;
      added += 1;
    } else if (raw.startsWith("-")) {
      lines.push({ kind: "del", text: raw.slice(1), number: before });
      before += 1;
      removed += 1;
    } else if (raw.startsWith(" ")) {
      lines.push({ kind: "same", text: raw.slice(1), number: after });
      before += 1;
      after += 1;
    }
  }
  return { added, removed, lines };
}
