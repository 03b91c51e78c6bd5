/** Where a text stands in the rows of a terminal. */
import type { Row } from "./rows.ts";

/** Places that are counted; more say nothing to a person. */
const MOST = 2_000;

export interface Found {
  /** Indices of rows, each once. */
  rows: number[];
  more: boolean;
}

export function search(rows: Row[], query: string): Found {
  const wanted = query.toLowerCase();
  const found: number[] = [];
  if (wanted === "") return { rows: found, more: false };
  for (const [at, row] of rows.entries()) {
    if (!row.text.toLowerCase().includes(wanted)) continue;
    if (found.length === MOST) return { rows: found, more: true };
    found.push(at);
  }
  return { rows: found, more: false };
}

/** A text in parts: those that match are at odd places. */
export function parts(text: string, query: string): string[] {
  const wanted = query.toLowerCase();
  const lower = text.toLowerCase();
  // Some letters change their length with their case; then places of one text are not those of the other.
  if (wanted === "" || lower.length !== text.length) return [text];
  const out: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    out.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  out.push(text.slice(from));
  return out;
}
