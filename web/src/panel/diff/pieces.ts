/** A line cut where its colour or its mark changes. */
import type { ColouredLine } from "~/conversation/markdown/highlight.ts";
import type { Span } from "./words.ts";

export interface Piece {
  text: string;
  kind: string | null;
  marked: boolean;
}

export function pieces(text: string, colours: ColouredLine | undefined, mark: Span | null): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  for (const { text: part, kind } of colours ?? [{ text, kind: null }]) {
    const to = at + part.length;
    for (const [from, until, marked] of cuts(at, to, mark)) {
      // Inside a mark the colours would be hard to read.
      if (until > from) out.push({ text: text.slice(from, until), kind: marked ? null : kind, marked });
    }
    at = to;
  }
  return out;
}

function cuts(from: number, to: number, mark: Span | null): [number, number, boolean][] {
  if (mark === null) return [[from, to, false]];
  const start = Math.min(Math.max(mark.from, from), to);
  const end = Math.min(Math.max(mark.to, start), to);
  return [
    [from, start, false],
    [start, end, true],
    [end, to, false],
  ];
}
