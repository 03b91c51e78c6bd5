/** Lines of a text without splitting all of it: how many there are, the first and the last ones. */

/** Lines as a person counts them: a last line break ends a line, it does not begin one. */
export function countLines(text: string): number {
  if (text === "") return 0;
  let count = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** The first `count` lines. */
export function firstLines(text: string, count: number): string {
  let at = -1;
  for (let line = 0; line < count; line += 1) {
    at = text.indexOf("\n", at + 1);
    if (at === -1) return text;
  }
  return text.slice(0, at);
}

/** The last `count` lines, of at most `limit` characters. */
export function lastLines(text: string, count: number, limit = 16_384): string {
  let tail = text.length > limit ? text.slice(-limit) : text;
  if (tail.endsWith("\n")) tail = tail.slice(0, -1);
  let at = tail.length;
  for (let line = 0; line < count; line += 1) {
    at = at <= 0 ? -1 : tail.lastIndexOf("\n", at - 1);
    if (at === -1) return tail;
  }
  return tail.slice(at + 1);
}

/** `1204` as `1,204`. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
