/** What differs between an old and a new line: all that is not their common start and end. */

export interface Span {
  from: number;
  to: number;
}

/** Null when they have so little in common that marking a part would say nothing. */
export function difference(before: string, after: string): { before: Span; after: Span } | null {
  const most = Math.min(before.length, after.length);
  if (most === 0 || before.length > 2000 || after.length > 2000) return null;
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const common = before.slice(0, start).trim().length + before.slice(before.length - end).trim().length;
  if (common < 0.3 * Math.max(before.trim().length, after.trim().length)) return null;
  // A mark begins and ends with a word, and never in the middle of a character.
  while (start > 0 && (isLow(before.charCodeAt(start)) || splits(before, start) || splits(after, start)))
    start -= 1;
  while (
    end > 0 &&
    (isLow(before.charCodeAt(before.length - end)) ||
      splits(before, before.length - end) ||
      splits(after, after.length - end))
  ) {
    end -= 1;
  }
  return { before: { from: start, to: before.length - end }, after: { from: start, to: after.length - end } };
}

const WORD = /[\p{L}\p{N}_]/u;

function splits(text: string, at: number): boolean {
  return at < text.length && WORD.test(text[at - 1] ?? "") && WORD.test(text[at] ?? "");
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
