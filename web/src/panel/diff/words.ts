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
  start = whole(before, start);
  if (end > 0 && isLow(before.charCodeAt(before.length - end))) end -= 1;
  const common = before.slice(0, start).trim().length + before.slice(before.length - end).trim().length;
  if (common < 0.3 * Math.max(before.trim().length, after.trim().length)) return null;
  return { before: { from: start, to: before.length - end }, after: { from: start, to: after.length - end } };
}

/** Not in the middle of a character. */
function whole(text: string, at: number): number {
  return at > 0 && isLow(text.charCodeAt(at)) ? at - 1 : at;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
