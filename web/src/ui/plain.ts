/**
 * Text from outside, made harmless to look at: control and direction characters become visible, length is bounded.
 * The characters are those of Unicode's "Bidi_Control" and general category Cc, zero-width ones included.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One line: odd characters as `\u{202e}`, line breaks and tabs as spaces, at most `limit` characters. */
export function plain(text: string, limit = 2000): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(/[\t\n\r]+/g, " ").replace(ODD, visible);
}

/** Several lines: as [`plain`], but line breaks and tabs stay. */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(ODD, visible);
}

function visible(odd: string): string {
  return `\\u{${(odd.codePointAt(0) ?? 0).toString(16)}}`;
}
